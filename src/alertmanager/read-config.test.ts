import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatMatchers } from '../model/create-matcher.ts';
import { formatFinding } from '../settings/finding.ts';
import type { AlertmanagerConfig } from './config.ts';
import { readAlertmanagerConfig } from './read-config.ts';
import { CONFIG_CORPUS } from './testing/config-corpus.ts';

function configOf(text: string): AlertmanagerConfig {
  const read = readAlertmanagerConfig(text, 'am.yml');
  assert.ok(read.ok, JSON.stringify(read));
  return read.config;
}

function errorsOf(text: string): readonly string[] {
  const read = readAlertmanagerConfig(text, 'am.yml');
  return read.ok ? [] : read.errors.map(formatFinding);
}

test('good files are read and bad ones refused, each problem with its place', () => {
  for (const { name, text, isGood } of CONFIG_CORPUS) {
    const errors = errorsOf(text);
    assert.equal(errors.length === 0, isGood, `${name}: ${errors.join('; ')}`);
    for (const error of errors) assert.match(error, /^am\.yml:\d+:\d+: /);
  }
});

test('all problems of a file are found at once, in reading order', () => {
  const text = `global: { smtp_smarthost: x }
route:
  receiver: opps
  group_by: [a, a]
  routes:
    - matchers: [severity]
      mute_time_intervals: [nights]
receivers:
  - name: ops
    slack_config: []
`;
  assert.deepEqual(errorsOf(text), [
    'am.yml:1:27: expected a host and a port such as smtp.example.org:587',
    'am.yml:3:13: there is no receiver "opps" (did you mean "ops"?)',
    'am.yml:4:17: this label stands twice in group_by',
    'am.yml:6:18: not a matcher: expected an operator: =, !=, =~ or !~ at character 9 (write it as severity="critical" or team=~"shop|pay")',
    'am.yml:7:29: there is no time interval "nights"',
    'am.yml:10:5: unknown key "slack_config" (did you mean "slack_configs"?)',
  ]);
});

test('the three forms of matchers are one list', () => {
  const { route } = configOf(`route:
  receiver: a
  routes: [{ match: { b: c }, match_re: { d: 'e|f' }, matchers: ['g!="h"', '{i=~"j",k="l"}'] }]
receivers: [{ name: a }]`);
  assert.equal(formatMatchers(route.routes[0]!.matchers), '{b="c",d=~"e|f",g!="h",i=~"j",k="l"}');
});

test('entries take from global what they do not say', () => {
  const { receivers } = configOf(`global:
  smtp_smarthost: smtp.example.org:587
  smtp_from: am@example.org
  smtp_auth_password_file: password
  smtp_require_tls: false
  slack_api_url: https://hooks.example.org/x
  http_config: { proxy_url: 'http://proxy:3128' }
route: { receiver: a }
receivers:
  - name: a
    email_configs: [{ to: x@example.org, from: own@example.org }]
    slack_configs: [{ channel: '#a' }]
    webhook_configs: [{ url: 'http://x.example.org/', send_resolved: false, http_config: {} }]
`);
  const [email, slack, webhook] = receivers[0]!.configs;
  assert.equal(email!.settings['smarthost'], 'smtp.example.org:587');
  assert.equal(email!.settings['from'], 'own@example.org');
  assert.equal(email!.settings['auth_password_file'], 'password');
  assert.equal(email!.settings['require_tls'], false);
  assert.equal(email!.send_resolved, false);
  assert.equal(slack!.settings['api_url'], 'https://hooks.example.org/x');
  assert.deepEqual(slack!.settings['http_config'], { proxy_url: 'http://proxy:3128' });
  assert.deepEqual(webhook!.settings['http_config'], {});
  assert.equal(webhook!.send_resolved, false);
});

test('time intervals are numbers: minutes, days from Sunday, months from January', () => {
  const { time_intervals } = configOf(`route: { receiver: a }
receivers: [{ name: a }]
time_intervals:
  - name: x
    time_intervals:
      - times: [{ start_time: '08:30', end_time: '24:00' }]
        weekdays: ['Monday:Friday']
        days_of_month: ['-3:-1']
        months: [may]
        years: ['2026:2028']
        location: Europe/Berlin
`);
  assert.deepEqual(time_intervals[0]!.time_intervals, [
    {
      times: [{ begin: 510, end: 1440 }],
      weekdays: [{ begin: 1, end: 5 }],
      days_of_month: [{ begin: -3, end: -1 }],
      months: [{ begin: 5, end: 5 }],
      years: [{ begin: 2026, end: 2028 }],
      location: 'Europe/Berlin',
    },
  ]);
});

test('no message holds a value of the file that may be a secret', () => {
  const text = `global: { slack_api_url: 'ftp://s3cr3t', opsgenie_api_key: s3cr3t, opsgenie_api_key_file: s3cr3t }
route: { receiver: a }
receivers:
  - name: a
    webhook_configs: [{ url: 's3cr3t' }, { url: 'http://x', http_config: { bearer_token: s3cr3t, basic_auth: { password: s3cr3t } } }]
    slack_configs: [{ app_token: s3cr3t, api_url: 'http://s3cr3t' }, { api_url: [s3cr3t] }]
`;
  const errors = errorsOf(text);
  assert.ok(errors.length >= 4);
  assert.doesNotMatch(errors.join('\n'), /s3cr3t/);
});

test('what has no effect is said', () => {
  const read = readAlertmanagerConfig(
    'tracing: { endpoint: x }\nroute: { receiver: a }\nreceivers: [{ name: a }]\ninhibit_rules: [{ equal: [x] }]\n',
    'am.yml',
  );
  assert.ok(read.ok);
  assert.deepEqual(
    read.warnings.map(({ line, code }) => `${line} ${code}`),
    ['1 ignored', '4 matches_everything'],
  );
});

test('any text is read or refused with places, and nothing is thrown', () => {
  const word = fc.constantFrom(
    'route:',
    'receiver: a',
    'receivers:',
    '- name: a',
    'matchers:',
    '  ',
    '\n',
    '- ',
    '[',
    ']',
    '{',
    '}',
    '&a ',
    '*a',
    '<<: ',
    'webhook_configs:',
    '"',
    "'",
    ': ',
    '!x ',
    '\t',
    'null',
    '---\n',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(word, fc.string({ maxLength: 5 })), { maxLength: 30 }), (parts) => {
      const read = readAlertmanagerConfig(parts.join(''), 'am.yml');
      assert.ok(read.ok || read.errors.every(({ line, column }) => line >= 1 && column >= 1));
    }),
    { numRuns: 500 },
  );
});

test('a document that unfolds through aliases is refused', () => {
  const levels = Array.from(
    { length: 20 },
    (_, level) => `x${level}: &a${level} [${`*a${level - 1},`.repeat(level ? 9 : 0)}1]`,
  );
  assert.ok(errorsOf(levels.join('\n')).some((error) => error.includes('aliases may unfold')));
});
