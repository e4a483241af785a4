import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatFinding } from '../settings/finding.ts';
import { convertConfig, type Conversion, type ConvertOptions } from './convert.ts';
import { formatNative } from './format-native.ts';
import { integrationId } from './integration-id.ts';
import { plainValue } from './native-document.ts';
import { readAlertmanagerConfig } from './read-config.ts';

function convert(text: string, options: Partial<ConvertOptions> = {}): Conversion {
  const read = readAlertmanagerConfig(text, 'am.yml');
  assert.ok(read.ok, JSON.stringify(read));
  return convertConfig(read.config, read.tree, { folder: '/etc/am', ...options });
}

/** The one integration of a receiver with one entry. */
function integrationOf(kind: string, settings: string, global = ''): unknown {
  const { document, errors } = convert(
    `${global}route: { receiver: ops }\nreceivers:\n- name: ops\n  ${kind}_configs:\n  - ${settings}\n`,
  );
  assert.deepEqual(errors, []);
  const made = plainValue(document.integrations[`ops-${kind}`]!, 'inline') as { config: object };
  // The words of messages have tests of their own.
  const { go_templates: _, ...config } = made.config as Record<string, unknown>;
  return { ...made, config };
}

/** The words of its messages. */
function wordsOf(kind: string, settings: string, global = ''): Readonly<Record<string, unknown>> {
  const { document } = convert(
    `${global}route: { receiver: ops }\nreceivers:\n- name: ops\n  ${kind}_configs:\n  - ${settings}\n`,
  );
  const made = plainValue(document.integrations[`ops-${kind}`]!, 'inline') as {
    config: { go_templates: Record<string, unknown> };
  };
  return made.config.go_templates;
}

test('what is a template goes to go_templates: addresses, channels, recipients, headers, structures', () => {
  assert.deepEqual(
    wordsOf('webhook', `{ url: 'https://x/{{ .Status }}', payload: { from: secret, text: '\${env:X}' } }`),
    { url: 'https://x/{{ .Status }}', payload: { from: 'secret', text: '$${env:X}' } },
  );
  const bot = `{ app_token: xoxb, channel: '#{{ .GroupLabels.team }}' }`;
  assert.equal(wordsOf('slack', bot)['channel'], '#{{ .GroupLabels.team }}');
  const mail = `global: { smtp_smarthost: 'mail.example.org:25', smtp_from: a@example.org }\n`;
  const words = wordsOf(
    'email',
    `{ to: '{{ .CommonLabels.owner }}', headers: { X-Team: '{{ .Status }}', Subject: s } }`,
    mail,
  );
  assert.deepEqual(words, {
    subject: 's',
    html: '{{ template "email.default.html" . }}',
    to: '{{ .CommonLabels.owner }}',
    headers: { 'x-team': '{{ .Status }}' },
  });
});

test('recipients of a mail are those of "to", whatever its headers show', () => {
  const mail = `global: { smtp_smarthost: 'mail.example.org:25', smtp_from: a@example.org }\n`;
  const made = integrationOf(
    'email',
    `{ to: 'b@example.org, C <c@example.org>', headers: { To: x@example.org, Cc: 'c@example.org, d@example.org' } }`,
    mail,
  ) as { config: Record<string, unknown> };
  assert.deepEqual([made.config['to'], made.config['cc']], [['b@example.org'], ['C <c@example.org>']]);
});

const TLS = { tls: { min_version: 'TLSv1.2' } };

test('a webhook keeps address, limit, time-out, proxy and how it signs in', () => {
  assert.deepEqual(
    integrationOf(
      'webhook',
      `{ url: 'https://x.example.org/h', max_alerts: 5, timeout: 1m30s, http_config: { proxy_url: 'http://p:1', authorization: { credentials_file: token }, tls_config: { ca_file: ca.pem, min_version: TLS13 } } }`,
    ),
    {
      connector: 'webhook',
      config: { url: 'https://x.example.org/h', max_alerts: 5, bearer_token: '${file:/etc/am/token}' },
      timeout: '1m30s',
      http: { proxy: 'http://p:1', tls: { min_version: 'TLSv1.3', ca_file: '/etc/am/ca.pem' } },
    },
  );
});

test('credentials of an address become settings of their own', () => {
  assert.deepEqual(integrationOf('webhook', `{ url: 'https://u%40x:p%3A@x.example.org/h' }`), {
    connector: 'webhook',
    config: { url: 'https://x.example.org/h', username: 'u@x', password: 'p:' },
    http: TLS,
  });
});

test('another scheme of authorization is a header', () => {
  assert.deepEqual(
    integrationOf(
      'webhook',
      `{ url: 'https://x/', http_config: { authorization: { type: Token, credentials: t } } }`,
    ),
    { connector: 'webhook', config: { url: 'https://x/', headers: { Authorization: 'Token t' } }, http: TLS },
  );
});

test('Slack goes by incoming webhook, or by a bot with its channel', () => {
  assert.deepEqual(integrationOf('slack', `{ api_url_file: url }`), {
    connector: 'slack',
    config: { webhook_url: '${file:/etc/am/url}' },
    http: TLS,
  });
  assert.deepEqual(integrationOf('slack', `{ app_token: xoxb, channel: '#ops' }`), {
    connector: 'slack',
    config: { channel: '#ops', mode: 'new', token: 'xoxb' },
    http: TLS,
  });
  const bot = `{ api_url: 'https://slack.com/api/chat.postMessage', channel: C1, update_message: true, http_config: { authorization: { credentials: xoxb } } }`;
  assert.deepEqual(integrationOf('slack', bot), {
    connector: 'slack',
    config: { channel: 'C1', mode: 'update', token: 'xoxb' },
    http: TLS,
  });
});

test('e-mail keeps server, security, sign-in and every recipient', () => {
  const global = `global: { smtp_smarthost: '[::1]:465', smtp_from: 'A <a@example.org>', smtp_auth_username: u, smtp_auth_password: p }\n`;
  assert.deepEqual(
    integrationOf(
      'email',
      `{ to: 'b@example.org, C <c@example.org>', headers: { Reply-To: d@example.org } }`,
      global,
    ),
    {
      connector: 'email',
      config: {
        host: '::1',
        port: 465,
        security: 'tls',
        username: 'u',
        password: 'p',
        from: 'A <a@example.org>',
        to: ['b@example.org', 'C <c@example.org>'],
        reply_to: 'd@example.org',
      },
    },
  );
});

test('PagerDuty has its key, its region, and the words and details of Alertmanager', () => {
  const { errors, document } = convert(`route: { receiver: ops }
global: { pagerduty_url: 'https://events.eu.pagerduty.com/v2/enqueue' }
receivers:
- name: ops
  pagerduty_configs:
  - { routing_key: k, severity: '{{ .CommonLabels.severity }}', details: { firing: none, team: '{{ .GroupLabels.team }}' } }
  - { service_key: old }
`);
  const { config } = document.integrations['ops-pagerduty'] as { config: Record<string, unknown> };
  const { go_templates, ...rest } = config;
  assert.deepEqual(rest, {
    routing_key: { from: 'secret', name: 'ops-pagerduty-routing-key', value: 'k' },
    url: 'https://events.eu.pagerduty.com/v2/enqueue',
  });
  assert.deepEqual((go_templates as { value: unknown }).value, {
    description: '{{ template "pagerduty.default.description" .}}',
    client: '{{ template "pagerduty.default.client" . }}',
    client_url: '{{ template "pagerduty.default.clientURL" . }}',
    severity: '{{ .CommonLabels.severity }}',
    details: {
      firing: 'none',
      resolved: '{{ template "pagerduty.default.instances" .Alerts.Resolved }}',
      num_firing: '{{ .Alerts.Firing | len }}',
      num_resolved: '{{ .Alerts.Resolved | len }}',
      team: '{{ .GroupLabels.team }}',
    },
  });
  assert.match(
    formatFinding(errors[0]!),
    /^am\.yml:7:\d+: receiver "ops": a service_key belongs to the Events API v1/,
  );
  assert.equal(errors.length, 1);
});

const UNSUPPORTED = `route: { receiver: ops }
receivers:
- name: ops
  pushover_configs: [{ user_key: k, token: t }]
  webhook_configs:
  - url: 'https://x.example.org/'
  - url: 'https://y.example.org/'
    http_config: { tls_config: { insecure_skip_verify: true } }
`;

test('what has no counterpart is an error with receiver, kind and place', () => {
  const { errors, document } = convert(UNSUPPORTED);
  assert.deepEqual(errors.map(formatFinding), [
    'am.yml:4:22: receiver "ops": there is no connector for pushover yet (--skip-unsupported leaves it out)',
    'am.yml:8:20: receiver "ops": certificates are always verified; name the authority in ca_file (--skip-unsupported leaves it out)',
  ]);
  assert.deepEqual(Object.keys(document.integrations), ['alertmanager', 'ops-webhook']);
});

test('on request it is left out with a warning', () => {
  const { errors, warnings, document } = convert(UNSUPPORTED, { skipUnsupported: true });
  assert.deepEqual(errors, []);
  assert.equal(warnings.length, 2);
  for (const { message } of warnings) assert.match(message, /this entry was left out$/);
  assert.deepEqual(document.receivers, { ops: [{ integration: 'ops-webhook' }] });
});

test('inhibition, labels of routes, files and words of messages are carried over', () => {
  const { document, warnings } = convert(`templates: ['*.tmpl']
route:
  receiver: ops
  routes: [{ match: { a: b }, mute_time_intervals: [nights], labels: { team: shop } }]
receivers:
- name: ops
  slack_configs: [{ api_url: 'https://x.example.org/', title: '{{ .Status }}' }]
inhibit_rules: [{ source_match: { a: b }, target_match_re: { a: 'c|d' }, equal: [x] }, { name: all, target_matchers: [a=c] }]
time_intervals: [{ name: nights, time_intervals: [{ weekdays: ['monday:friday'], times: [{ start_time: '22:00', end_time: '24:00' }] }] }]
`);
  assert.deepEqual(document.inhibit_rules, [
    { source_matchers: ['a="b"'], target_matchers: ['a=~"c|d"'], equal: ['x'] },
    { name: 'all', source_matchers: ['alertname=~".*"'], target_matchers: ['a="c"'] },
  ]);
  assert.deepEqual(document.time_intervals, {
    nights: [{ times: [{ start_time: '22:00', end_time: '24:00' }], weekdays: ['monday:friday'] }],
  });
  assert.deepEqual((document.routes as { routes: unknown[] }).routes, [
    {
      matchers: ['a="b"'],
      mute_time_intervals: ['nights'],
      labels: { from: 'verbatim', value: { team: 'shop' } },
    },
  ]);
  assert.deepEqual(document.templates, ['/etc/am/*.tmpl']);
  const slack = plainValue(document.integrations['ops-slack']!, 'inline') as {
    config: { go_templates: Record<string, unknown> };
  };
  assert.equal(slack.config.go_templates['title'], '{{ .Status }}');
  assert.equal(slack.config.go_templates['text'], '{{ template "slack.default.text" . }}');
  assert.deepEqual(warnings, []);
});

test('secrets are referred to, or stand in the file so that they are not looked up again', () => {
  const conversion = convert(
    `route: { receiver: ops }\nreceivers: [{ name: ops, webhook_configs: [{ url: 'https://x/?t=s3cr3t\${' }] }]\n`,
  );
  const shown = formatNative(conversion, { source: 'am.yml', secrets: 'reference' });
  assert.doesNotMatch(shown, /s3cr3t/);
  assert.match(shown, /url: \$\{secret:ops-webhook-url\}/);
  assert.match(shown, /^# {3}ops-webhook-url$/m);
  assert.match(formatNative(conversion, { source: 'am.yml', secrets: 'inline' }), /s3cr3t\$\$\{/);
});

test('ids are made of the receiver and the kind, are short, and never the same', () => {
  const free = (): boolean => false;
  assert.equal(integrationId('Team Ü/x', 'slack', free), 'Team-U-x-slack');
  assert.equal(integrationId('日本', 'webhook', free), 'receiver-webhook');
  assert.equal(integrationId('x'.repeat(100), 'webhook', free).length, 64);
  assert.equal(
    integrationId('ops', 'slack', (id) => id === 'ops-slack'),
    'ops-slack-2',
  );
});

test('chats keep where they are and how they are told, and Alertmanager’s words where none are written', () => {
  const global = `global: { telegram_bot_token: '1:a' }\n`;
  const telegram = `{ chat_id: -1001234567890, message_thread_id: 7, disable_notifications: true, parse_mode: MarkdownV2 }`;
  assert.deepEqual(integrationOf('telegram', telegram, global), {
    connector: 'telegram',
    config: {
      bot_token: '1:a',
      chat_id: '-1001234567890',
      message_thread_id: 7,
      disable_notifications: true,
    },
    http: TLS,
  });
  assert.deepEqual(wordsOf('telegram', telegram, global), {
    message: '{{ template "telegram.default.message" . }}',
    parse_mode: 'MarkdownV2',
  });
  assert.deepEqual(integrationOf('discord', `{ webhook_url: 'https://x.example.org/h', username: am }`), {
    connector: 'discord',
    config: { webhook_url: 'https://x.example.org/h', username: 'am' },
    http: TLS,
  });
  assert.deepEqual(
    wordsOf('discord', `{ webhook_url: 'https://x.example.org/h', content: '@here', title: t }`),
    {
      content: '@here',
      title: 't',
      message: '{{ template "discord.default.message" . }}',
    },
  );
  for (const [kind, format, names] of [
    ['msteams', { format: 'message_card' }, ['title', 'summary', 'text']],
    ['msteamsv2', {}, ['title', 'text']],
  ] as const) {
    const settings = `{ webhook_url: 'https://x.example.org/h' }`;
    assert.deepEqual(integrationOf(kind, settings), {
      connector: 'msteams',
      config: { webhook_url: 'https://x.example.org/h', ...format },
      http: TLS,
    });
    assert.deepEqual(
      wordsOf(kind, settings),
      Object.fromEntries(names.map((name) => [name, `{{ template "${kind}.default.${name}" . }}`])),
    );
  }
});
