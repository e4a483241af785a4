// It is long because it holds the tables of what is wrong and of what is doubtful in a configuration, each with its place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatFinding } from './finding.ts';
import { brief, INTEGRATIONS, load, REST } from './testing.ts';

/** What is wrong, as `line:column code`, and what a person reads about it. */
const ERRORS: readonly [title: string, text: string, positions: readonly string[], message: RegExp][] = [
  ['broken YAML', 'server: "x\n', ['2:1 syntax'], /quote, bracket or comma/],
  ['a key that stands twice', 'server: {}\nserver: {}\n', ['2:1 syntax'], /twice/],
  ['a tag', 'server: !Thing {}\n', ['1:9 syntax'], /tags are not allowed/],
  ['an alias without anchor', 'server: *nothing\n', ['1:9 syntax'], /alias|anchor/],
  ['a list at the top', '- a\n', ['1:1 syntax'], /a map at the top/],
  ['a key that no object may have', `${INTEGRATIONS}${REST}__proto__: 1\n`, ['8:1 syntax'], /plain word/],
  [
    'nothing at all',
    '',
    ['1:1 missing_key', '1:1 missing_key', '1:1 missing_key'],
    /"integrations" is missing/,
  ],
  [
    'a misspelt key',
    `servr: {}\n${INTEGRATIONS}${REST}`,
    ['1:1 unknown_key'],
    /unknown key "servr" \(did you mean "server"\?\)/,
  ],
  [
    'a misspelt key further down',
    `server:\n  tls: { cert: a }\n${INTEGRATIONS}${REST}`,
    ['2:3 missing_key', '2:3 missing_key', '2:10 unknown_key'],
    /"cert" \(.*cert_file/,
  ],
  [
    'a wrong type',
    `server: { access_log: 5 }\n${INTEGRATIONS}${REST}`,
    ['1:23 wrong_type'],
    /expected true or false/,
  ],
  [
    'a key without value',
    `server:\n  listen:\n${INTEGRATIONS}${REST}`,
    ['2:10 wrong_type'],
    /an address such as/,
  ],
  [
    'a number as duration',
    `watchdog:\n  lag: 60\n${INTEGRATIONS}${REST}`,
    ['2:8 wrong_type'],
    /a duration above zero such as 30s/,
  ],
  [
    'a zero where none may be',
    `watchdog: { lag: 0s }\n${INTEGRATIONS}${REST}`,
    ['1:18 wrong_value'],
    /above zero/,
  ],
  [
    'topics for others without Kafka',
    `journal: { publish: { alerts: pages } }\n${INTEGRATIONS}${REST}`,
    ['1:21 missing_setting'],
    /Kafka only.*journal\.url/,
  ],
  [
    'a wrong size',
    `journal: { max_bytes: 1 MB! }\n${INTEGRATIONS}${REST}`,
    ['1:23 wrong_value'],
    /a size such as/,
  ],
  [
    'a size that is too small',
    `journal: { max_bytes: 10KiB }\n${INTEGRATIONS}${REST}`,
    ['1:23 wrong_value'],
    /at least 1MiB/,
  ],
  [
    'a wrong choice',
    `log: { level: inof }\n${INTEGRATIONS}${REST}`,
    ['1:15 wrong_value'],
    /expected debug, info, warn or error \(did you mean "info"\?\)/,
  ],
  [
    'a number out of range',
    `watchdog: { full_ratio: 2 }\n${INTEGRATIONS}${REST}`,
    ['1:25 wrong_value'],
    /at most 1/,
  ],
  [
    'a port that does not exist',
    `server: { listen: '127.0.0.1:70000' }\n${INTEGRATIONS}${REST}`,
    ['1:19 wrong_value'],
    /port up to 65535/,
  ],
  [
    'a wrong network',
    `server: { trusted_proxies: [10.0.0.0/8, 10.0.0.0/99] }\n${INTEGRATIONS}${REST}`,
    ['1:41 wrong_value'],
    /IP address or a network/,
  ],
  [
    'a file that is not there',
    `server: { tls: { cert_file: a.crt, key_file: b.key } }\n${INTEGRATIONS}${REST}`,
    ['1:29 unreadable_file', '1:46 unreadable_file'],
    /does not exist/,
  ],
  [
    'an impossible id',
    `integrations:\n  "a b": { connector: out }\n${REST.replace('pager', 'a b')}`,
    ['2:3 bad_id'],
    /an id of up to 64/,
  ],
  [
    'an integration without connector',
    `${INTEGRATIONS}  x: {}\n${REST}`,
    ['4:3 missing_key'],
    /"connector" is missing/,
  ],
  [
    'an unknown connector',
    `${INTEGRATIONS}  x: { connector: ou }\n${REST}`,
    ['4:19 missing_reference'],
    /no connector "ou" \(did you mean "out"\?\)/,
  ],
  [
    'an unknown setting of a connector',
    `${INTEGRATIONS}  x: { connector: out, config: { ulr: a } }\n${REST}`,
    ['4:34 unknown_key'],
    /did you mean "url"/,
  ],
  [
    'a wrong setting of a connector',
    `${INTEGRATIONS}  x: { connector: out, config: { url: ftp } }\n${REST}`,
    ['4:39 wrong_value'],
    /pattern/,
  ],
  [
    'a template that does not compile',
    `${INTEGRATIONS}  x:\n    connector: out\n    config:\n      template: "{% nothing %}"\n${REST}`,
    ['7:17 bad_expression'],
    /does not compile: .*line 1, column/,
  ],
  [
    'an expression that does not compile',
    `${INTEGRATIONS}  x: { connector: out, config: { map: { a: "body.(" } } }\n${REST}`,
    ['4:44 bad_expression'],
    /does not compile/,
  ],
  [
    'endpoint settings without a source',
    `${INTEGRATIONS}  x: { connector: out, path: /x }\n${REST}`,
    ['4:24 no_source'],
    /does not receive/,
  ],
  [
    'delivery settings without a notifier',
    `${INTEGRATIONS}  x: { connector: in, timeout: 5s }\n${REST}`,
    ['4:23 no_notifier'],
    /limits.timeout/,
  ],
  [
    'a path that is taken',
    `${INTEGRATIONS}  x: { connector: in, paths: [/x, /hooks/prom/] }\n${REST}`,
    ['4:35 path_taken'],
    /"prom" answers on this path/,
  ],
  [
    'a path of the hub itself',
    `${INTEGRATIONS}  x: { connector: in, path: /api/v1/x }\n${REST}`,
    ['4:29 path_taken'],
    /hub itself/,
  ],
  [
    'an authentication of no kind',
    `${INTEGRATIONS}  x: { connector: in, auth: { token: a } }\n${REST}`,
    ['4:31 unknown_key'],
    /known keys: bearer, basic/,
  ],
  [
    'an empty token',
    `${INTEGRATIONS}  x: { connector: in, auth: { bearer: "" } }\n${REST}`,
    ['4:39 wrong_value'],
    /a token or a list of tokens/,
  ],
  [
    'an authentication without secret',
    `${INTEGRATIONS}  x: { connector: in, auth: [{ hmac: { preset: github } }] }\n${REST}`,
    ['4:32 missing_key'],
    /"secret" or "secrets"/,
  ],
  [
    'an unknown preset',
    `${INTEGRATIONS}  x: { connector: in, auth: { hmac: { preset: githb, secret: a } } }\n${REST}`,
    ['4:47 wrong_value'],
    /did you mean "github"/,
  ],
  [
    'a timestamp that is not signed',
    `${INTEGRATIONS}  x: { connector: in, auth: { hmac: { secret: a, timestamp_header: T, content: "{body}" } } }\n${REST}`,
    ['4:50 wrong_value'],
    /must contain \{timestamp\}/,
  ],
  [
    'a secret that is not base64',
    `${INTEGRATIONS}  x: { connector: in, auth: { hmac: { preset: standard_webhooks, secret: "whsec_%" } } }\n${REST}`,
    ['4:37 wrong_value'],
    /base64/,
  ],
  [
    'mtls without an authority',
    `${INTEGRATIONS}  x: { connector: in, auth: { mtls: {} } }\n${REST}`,
    ['4:29 missing_key'],
    /client_ca_file/,
  ],
  [
    'a public key taken for a shared secret',
    `${INTEGRATIONS}  x: { connector: in, auth: { jwt: { key: "-----BEGIN PUBLIC KEY-----", algorithms: [HS256] } } }\n${REST}`,
    ['4:31 wrong_value'],
    /do not begin with HS/,
  ],
  [
    'a fallback that is not there',
    `${INTEGRATIONS}  x: { connector: out, fallback: [pager, pagr] }\n${REST}`,
    ['4:42 missing_reference'],
    /did you mean "pager"/,
  ],
  [
    'fallbacks in a circle',
    `integrations:\n  prom: { connector: in }\n  pager: { connector: out, fallback: b }\n  b: { connector: out, fallback: pager }\n${REST}`,
    ['3:38 fallback_cycle'],
    /pager → b → pager/,
  ],
  [
    'a last resort that can’t deliver',
    `${INTEGRATIONS}${REST}watchdog: { last_resort: prom }\n`,
    ['8:26 no_notifier'],
    /can’t deliver/,
  ],
  [
    'a receiver of an unknown integration',
    `${INTEGRATIONS}${REST.replace('pager', 'pagr')}`,
    ['5:28 missing_reference'],
    /no integration "pagr" \(did you mean "pager"\?\)/,
  ],
  [
    'a route to an unknown receiver',
    `${INTEGRATIONS}${REST}  routes: [{ receiver: on-cal }]\n`,
    ['8:24 missing_reference'],
    /did you mean "on-call"/,
  ],
  [
    'a root without receiver',
    `${INTEGRATIONS}receivers: {}\nroutes: {}\n`,
    ['5:1 missing_key'],
    /needs a "receiver"/,
  ],
  [
    'a root with matchers',
    `${INTEGRATIONS}${REST}  matchers: [a=b]\n`,
    ['8:3 wrong_value'],
    /move it to a route below/,
  ],
  [
    'a bad matcher',
    `${INTEGRATIONS}${REST}  routes:\n    - matchers: ['a=b', 'x=~"("']\n`,
    ['9:25 bad_matcher'],
    /RE2/,
  ],
  [
    'a bad matcher without list',
    `${INTEGRATIONS}${REST}  routes: [{ matchers: '{a' }]\n`,
    ['8:24 bad_matcher'],
    /operator/,
  ],
  [
    'a wildcard beside labels',
    `${INTEGRATIONS}${REST}  group_by: [a, '...']\n`,
    ['8:13 wrong_value'],
    /either/,
  ],
  ['a label twice in group_by', `${INTEGRATIONS}${REST}  group_by: [a, a]\n`, ['8:17 wrong_value'], /twice/],
  [
    'a group_interval of zero',
    `${INTEGRATIONS}${REST}  group_interval: 0s\n`,
    ['8:19 wrong_value'],
    /above zero/,
  ],
];

for (const [title, text, positions, message] of ERRORS) {
  test(`[BR-CFG-002] [BR-WH-019] ${title} is refused with its position`, async (t) => {
    const result = await load(t, text);
    assert.ok(!result.ok);
    assert.deepEqual(brief(result.errors), positions, result.errors.map(formatFinding).join('\n'));
    assert.match(result.errors.map(formatFinding).join('\n'), message);
  });
}

test('[BR-CFG-002] all problems of all kinds come at once, in reading order', async (t) => {
  const result = await load(
    t,
    `server: { listen: 0.0.0.0:8080, lisen: 1 }
integrations:
  prom: { connector: in, limits: { body: big } }
  pager: { connector: out, config: { url: '\${env:URL}' } }
receivers:
  on-call: [{ integration: pagr }]
routes:
  receiver: on-cal
  routes: [{ matchers: 'a=~"("' }]
`,
  );
  assert.ok(!result.ok);
  assert.deepEqual(brief(result.errors), [
    '1:19 open_api',
    '1:33 unknown_key',
    '3:3 open_endpoint',
    '3:42 wrong_value',
    '4:43 missing_value',
    '6:28 missing_reference',
    '8:13 missing_reference',
    '9:24 bad_matcher',
  ]);
});

const WARNINGS: readonly [title: string, text: string, positions: readonly string[]][] = [
  ['an unused integration', `${INTEGRATIONS}  x: { connector: out }\n${REST}`, ['4:3 unused_integration']],
  [
    'an unused receiver',
    `${INTEGRATIONS}${REST.replace('routes', '  x: [{ integration: pager }]\nroutes')}`,
    ['6:3 unused_receiver'],
  ],
  [
    'a receiver that tells nobody',
    `${INTEGRATIONS}  x: { connector: in }\n${REST.replace('[{ integration: pager }]', '[]')}`,
    ['3:3 unused_integration', '6:3 empty_receiver'],
  ],
  [
    'a route behind one that takes all',
    `${INTEGRATIONS}${REST}  routes: [{ matchers: [a=b] }, { matchers: [a=b, c=d] }]\n`,
    ['8:33 unreachable_route'],
  ],
  [
    'a route behind one that asks the same, and one whose expression contradicts itself',
    `${INTEGRATIONS}${REST}  routes: [{ matchers: [a=b], when: 'alert.severity == "x"' }, { matchers: [a=b] }, { matchers: [a=b, c=d], when: 'alert.severity == "x"' }, { when: 'alert.severity == "x" && alert.severity == "y"', continue: true }]\n`,
    ['8:85 unreachable_route', '8:150 unreachable_route'],
  ],
  [
    'a route whose matchers contradict each other, and nothing below it,',
    `${INTEGRATIONS}${REST}  routes: [{ matchers: [a=b, a=c], routes: [{ matchers: [a=d] }] }]\n`,
    ['8:24 unreachable_route'],
  ],
  [
    'a route that contradicts one above it',
    `${INTEGRATIONS}${REST}  routes: [{ matchers: [a=b], routes: [{ matchers: ['a=~"b|c"'], routes: [{ matchers: [a=c] }] }] }, { when: 'facts.environment == "x"', routes: [{ when: 'facts.environment == "y"' }] }]\n`,
    ['8:87 unreachable_route', '8:155 unreachable_route'],
  ],
  [
    'a route whose expression is always false',
    `${INTEGRATIONS}${REST}  routes: [{ when: '1 > 2' }]\n`,
    ['8:20 unreachable_route'],
  ],
  [
    'an inhibition rule that can hold nothing',
    `${INTEGRATIONS}${REST}inhibit_rules:
  - { source_matchers: [a=b, a=c], target_matchers: [x=y] }
  - { source_matchers: [a=b], target_matchers: ['a=b', 'a!=b'] }
  - { source_matchers: [a=b], target_matchers: [a=c], equal: [a] }
  - { source_matchers: [a=b, x=y], target_matchers: [x=y, a=b] }
  - { source_matchers: [a=b], target_matchers: [a=c], equal: [x] }
`,
    [
      '9:24 rule_never_matches',
      '10:48 rule_never_matches',
      '11:62 rule_never_matches',
      '12:53 rule_never_matches',
    ],
  ],
  [
    'a URL that is not https',
    `${INTEGRATIONS}  x: { connector: out, config: { url: 'http://example.org' } }\n${REST.replace('pager', 'x')}`,
    ['3:3 unused_integration', '4:39 insecure_url'],
  ],
  [
    'a repeat before the next look',
    `${INTEGRATIONS}${REST}  group_interval: 1h\n  repeat_interval: 5m\n`,
    ['9:20 short_repeat'],
  ],
  [
    'an inflated limit below the plain one',
    `${INTEGRATIONS}  x: { connector: in, limits: { inflated: 1KiB } }\n${REST}`,
    ['4:43 small_limit'],
  ],
  [
    'tokens for any audience',
    `${INTEGRATIONS}  x: { connector: in, auth: { jwt: { jwks_url: 'https://example.org/k' } } }\n${REST}`,
    ['4:31 any_audience'],
  ],
];

for (const [title, text, positions] of WARNINGS) {
  test(`[BR-WH-019] ${title} is a warning with its position`, async (t) => {
    const result = await load(t, text);
    assert.ok(result.ok, JSON.stringify(result));
    assert.deepEqual(brief(result.warnings), positions);
  });
}

const FINE: readonly [string, string][] = [
  [
    'continue before the same matchers',
    `${INTEGRATIONS}${REST}  routes: [{ matchers: [a=b], continue: true }, { matchers: [a=b] }]\n`,
  ],
  [
    'a receiver called nobody',
    `${INTEGRATIONS}${REST.replace('routes:', '  nobody: []\nroutes:')}  routes: [{ receiver: nobody }]\n`,
  ],
  [
    'http to loopback',
    `${INTEGRATIONS.replace('out', "out, config: { url: 'http://127.0.0.1:9/' }")}${REST}`,
  ],
  [
    'fallbacks that share an end',
    `integrations:\n  a: { connector: out, fallback: [b, c] }\n  b: { connector: out, fallback: c }\n  c: { connector: out }\n${REST.replace('pager', 'a')}`,
  ],
  [
    'JSON, with tabs',
    `{\n\t"integrations": { "prom": { "connector": "in" }, "pager": { "connector": "out" } },\n\t"receivers": { "on-call": [{ "integration": "pager" }] },\n\t"routes": { "receiver": "on-call" }\n}\n`,
  ],
  [
    'anchors and aliases',
    `integrations:\n  prom: { connector: in, limits: &l { body: 2MiB } }\n  more: { connector: in, limits: *l }\n  pager: { connector: out }\n${REST}`,
  ],
];

for (const [title, text] of FINE) {
  test(`${title} gives no finding`, async (t) => {
    const result = await load(t, text);
    assert.ok(result.ok, JSON.stringify(result));
    assert.deepEqual(result.warnings, []);
  });
}
