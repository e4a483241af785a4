import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { validateConfig, type NotifiedAlert, type Notification } from '@signalbox/sdk';
import { conformance, longestNotification } from '@signalbox/sdk/testing';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import type { TeamsConfig } from './config.ts';
import { MESSAGE_BYTES } from './card.ts';
import msteams from './index.ts';

conformance(msteams, {
  dir: import.meta.dirname,
  config: (url) => ({ webhook_url: `${url}/workflows/0a1b2c3d/triggers/manual/paths/invoke` }),
  deliverFixture: 'firing',
});

function sample(name: string): Notification {
  const file = new URL(`fixtures/notifier/${name}/notification.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Notification;
}

const firing = sample('firing');

function settings(changes: object = {}): TeamsConfig {
  const checked = validateConfig(msteams.config, { webhook_url: 'http://127.0.0.1:1/', ...changes });
  assert.ok(checked.ok, JSON.stringify(checked));
  return checked.config;
}

function bodyOf(notification: Notification, changes: object = {}): string {
  return msteams.notifier!.render(notification, settings(changes)).body;
}

const V2 = {
  go_templates: {
    title: '{{ template "msteamsv2.default.title" . }}',
    text: '{{ template "msteamsv2.default.text" . }}',
  },
};

test('[BR-NOT-010] a card of Go templates is Alertmanager’s, in either form', () => {
  const message = JSON.parse(bodyOf(firing, V2)) as {
    type: string;
    attachments: { contentType: string; contentUrl: null; content: { body: object[]; version: string } }[];
  };
  const [{ contentType, contentUrl, content }] = message.attachments as [(typeof message.attachments)[0]];
  assert.deepEqual(
    [message.type, contentType, contentUrl, content.version],
    ['message', 'application/vnd.microsoft.card.adaptive', null, '1.2'],
  );
  const [heading, text] = content.body as [Record<string, unknown>, Record<string, unknown>];
  assert.match(String(heading['text']), /^\[FIRING:1\] DiskFull eu-1/);
  assert.deepEqual(
    { ...heading, text: '' },
    {
      type: 'TextBlock',
      text: '',
      weight: 'Bolder',
      size: 'Medium',
      wrap: true,
      style: 'heading',
      color: 'Attention',
    },
  );
  assert.match(String(text['text']), /# Alerts Firing:/);
  assert.deepEqual({ ...text, text: '' }, { type: 'TextBlock', text: '', wrap: true });

  const old = {
    format: 'message_card',
    go_templates: { title: 't', text: '{{ .Status }}', summary: 's' },
  };
  assert.deepEqual(JSON.parse(bodyOf(firing, old)), {
    '@context': 'http://schema.org/extensions',
    type: 'MessageCard',
    title: 't',
    summary: 's',
    text: 'firing',
    themeColor: '8C1A1A',
  });
  assert.match(bodyOf({ ...firing, status: 'resolved' }, old), /2DC72D/);
});

test('[BR-NOT-007] templates that fail, or yield more than Teams takes, leave the default words with a note', () => {
  for (const [changes, note] of [
    [{ go_templates: { title: '{{ .Nope }}' } }, /the template failed: config\.go_templates\.title/],
    [{ go_templates: { text: 'x'.repeat(30_000) } }, /more than the 28672 bytes/],
    [{ template: '{{ title | time }}' }, /the template failed/],
  ] as const) {
    const body = bodyOf(firing, changes);
    assert.match(body, /DiskFull/);
    assert.match(body, note);
  }
});

const SPEC = new URL(
  '../../../shared/specs/microsoft-teams/adaptive-card-1.5.0.schema.json',
  import.meta.url,
);
const skip = existsSync(SPEC)
  ? false
  : `${SPEC.pathname.split('/').slice(-4).join('/')} is not beside the repository`;

test('cards are what the schema of Adaptive Cards says', { skip }, () => {
  const { id: _, $schema, ...schema } = JSON.parse(readFileSync(SPEC, 'utf8')) as Record<string, unknown>;
  assert.ok($schema);
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  for (const changes of [{}, V2, { template: 'x' }]) {
    const message = JSON.parse(bodyOf(firing, changes)) as { attachments: { content: object }[] };
    // Teams' own, beside the schema.
    const card: Record<string, unknown> = { ...message.attachments[0]!.content, msteams: undefined };
    delete card['msteams'];
    assert.ok(validate(card), JSON.stringify(validate.errors));
  }
});

/** The lines that a reader sees of a card in either form, unescaped, with addresses in brackets. */
function linesOf(body: string): readonly string[] {
  const message = JSON.parse(body) as {
    text?: string;
    attachments?: readonly [{ content: { body: { inlines: Record<string, any>[] }[] } }];
  };
  if (message.text !== undefined)
    return message.text.replace(/\\(.)/g, '$1').replaceAll('**', '').split('\n\n');
  return message.attachments![0].content.body.map(({ inlines }) =>
    inlines
      .map(({ text, selectAction }) =>
        selectAction === undefined ? text : `[${text}](${selectAction['url']})`,
      )
      .join(''),
  );
}

for (const [format, count] of [
  ['adaptive_card', 24],
  ['message_card', 40],
] as const) {
  test(`[BR-NOT-005] [BR-NOT-006] ${format}: a message says what the hub knows: procedures, environment, owner, what enrichment found, what changed, links, what is new`, () => {
    const lines = linesOf(bodyOf(sample('known'), { format }));
    for (const expected of [
      'SEV1: Customers can’t do what they pay for',
      'Acknowledge by 2026-11-20 09:06:30 UTC · update every 30m · led by incident commander',
      '3. Tell the status page',
      '[Procedure](https://runbooks.example.org/sev1)',
      'level: SEV1 (extensive × high) · environment: production · owner: team orders · priority: critical · criticality: tier-1 · SLO: gold · compliance: pci-dss, gdpr',
      '• history: episodes 3',
      '• not found out: cmdb (no answer within 3 s)',
      '• changed: image of Deployment orders, 9m 20s before it began (release 2026.47)',
      'since 2026-11-20 09:01:30 UTC (16m 35s) · [Runbook](https://runbooks.example.org/crash-loop) · [Source](https://prometheus.example.org/graph?g0.expr=kafka_lag) · [Explain](https://signalbox.example.org/api/v1/alerts/1ce55aa90b3e71b2/explain)',
      'to shop-team · namespace=shop · cluster=eu-1 · update 3 · new alerts · Told late: the hub was catching up. · [Signalbox](https://signalbox.example.org/)',
    ])
      assert.ok(lines.includes(expected), `${expected}\n${lines.join('\n')}`);
  });

  test(`${format}: where room is short, what was found and what changed is left out before any alert`, () => {
    const known = sample('known');
    const many = Array.from({ length: count }, () => known.alerts[1]!);
    const lines = linesOf(
      bodyOf({ ...known, alerts: many, truncatedAlerts: 0 }, { format, max_alerts: count }),
    );
    const counted = (part: string): number => lines.filter((line) => line.includes(part)).length;
    assert.deepEqual([counted('PodCrashLooping Container'), counted('[Explain]')], [count, count]);
    assert.ok(counted('changed: image') < count);
    assert.equal(counted('more alert'), 0);
  });
}

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 2_000 }),
  fc.constantFrom('a'.repeat(50_000), '*'.repeat(3_000), '[x](http://x)', '\u202e', '', 'ü'.repeat(20_000)),
);

/** The note about it takes room as well. */
const BROKEN = { template: '{{ title | time }}' };

test('of an alert of which too much is said, name and times are told whatever the letters', () => {
  for (const mark of ['*', '"', '\\', '&', '漢', '𝒳', 'a']) {
    for (const format of ['adaptive_card', 'message_card']) {
      const notification = longestNotification(mark, firing);
      for (const count of [1, 2]) {
        const alerts = notification.alerts.slice(0, count);
        const body = JSON.stringify(JSON.parse(bodyOf({ ...notification, alerts }, { ...BROKEN, format })));
        assert.ok(Buffer.byteLength(body) <= MESSAGE_BYTES, mark);
        assert.match(body, /since 2026/, `${format} ${mark}`);
      }
    }
  }
});

test('whatever the labels and annotations, a message keeps Teams’ limit and tells the title', () => {
  const alert = fc
    .record({
      labels: fc.dictionary(fc.string(), nasty, { maxKeys: 20 }),
      summary: nasty,
      description: nasty,
      found: nasty,
    })
    .map(
      ({ labels, summary, description, found }): NotifiedAlert => ({
        ...firing.alerts[0]!,
        labels: { alertname: 'x', ...labels },
        facts: { environment: found, criticality: found, slo: found },
        context: { a: { owner: found, reason: found }, [found]: { message: found }, c: [found] },
        annotations: {
          summary,
          description,
          runbook_url: 'https://example.org/(a)',
          dashboard_url: `https://example.org/${'d'.repeat(1_900)}`,
        },
      }),
    );
  const format = fc.constantFrom('adaptive_card', 'message_card');
  fc.assert(
    fc.property(fc.array(alert, { minLength: 1, maxLength: 60 }), format, nasty, (alerts, form, found) => {
      const assessment = {
        level: found,
        title: found,
        rule: found,
        definedAt: 'x',
        lead: found,
        runbookUrl: `https://example.org/${'p'.repeat(900)}`,
        steps: [found, found, found, found, found, found],
      };
      const changed = { ...firing, alerts, commonLabels: alerts[0]!.labels, assessment };
      const body = JSON.stringify(JSON.parse(bodyOf(changed, { max_alerts: 50, format: form })));
      assert.ok(Buffer.byteLength(body) <= MESSAGE_BYTES);
      assert.match(body, /FIRING:/);
      assert.match(body, / UTC /, 'at least one alert is shown, with its times');
    }),
    { numRuns: 60 },
  );
});
