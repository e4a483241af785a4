import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isFault, validateConfig, type NotifiedAlert, type Notification } from '@signalbox/sdk';
import { conformance, longestNotification, startFakeServer, testContext } from '@signalbox/sdk/testing';
import fc from 'fast-check';
import type { TelegramConfig } from './config.ts';
import telegram from './index.ts';
import { fits, TEXT_BYTES, TEXT_CHARACTERS } from './message.ts';

conformance(telegram, {
  dir: import.meta.dirname,
  config: (url) => ({
    api_url: url,
    bot_token: '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw',
    chat_id: '-1001234567890',
  }),
  deliverFixture: 'firing',
});

function sample(name: string): Notification {
  const file = new URL(`fixtures/notifier/${name}/notification.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Notification;
}

const firing = sample('firing');

function settings(changes: object = {}): TelegramConfig {
  const checked = validateConfig(telegram.config, { bot_token: '1:a', chat_id: '-100', ...changes });
  assert.ok(checked.ok, JSON.stringify(checked));
  return checked.config;
}

function messageOf(notification: Notification, changes: object = {}): { text: string; parse_mode?: string } {
  return JSON.parse(telegram.notifier!.render(notification, settings(changes)).body) as { text: string };
}

for (const [status, body, code, words] of [
  [400, { description: 'Bad Request: chat not found' }, 'SB_CONFIG', /chat not found/],
  [
    400,
    {
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      parameters: { migrate_to_chat_id: -100987 },
    },
    'SB_CONFIG',
    /its id is -100987 from now on/,
  ],
  [
    400,
    { description: "Bad Request: can't parse entities: Unsupported start tag" },
    'SB_REJECTED',
    /parse entities/,
  ],
  [401, { description: 'Unauthorized' }, 'SB_AUTH', /./],
  [403, { description: 'Forbidden: bot was kicked from the supergroup chat' }, 'SB_AUTH', /was kicked/],
  [404, { description: 'Not Found' }, 'SB_AUTH', /does not know the bot/],
] as const) {
  test(`${status} ${body.description} is ${code}`, async (t) => {
    const server = await startFakeServer(() => ({
      status,
      body: { ok: false, error_code: status, ...body },
    }));
    t.after(server.close);
    const { context, close } = testContext({ config: settings({ api_url: server.url }) });
    t.after(close);
    const thrown = await telegram.notifier!.deliver(firing, context).catch((error: unknown) => error);
    assert.ok(isFault(thrown) && thrown.code === code, String(thrown));
    assert.match(thrown.message, words);
  });
}

test('Telegram says in the answer itself how long to wait', async (t) => {
  const server = await startFakeServer(() => ({
    status: 429,
    body: { ok: false, error_code: 429, description: 'Too Many Requests', parameters: { retry_after: 13 } },
  }));
  t.after(server.close);
  const { context, close } = testContext({ config: settings({ api_url: server.url }) });
  t.after(close);
  const thrown = await telegram.notifier!.deliver(firing, context).catch((error: unknown) => error);
  assert.ok(isFault(thrown) && thrown.code === 'SB_RATE_LIMITED');
  assert.equal(thrown.retryAfterMs, 13_000);
});

test('[BR-NOT-010] a message of Go templates is Alertmanager’s, escaped for HTML and cut where it is plain', () => {
  const html = messageOf(
    { ...firing, commonLabels: { team: '<b>&' } },
    { go_templates: { message: '<i>{{ .CommonLabels.team }}</i>' } },
  );
  assert.deepEqual([html.text, html.parse_mode], ['<i>&lt;b&gt;&amp;</i>', 'HTML']);
  const standard = messageOf(firing, {
    go_templates: { message: '{{ template "telegram.default.message" . }}' },
  });
  assert.match(standard.text, /^\s*Alerts Firing:\nLabels:\n - alertname = DiskFull\n/);
  const plain = messageOf(firing, { go_templates: { message: '𝒳'.repeat(5_000), parse_mode: '' } });
  assert.equal(Array.from(plain.text).length, TEXT_CHARACTERS);
  assert.ok(plain.text.endsWith('𝒳…'));
  assert.equal('parse_mode' in plain, false);
});

test('[BR-NOT-007] templates that fail, say nothing or do not fit leave the default words with a note', () => {
  for (const [message, problem] of [
    ['{{ .Nope }}', /the template failed: config\.go_templates\.message/],
    ['  ', /it yields no text/],
    ['x'.repeat(5_000), /longer than the 4096 characters/],
  ] as const) {
    const { text, parse_mode } = messageOf(firing, { go_templates: { message } });
    assert.equal(parse_mode, 'HTML');
    assert.match(text, /DiskFull/);
    assert.match(text, problem);
  }
  assert.match(messageOf(firing, { template: '{{ title | time }}' }).text, /the template failed/);
});

test('[BR-NOT-005] [BR-NOT-006] a message says what the hub knows: procedures, environment, owner, what enrichment found, what changed, links, what is new', () => {
  const { text } = messageOf(sample('known'));
  for (const expected of [
    '<b>SEV1: Customers can’t do what they pay for</b>',
    'Acknowledge by 2026-11-20 09:06:30 UTC · update every 30m · led by incident commander',
    '3. Tell the status page',
    '<a href="https://runbooks.example.org/sev1">Procedure</a>',
    'environment: <b>production</b> · owner: <b>team orders</b>',
    '• history: episodes 3',
    '• not found out: cmdb (no answer within 3 s)',
    '• changed: image of Deployment orders, 9m 20s before it began (release 2026.47)',
    '<a href="https://signalbox.example.org/api/v1/alerts/1ce55aa90b3e71b2/explain">Explain</a>',
    'to shop-team · namespace=shop · cluster=eu-1 · update 3 · new alerts · Told late',
  ])
    assert.ok(text.includes(expected), expected);
});

test('where room is short, what was found and what changed is left out before any alert', () => {
  const known = sample('known');
  const many = Array.from({ length: 8 }, () => known.alerts[1]!);
  const { text } = messageOf({ ...known, alerts: many, truncatedAlerts: 0 });
  const counted = (part: string): number => text.split(part).length - 1;
  assert.deepEqual([counted('<b>PodCrashLooping</b>'), counted('>Explain<')], [8, 8]);
  assert.ok(counted('changed: image') < 8);
  assert.ok(!text.includes('more alert'));
});

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 2_000 }),
  fc.constantFrom('a'.repeat(50_000), '<b>', '</code>', '&'.repeat(3_000), '\u202e', '', 'ü'.repeat(20_000)),
);

/** The note about it takes room as well. */
const BROKEN = { template: '{{ title | time }}' };

test('of an alert of which too much is said, name and times are told whatever the letters', () => {
  for (const mark of ['*', '"', '\\', '&', '漢', '𝒳', 'a']) {
    for (const count of [1, 2]) {
      const notification = longestNotification(mark, firing);
      const { text } = messageOf({ ...notification, alerts: notification.alerts.slice(0, count) }, BROKEN);
      assert.ok(fits(text) && Buffer.byteLength(text) <= TEXT_BYTES, mark);
      assert.match(text, /since 2026/, mark);
    }
  }
});

test('whatever the labels and annotations, a message keeps Telegram’s limits and closes what it opens', () => {
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
          runbook_url: 'https://example.org/?a="<&',
          dashboard_url: `https://example.org/${'d'.repeat(1_900)}`,
        },
      }),
    );
  fc.assert(
    fc.property(fc.array(alert, { minLength: 1, maxLength: 60 }), nasty, (alerts, found) => {
      const assessment = {
        level: found,
        title: found,
        rule: found,
        definedAt: 'x',
        lead: found,
        runbookUrl: `https://example.org/${'p'.repeat(900)}`,
        steps: [found, found, found, found, found, found],
      };
      const { text } = messageOf(
        { ...firing, alerts, commonLabels: alerts[0]!.labels, assessment },
        { max_alerts: 50 },
      );
      assert.ok(fits(text));
      assert.ok(Buffer.byteLength(text) <= TEXT_BYTES);
      const open: string[] = [];
      for (const [, slash, name] of text.matchAll(/<(\/?)(\w+)[^>]*>/g)) {
        if (slash === '') open.push(name!);
        else assert.equal(open.pop(), name);
      }
      assert.deepEqual(open, []);
      assert.ok(text.includes(' UTC '), 'at least one alert is shown, with its times');
    }),
    { numRuns: 60 },
  );
});
