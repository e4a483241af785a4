import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startSink, type SinkRequest } from '../fakes/sink.ts';
import { FAKE_SLACK_TOKEN, startFakeSlack, type FakeMessage } from '../fakes/slack.ts';
import { FAKE_SMTP_PASSWORD, FAKE_SMTP_USER, startFakeSmtp, type FakeMail } from '../fakes/smtp.ts';
import { startAlertmanager } from './alertmanager.ts';
import { startExporter } from './exporter.ts';
import { startHub } from './hub.ts';
import { createMailbox, type Mailbox } from './mailbox.ts';
import { missingPrograms, reportVersions } from './program.ts';
import { startPrometheus } from './prometheus.ts';

const TOKEN = 'interop-token-0042';

test('[BR-WH-001] [BR-INT-001] [BR-NOT-001] [BR-NOT-002] [BR-TEST-005] [VPA-032] [HNP-055] a rule fires in a real Prometheus, a real Alertmanager posts it, webhook, Slack and mail are told, and again when it resolves', async (t) => {
  const missing = missingPrograms(['prometheus', 'alertmanager']);
  if (missing !== undefined) return t.skip(missing);
  reportVersions(t, ['prometheus', 'alertmanager']);

  await using cleanup = new AsyncDisposableStack();
  const receivers = await startReceivers(cleanup);
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-interop-'));
  cleanup.defer(() => rm(folder, { recursive: true }));
  const hub = await startHub({
    folder,
    configuration: receivers.configuration,
    env: { PROM_TOKEN: TOKEN, SLACK_TOKEN: FAKE_SLACK_TOKEN, SMTP_PASSWORD: FAKE_SMTP_PASSWORD },
  });
  cleanup.defer(async () => void (await hub.program.stop()));
  const alertmanager = await startAlertmanager({
    folder,
    configuration: JSON.stringify({
      route: {
        receiver: 'hub',
        group_by: ['alertname'],
        group_wait: '1s',
        group_interval: '1s',
        repeat_interval: '1h',
      },
      receivers: [
        {
          name: 'hub',
          webhook_configs: [
            {
              url: `${hub.url}/hooks/prom`,
              send_resolved: true,
              http_config: { authorization: { type: 'Bearer', credentials: TOKEN } },
            },
          ],
        },
      ],
    }),
  });
  cleanup.defer(async () => void (await alertmanager.program.stop()));
  const exporter = await startExporter('disk_used_ratio');
  cleanup.defer(() => exporter.close());
  const prometheus = await startPrometheus({
    folder,
    target: exporter.address,
    alertmanager: alertmanager.address,
    rules: [
      {
        alert: 'DiskFull',
        expr: 'disk_used_ratio > 0.9',
        labels: { severity: 'critical', team: 'storage' },
        annotations: { summary: 'The disk of {{ $labels.instance }} is full' },
      },
    ],
  });
  cleanup.defer(async () => void (await prometheus.stop()));

  exporter.set(0.97);
  const firing = await receivers.webhook.find(hasStatus('firing'));
  const { alerts } = JSON.parse(firing.body) as WebhookBody;
  assert.equal(alerts.length, 1);
  assert.equal(alerts[0]?.labels['alertname'], 'DiskFull');
  assert.equal(alerts[0]?.labels['instance'], exporter.address);
  assert.equal(alerts[0]?.annotations['summary'], `The disk of ${exporter.address} is full`);
  const posted = await receivers.slack.find(({ edits }) => edits === 0);
  assert.match(JSON.stringify(posted.content), /DiskFull/);
  const mail = await receivers.mail.find(({ raw }) => raw.includes('DiskFull'));
  assert.deepEqual(mail.to, ['ops@example.org']);
  assert.equal(mail.isSecure, true);
  assert.match(mail.raw, /Content-Type: text\/html/);
  assert.match(mail.raw, /Content-Type: text\/plain/);

  exporter.set(0.1);
  const resolved = JSON.parse((await receivers.webhook.find(hasStatus('resolved'))).body) as WebhookBody;
  assert.equal(resolved.alerts[0]?.status, 'resolved');
  assert.equal(resolved.alerts[0]?.fingerprint, alerts[0]?.fingerprint);
  const edited = await receivers.slack.find(({ edits }) => edits > 0);
  assert.equal(edited.ts, posted.ts, 'the same Slack message shows the new state');
  const answer = await receivers.mail.find((other) => other !== mail);
  assert.match(`${answer.headers['in-reply-to']} ${answer.headers['references']}`, /<.+>/);

  assert.deepEqual(
    receivers.webhook.all.map(({ body }) => (JSON.parse(body) as WebhookBody).status),
    ['firing', 'resolved'],
    'nobody is told twice',
  );
  assert.deepEqual(await hub.program.stop(), [0, null]);
});

interface WebhookBody {
  readonly status: string;
  readonly alerts: readonly {
    readonly status: string;
    readonly fingerprint: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

function hasStatus(status: string): (request: SinkRequest) => boolean {
  return ({ body }) => (JSON.parse(body) as WebhookBody).status === status;
}

interface Receivers {
  readonly webhook: Mailbox<SinkRequest>;
  readonly slack: Mailbox<FakeMessage>;
  readonly mail: Mailbox<FakeMail>;
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** Starts the three who are told, and writes the configuration that reaches them. */
async function startReceivers(cleanup: AsyncDisposableStack): Promise<Receivers> {
  const webhook = createMailbox<SinkRequest>();
  const slack = createMailbox<FakeMessage>();
  const mail = createMailbox<FakeMail>();
  const sink = await startSink({ onRequest: webhook.put });
  cleanup.defer(() => sink.close());
  const fakeSlack = await startFakeSlack(slack.put);
  cleanup.defer(() => fakeSlack.close());
  const smtp = await startFakeSmtp({ auth: 'required', onMail: mail.put });
  cleanup.defer(() => smtp.close());
  return {
    webhook,
    slack,
    mail,
    configuration: {
      integrations: {
        prom: { connector: 'alertmanager', auth: { bearer: '${env:PROM_TOKEN}' } },
        pager: { connector: 'webhook', config: { url: sink.url } },
        chat: {
          connector: 'slack',
          config: { token: '${env:SLACK_TOKEN}', channel: 'C0123456789', api_url: fakeSlack.apiUrl },
        },
        post: {
          connector: 'email',
          config: {
            host: smtp.host,
            port: smtp.port,
            ca: smtp.ca,
            username: FAKE_SMTP_USER,
            password: '${env:SMTP_PASSWORD}',
            from: 'Signalbox <signalbox@example.org>',
            to: ['ops@example.org'],
          },
        },
      },
      receivers: { ops: [{ integration: 'pager' }, { integration: 'chat' }, { integration: 'post' }] },
      routes: {
        receiver: 'ops',
        group_by: ['alertname'],
        group_wait: '0s',
        group_interval: '1s',
        repeat_interval: '1h',
      },
    },
  };
}
