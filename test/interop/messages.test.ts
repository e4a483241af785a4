import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { validateConfig, type Connector, type Notification } from '@signalbox/sdk';
import discord from '../../connectors/discord/index.ts';
import slack from '../../connectors/slack/index.ts';
import telegram from '../../connectors/telegram/index.ts';
import webhook from '../../connectors/webhook/index.ts';
import { convertConfig } from '../../src/alertmanager/convert.ts';
import { loadAlertmanagerConfig } from '../../src/alertmanager/load-config.ts';
import { plainValue } from '../../src/alertmanager/native-document.ts';
import { startSink, type SinkRequest } from '../fakes/sink.ts';
import { startAlertmanager } from './alertmanager.ts';
import { createMailbox } from './mailbox.ts';
import { missingPrograms, reportVersions } from './program.ts';

const DEFINITIONS = `{{ define "team.text" }}{{ range .Alerts }}{{ .Labels.instance }} {{ .Status }} <{{ .Annotations.summary }}>
{{ end }}{{ end }}`;

function configuration(url: string): string {
  return `templates: ['*.tmpl']
route: { receiver: team.x, group_by: [alertname], group_wait: 1s, group_interval: 5m }
receivers:
- name: team.x
  webhook_configs:
  - url: ${url}/whole
  - url: ${url}/cut
    max_alerts: 2
  slack_configs:
  - api_url: ${url}/default
    send_resolved: true
  - api_url: ${url}/words
    send_resolved: true
    channel: '#{{ .GroupLabels.alertname | toLower }}'
    title: '{{ .Status | toUpper }} & {{ len .Alerts }}'
    text: '{{ template "team.text" . }}'
    short_fields: true
    link_names: true
    mrkdwn_in: [text]
    fields: [{ title: Team, value: '{{ .CommonLabels.team }}' }, { title: b, value: c, short: false }]
    actions: [{ type: button, text: 'Go {{ .Receiver }}', url: '{{ .ExternalURL }}', confirm: { text: Sure } }, { type: button, text: Ack, name: '{{ .Status }}', value: v, style: danger, confirm: { text: Sure, ok_text: 'Y' } }]
  telegram_configs:
  - { api_url: ${url}, bot_token: '1:default', chat_id: -1001234567890, parse_mode: HTML }
  - { api_url: ${url}, bot_token: '2:words', chat_id: 42, disable_notifications: true, parse_mode: HTML, message: '<b>{{ .Status }}</b> {{ template "team.text" . }}' }
  - { api_url: ${url}, bot_token: '3:plain', chat_id: 42, parse_mode: '', message: '{{ template "team.text" . }}' }
  discord_configs:
  - { webhook_url: ${url}/discord }
  - { webhook_url: ${url}/discord-words, title: '{{ .Status }} & more', message: '{{ template "team.text" . }}' }
`;
}

const now = Date.now();
const at = (minutes: number): string =>
  new Date(Math.floor(now / 1_000) * 1_000 + minutes * 60_000).toISOString();

/** Not in the order in which they are told; names, angle brackets, line separators and times that are written in more ways than one. */
const ALERTS = [
  {
    labels: { job: 'node', instance: 'b', team: 'dß' },
    annotations: { summary: '<b> & "q" \u2028' },
    startsAt: at(-5),
  },
  { labels: { instance: 'a', team: 'dß' }, startsAt: new Date(now - 3_210).toISOString() },
  { labels: { job: 'node', instance: 'a', team: 'dß', zone: '1' }, startsAt: at(-9), endsAt: at(-1) },
  {
    labels: { job: 'api', instance: 'z', team: 'dß' },
    generatorURL: 'https://prom.example.org/graph?a=1&b=2',
  },
].map((alert) => ({ ...alert, labels: { alertname: 'DiskFull', ...alert.labels } }));

test('[BR-NOT-006] webhooks byte for byte and Slack messages field by field are those of a real Alertmanager with the same file', async (t) => {
  const missing = missingPrograms(['alertmanager']);
  if (missing !== undefined) return t.skip(missing);
  reportVersions(t, ['alertmanager']);
  await using cleanup = new AsyncDisposableStack();
  const told = createMailbox<SinkRequest>();
  const sink = await startSink({ onRequest: told.put });
  cleanup.defer(() => sink.close());
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-messages-'));
  cleanup.defer(() => rm(folder, { recursive: true }));
  const { program, address, file } = await startAlertmanager({
    folder,
    configuration: configuration(sink.url),
    files: { 'team.tmpl': DEFINITIONS },
    path: '/am',
  });
  cleanup.defer(async () => void (await program.stop()));
  const posted = await fetch(`http://${address}/am/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(ALERTS),
  });
  assert.equal(posted.status, 200);

  const theirs = async (path: string): Promise<string> => (await told.find((one) => one.path === path)).body;
  const whole = await theirs('/whole');
  const notification = notificationOf(JSON.parse(whole) as WebhookBody);
  const rendered = await renderAll(file, notification);
  assert.equal(asOldAs(whole, rendered.get('/whole')!), whole);
  assert.equal(asOldAs(whole, rendered.get('/cut')!), await theirs('/cut'));
  for (const path of ['/default', '/words']) {
    assert.deepEqual(JSON.parse(rendered.get(path)!), JSON.parse(await theirs(path)), path);
  }
  for (const path of ['/discord', '/discord-words']) {
    assert.deepEqual(JSON.parse(rendered.get(path)!), JSON.parse(await theirs(path)), path);
  }
  for (const bot of ['1:default', '2:words', '3:plain']) {
    const path = `/bot${bot}/sendMessage`;
    assert.deepEqual(telegramTexts(rendered.get(path)!), telegramTexts(await theirs(path)), path);
  }
});

/** Alertmanager writes everything as texts, and says in the older way that there is no preview. */
function telegramTexts(body: string): object {
  const { link_preview_options, ...fields } = JSON.parse(body) as Record<string, unknown>;
  const preview = link_preview_options === undefined ? {} : { disable_web_page_preview: true };
  return Object.fromEntries(
    Object.entries({ ...fields, ...preview })
      .map(([name, value]) => [name, String(value)])
      // Telebot names the modes as it likes, and an empty one is none.
      .filter(([, value]) => value !== ''),
  );
}

/** What the connectors would send for each entry of the receiver, by the path of its address. */
async function renderAll(file: string, notification: Notification): Promise<ReadonlyMap<string, string>> {
  const read = await loadAlertmanagerConfig(file);
  assert.ok(read.ok, JSON.stringify(read));
  const { document, errors } = convertConfig(read.config, read.tree, { folder: dirname(file) });
  assert.deepEqual(errors, []);
  const bodies = new Map<string, string>();
  for (const integration of Object.values(document.integrations)) {
    const { connector, config } = plainValue(integration, 'inline') as { connector: string; config: object };
    const implementation = ([webhook, slack, telegram, discord] as unknown as Connector[]).find(
      ({ id }) => id === connector,
    );
    if (implementation === undefined) continue;
    const checked = validateConfig(implementation.config, config);
    assert.ok(checked.ok, JSON.stringify(checked));
    const value = checked.config as {
      url?: string;
      webhook_url?: string;
      bot_token?: string;
      go_templates?: object;
    };
    const definitions = [{ name: 'team.tmpl', source: DEFINITIONS }];
    const filled = {
      ...value,
      ...(value.go_templates ? { go_templates: { ...value.go_templates, definitions } } : {}),
    };
    const { body } = implementation.notifier!.render(notification, filled);
    const address = value.url ?? value.webhook_url;
    const path = address === undefined ? `/bot${value.bot_token}/sendMessage` : new URL(address).pathname;
    bodies.set(path, body);
  }
  return bodies;
}

/** Without the fields that Alertmanager has since 0.32 and 0.33, where the one that runs is older. */
function asOldAs(theirs: string, body: string): string {
  return [NEWER_REASON, NEWER_LABELS].reduce(
    (text, field) => (field.test(theirs) ? text : text.replace(field, '')),
    body,
  );
}

const NEWER_REASON = /"notification_reason":"[^"]*",/;
const NEWER_LABELS = /"routeLabels":\{[^}]*\},/;

interface WebhookBody
  extends Pick<
    Notification,
    'status' | 'groupLabels' | 'commonLabels' | 'commonAnnotations' | 'groupKey' | 'externalURL'
  > {
  readonly alerts: readonly (Notification['alerts'][number] & { readonly endsAt: string })[];
}

/** The same alerts as a notification of ours, in another order. */
function notificationOf(body: WebhookBody): Notification {
  const { status, groupLabels, commonLabels, commonAnnotations, groupKey, externalURL } = body;
  return {
    status,
    groupLabels,
    commonLabels,
    commonAnnotations,
    groupKey,
    externalURL,
    id: 'n_1',
    tenant: 'default',
    groupId: 'g',
    generation: 1,
    receiver: 'team.x',
    reason: 'first',
    priority: 'warning',
    alerts: body.alerts
      .toReversed()
      .map(({ endsAt, ...alert }) => (alert.status === 'resolved' ? { ...alert, endsAt } : alert)),
    truncatedAlerts: 0,
    createdAt: new Date(now).toISOString(),
    late: false,
  };
}
