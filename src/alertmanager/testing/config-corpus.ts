/** Files that ours and the real Alertmanager have to accept alike, or refuse alike. */
export interface ConfigCase {
  readonly name: string;
  readonly text: string;
  readonly isGood: boolean;
  /** The first Alertmanager with this verdict. */
  readonly since?: string;
}

const ROUTE = 'route: { receiver: ops }\n';
const OPS = 'receivers:\n- name: ops\n';

function good(name: string, text: string, since?: string): ConfigCase {
  return { name, text, isGood: true, ...(since === undefined ? {} : { since }) };
}

function bad(name: string, text: string, since?: string): ConfigCase {
  return { name, text, isGood: false, ...(since === undefined ? {} : { since }) };
}

/** A receiver with one entry. */
function entry(kind: string, settings: string): string {
  return `${ROUTE}${OPS}  ${kind}_configs:\n  - ${settings}\n`;
}

function route(settings: string, more = ''): string {
  return `route:\n  receiver: ops\n  routes:\n  - ${settings}\n${OPS}${more}`;
}

function intervals(spec: string): string {
  return route('mute_time_intervals: [x]', `time_intervals:\n- name: x\n  time_intervals:\n  - ${spec}\n`);
}

export const CONFIG_CORPUS: readonly ConfigCase[] = [
  good('the smallest file', ROUTE + OPS),
  good('JSON', '{"route": {"receiver": "ops"}, "receivers": [{"name": "ops"}]}'),
  good('an open global', `global:\n${ROUTE}${OPS}`),
  good('anchors and merge keys', `route: &r { receiver: ops, group_by: [a] }\nreceivers: [{ name: ops }]\n`),
  good(
    'a merge key',
    'route:\n  receiver: ops\n  routes:\n  - &a { receiver: ops, continue: yes }\n  - <<: *a\n    continue: no\nreceivers: [{ name: ops }]\n',
  ),
  bad('nothing', ''),
  bad('no route', OPS),
  bad('an unknown key', `${ROUTE}${OPS}foo: 1\n`),
  bad('an unknown key of a route', route('reciever: ops')),
  bad('a key twice', `${ROUTE}${ROUTE}${OPS}`),
  bad('wrong YAML', `${ROUTE}  x\n - y: [\n`),
  bad('a list for a map', `route: [a]\n${OPS}`),
  bad('no receiver at the root', `route: { group_by: [a] }\n${OPS}`),
  bad('matchers at the root', `route: { receiver: ops, matchers: [a=b] }\n${OPS}`),
  bad('match at the root', `route: { receiver: ops, match: { a: b } }\n${OPS}`),
  bad('continue at the root', `route: { receiver: ops, continue: true }\n${OPS}`),
  bad('mute times at the root', `route: { receiver: ops, mute_time_intervals: [x] }\n${OPS}`),
  bad('active times at the root', `route: { receiver: ops, active_time_intervals: [x] }\n${OPS}`),
  bad('an undefined receiver', `route: { receiver: other }\n${OPS}`),
  bad('an undefined receiver below', route('receiver: other')),
  bad('two receivers of one name', `${ROUTE}${OPS}- name: ops\n`),
  bad('a receiver without a name', `${ROUTE}${OPS}- webhook_configs: []\n`),
  good('grouping by all', `route: { receiver: ops, group_by: ['...'] }\n${OPS}`),
  good('an empty group_by', `route: { receiver: ops, group_by: [] }\n${OPS}`),
  bad('all labels and one', `route: { receiver: ops, group_by: ['...', a] }\n${OPS}`),
  bad('a label twice in group_by', `route: { receiver: ops, group_by: [a, a] }\n${OPS}`),
  good(
    'a label of any letters in group_by',
    `route: { receiver: ops, group_by: ['a b', 'ü'] }\n${OPS}`,
    '0.28',
  ),
  bad('an empty label in group_by', `route: { receiver: ops, group_by: [''] }\n${OPS}`),
  good('group_wait of zero', `route: { receiver: ops, group_wait: 0s }\n${OPS}`),
  bad('group_interval of zero', `route: { receiver: ops, group_interval: 0s }\n${OPS}`),
  bad('repeat_interval of zero', `route: { receiver: ops, repeat_interval: 0s }\n${OPS}`),
  bad('a duration without a unit', `route: { receiver: ops, group_wait: 30 }\n${OPS}`),
  bad('a duration of Go’s form', `route: { receiver: ops, group_wait: 1.5m }\n${OPS}`),
  good('a long duration', `route: { receiver: ops, repeat_interval: 1d12h }\n${OPS}`),
  good(
    'all forms of matchers',
    route(
      `match: { a: b }\n    match_re: { c: 'd.*' }\n    matchers: [e=f, 'g!="h"', 'i=~"j|k"', '{l="m",n!~"o"}']`,
    ),
  ),
  good('a number as the value of a match', route('match: { code: 500 }')),
  bad('a wrong regular expression', route(`match_re: { a: '(' }`)),
  bad('look-around', route(`match_re: { a: '(?=x)' }`)),
  bad('a wrong matcher', route('matchers: [a]')),
  bad('a matcher that is no list', route('matchers: a=b')),
  bad('a name that match does not take', route(`match: { 'a-b': c }`)),
  bad('match_re without a value', route('match_re: { a: }')),
  good('a matcher with a name of any letters', route(`matchers: ['"a b"="c"', 'ü="x"']`), '0.28'),
  good('labels of routes', route(`labels: { team: '{{ .GroupLabels.team }}' }`), '0.31'),

  good(
    'inhibition in the old form',
    `${ROUTE}${OPS}inhibit_rules:\n- source_match: { a: b }\n  target_match_re: { a: 'c|d' }\n  equal: [x]\n`,
  ),
  good('inhibition', `${ROUTE}${OPS}inhibit_rules:\n- source_matchers: [a=b]\n  target_matchers: [a=c]\n`),
  good('inhibition without matchers', `${ROUTE}${OPS}inhibit_rules:\n- equal: [x]\n`),
  bad('inhibition with a wrong matcher', `${ROUTE}${OPS}inhibit_rules:\n- source_matchers: ['a=~"("']\n`),
  bad('inhibition with an unknown key', `${ROUTE}${OPS}inhibit_rules:\n- sources: [a=b]\n`),

  good(
    'a time interval',
    intervals(
      `{ times: [{ start_time: '09:00', end_time: '24:00' }], weekdays: ['monday:friday', Sunday], days_of_month: ['1:5', '-3:-1'], months: ['1:3', 'may:august', December], years: ['2026', '2027:2030'], location: Europe/Berlin }`,
    ),
  ),
  good(
    'the older key',
    route('mute_time_intervals: [x]', 'mute_time_intervals:\n- name: x\n  time_intervals: []\n'),
  ),
  bad('an undefined time interval', route('mute_time_intervals: [x]')),
  bad('an undefined active interval', route('active_time_intervals: [x]')),
  bad('two time intervals of one name', `${ROUTE}${OPS}time_intervals: [{ name: x }, { name: x }]\n`),
  bad(
    'one name in both lists',
    `${ROUTE}${OPS}mute_time_intervals: [{ name: x }]\ntime_intervals: [{ name: x }]\n`,
  ),
  bad('a time interval without a name', `${ROUTE}${OPS}time_intervals: [{ time_intervals: [] }]\n`),
  bad(
    'a time that ends before it starts',
    intervals(`{ times: [{ start_time: '22:00', end_time: '06:00' }] }`),
  ),
  bad('a time of one digit', intervals(`{ times: [{ start_time: '9:00', end_time: '10:00' }] }`)),
  bad('half a time', intervals(`{ times: [{ start_time: '09:00' }] }`)),
  bad('a wrong weekday', intervals('{ weekdays: [funday] }')),
  bad('weekdays backwards', intervals(`{ weekdays: ['friday:monday'] }`)),
  bad('day 0', intervals(`{ days_of_month: ['0'] }`)),
  bad('day 32', intervals(`{ days_of_month: ['32'] }`)),
  bad('days backwards', intervals(`{ days_of_month: ['-1:5'] }`)),
  bad('months backwards', intervals(`{ months: ['may:april'] }`)),
  bad('years backwards', intervals(`{ years: ['2030:2026'] }`)),
  bad('a wrong time zone', intervals('{ location: Mars/Base }')),

  good('a webhook', entry('webhook', '{ url: "http://x.example.org/" }')),
  good(
    'a webhook with all settings',
    entry(
      'webhook',
      '{ url: "http://x.example.org/", max_alerts: 5, send_resolved: no, http_config: { basic_auth: { username: u, password: p }, tls_config: { ca_file: ca.pem, insecure_skip_verify: true }, proxy_url: "http://p:1", follow_redirects: false } }',
    ),
  ),
  bad('a webhook without an address', entry('webhook', '{ send_resolved: true }')),
  bad('a webhook without a scheme', entry('webhook', '{ url: "x.example.org" }')),
  bad('a webhook of another scheme', entry('webhook', '{ url: "ftp://x.example.org" }')),
  bad('a webhook without settings', entry('webhook', '')),
  bad('a word for a boolean', entry('webhook', '{ url: "http://x.example.org/", send_resolved: maybe }')),
  bad(
    'both an address and a file',
    entry('webhook', '{ url: "http://x.example.org/", url_file: y }'),
    '0.28',
  ),
  good(
    'an address that is a template',
    entry('webhook', '{ url: "http://x.example.org/{{ .Status }}" }'),
    '0.31',
  ),
  bad(
    'two ways to sign in',
    entry(
      'webhook',
      '{ url: "http://x.example.org/", http_config: { bearer_token: a, basic_auth: { username: u } } }',
    ),
  ),
  bad(
    'both a password and a file',
    entry(
      'webhook',
      '{ url: "http://x.example.org/", http_config: { basic_auth: { username: u, password: p, password_file: f } } }',
    ),
  ),
  bad(
    'basic as authorization',
    entry('webhook', '{ url: "http://x.example.org/", http_config: { authorization: { type: Basic } } }'),
  ),
  bad(
    'a certificate without its key',
    entry('webhook', '{ url: "http://x.example.org/", http_config: { tls_config: { cert_file: c } } }'),
    '0.28',
  ),
  bad(
    'OAuth without a client',
    entry('webhook', '{ url: "http://x.example.org/", http_config: { oauth2: { token_url: "http://x" } } }'),
  ),
  bad(
    'an unknown key of http_config',
    entry('webhook', '{ url: "http://x.example.org/", http_config: { tls: {} } }'),
  ),
  bad(
    'an unknown TLS version',
    entry('webhook', '{ url: "http://x.example.org/", http_config: { tls_config: { min_version: TLS9 } } }'),
  ),
  bad(
    'a reserved header',
    entry(
      'webhook',
      '{ url: "http://x.example.org/", http_config: { http_headers: { Host: { values: [x] } } } }',
    ),
    '0.28',
  ),

  good(
    'e-mail',
    `global: { smtp_smarthost: 'smtp.example.org:587', smtp_from: a@example.org }\n${entry('email', '{ to: b@example.org }')}`,
  ),
  bad('e-mail without a server', entry('email', '{ to: b@example.org, from: a@example.org }')),
  bad('e-mail without a sender', entry('email', '{ to: b@example.org, smarthost: "x:25" }')),
  bad('e-mail without a recipient', entry('email', '{ from: b@example.org, smarthost: "x:25" }')),
  bad('a server without a port', entry('email', '{ to: b@example.org, from: a@example.org, smarthost: x }')),
  bad(
    'a header twice',
    entry(
      'email',
      '{ to: b@example.org, from: a@example.org, smarthost: "x:25", headers: { subject: a, Subject: b } }',
    ),
  ),

  good(
    'Slack',
    entry(
      'slack',
      '{ api_url: "http://x.example.org/", channel: "#a", title: 5, fields: [{ title: a, value: b, short: true }], actions: [{ type: button, text: a, url: b }] }',
    ),
  ),
  good(
    'Slack of global',
    `global: { slack_api_url: "http://x.example.org/" }\n${entry('slack', '{ channel: "#a" }')}`,
  ),
  bad('Slack without an address', entry('slack', '{ channel: "#a" }')),
  bad('Slack with both', entry('slack', '{ api_url: "http://x.example.org/", api_url_file: f }')),
  bad(
    'a field of Slack without a value',
    entry('slack', '{ api_url: "http://x.example.org/", fields: [{ title: a }] }'),
  ),
  bad(
    'an action of Slack without a text',
    entry('slack', '{ api_url: "http://x.example.org/", actions: [{ type: button, url: b }] }'),
  ),
  good('a token of Slack', entry('slack', '{ app_token: t, channel: "#a" }'), '0.30'),
  bad(
    'a token and an address of Slack',
    entry('slack', '{ app_token: t, api_url: "http://x.example.org/", channel: "#a" }'),
  ),

  good(
    'PagerDuty',
    entry('pagerduty', '{ routing_key: k, details: { a: b }, images: [{ src: a }], links: [{ href: a }] }'),
  ),
  bad('PagerDuty without a key', entry('pagerduty', '{ client: c }')),
  good('Opsgenie', entry('opsgenie', '{ api_key: k, responders: [{ id: a, type: team }] }')),
  bad('Opsgenie without a key', entry('opsgenie', '{ message: m }')),
  bad('a responder of no type', entry('opsgenie', '{ api_key: k, responders: [{ id: a, type: robot }] }')),
  bad('a responder of no name', entry('opsgenie', '{ api_key: k, responders: [{ type: team }] }')),
  good('VictorOps', entry('victorops', '{ api_key: k, routing_key: r, custom_fields: { a: b } }')),
  bad('VictorOps without a routing key', entry('victorops', '{ api_key: k }')),
  bad(
    'VictorOps with a field of its own',
    entry('victorops', '{ api_key: k, routing_key: r, custom_fields: { entity_id: b } }'),
  ),
  good('WeChat', entry('wechat', '{ api_secret: s, corp_id: c, message_type: markdown }')),
  bad('WeChat of another type', entry('wechat', '{ api_secret: s, corp_id: c, message_type: html }')),
  bad('WeChat without a secret', entry('wechat', '{ corp_id: c }')),
  good('Pushover', entry('pushover', '{ user_key: u, token: t, retry: 1m, expire: 1h }')),
  bad('Pushover without a token', entry('pushover', '{ user_key: u }')),
  good('SNS', entry('sns', '{ sigv4: { region: eu }, topic_arn: t }')),
  bad('SNS without a target', entry('sns', '{ sigv4: { region: eu } }')),
  good('Telegram', entry('telegram', '{ bot_token: t, chat_id: -100, parse_mode: MarkdownV2 }')),
  bad('Telegram without a chat', entry('telegram', '{ bot_token: t }')),
  bad('Telegram in another form', entry('telegram', '{ bot_token: t, chat_id: 1, parse_mode: Plain }')),
  bad('Telegram with a word as chat', entry('telegram', '{ bot_token: t, chat_id: me }')),
  good('Webex', entry('webex', '{ room_id: r, http_config: { authorization: { credentials: c } } }')),
  bad('Webex without authorization', entry('webex', '{ room_id: r }')),
  good('Discord', entry('discord', '{ webhook_url: "http://x.example.org/" }')),
  bad('Discord without an address', entry('discord', '{ title: t }')),
  good('Teams', entry('msteams', '{ webhook_url: "http://x.example.org/", title: t }'), '0.28'),
  good('Teams by a workflow', entry('msteamsv2', '{ webhook_url: "http://x.example.org/" }'), '0.28'),
  good(
    'Jira',
    entry(
      'jira',
      '{ api_url: "http://x.example.org/", project: p, issue_type: Bug, summary: s, fields: { a: [1, { b: c }] } }',
    ),
    '0.28',
  ),
  good(
    'a summary of Jira in parts',
    entry(
      'jira',
      '{ api_url: "http://x.example.org/", project: p, issue_type: Bug, summary: { template: s, enable_update: false } }',
    ),
    '0.30',
  ),
  bad('Jira without a project', entry('jira', '{ api_url: "http://x.example.org/", issue_type: Bug }')),
  good('Rocket.Chat', entry('rocketchat', '{ token: t, token_id: i, channel: c }'), '0.28'),
  bad('Rocket.Chat without a token', entry('rocketchat', '{ token_id: i }')),
  good('incident.io', entry('incidentio', '{ url: "http://x.example.org/", alert_source_token: t }'), '0.30'),
  good(
    'Mattermost',
    entry(
      'mattermost',
      '{ webhook_url: "http://x.example.org/", attachments: [{ fields: [{ title: a, value: b }] }] }',
    ),
    '0.31',
  ),
  bad('Mattermost without an address', entry('mattermost', '{ text: t }')),
  bad('a kind that is none', entry('carrier_pigeon', '{ name: x }')),
  good('labels of a receiver', `${ROUTE}${OPS}  labels: { team: a }\n`, '0.31'),
  good('tracing', `tracing: { endpoint: 'x:4317', client_type: grpc }\n${ROUTE}${OPS}`, '0.30'),
  bad('two secrets of global', `global: { opsgenie_api_key: a, opsgenie_api_key_file: b }\n${ROUTE}${OPS}`),
];
