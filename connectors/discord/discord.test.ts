import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isFault, validateConfig, type NotifiedAlert, type Notification } from '@signalbox/sdk';
import { conformance, longestNotification, startFakeServer, testContext } from '@signalbox/sdk/testing';
import fc from 'fast-check';
import type { DiscordConfig } from './config.ts';
import discord from './index.ts';
import { cutMarkdown, escapeMarkdown } from './markdown.ts';
import type { DiscordMessage } from './message.ts';

conformance(discord, {
  dir: import.meta.dirname,
  config: (url) => ({
    webhook_url: `${url}/api/webhooks/223704706495545344/3d89bb7572e0fb30d8128367b3b1b44fecd1726de135cbe2`,
  }),
  deliverFixture: 'firing',
});

function sample(name: string): Notification {
  const file = new URL(`fixtures/notifier/${name}/notification.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Notification;
}

const firing = sample('firing');

function settings(changes: object = {}): DiscordConfig {
  const checked = validateConfig(discord.config, { webhook_url: 'http://127.0.0.1:1/', ...changes });
  assert.ok(checked.ok, JSON.stringify(checked));
  return checked.config;
}

function messageOf(notification: Notification, changes: object = {}): DiscordMessage {
  return JSON.parse(discord.notifier!.render(notification, settings(changes)).body) as DiscordMessage;
}

for (const [status, body, code, words] of [
  [404, { message: 'Unknown Webhook', code: 10_015 }, 'SB_AUTH', /does not know the webhook/],
  [
    400,
    { message: 'Webhooks posted to forum channels must have a thread_name or thread_id', code: 220_001 },
    'SB_CONFIG',
    /forum channels/,
  ],
  [400, { message: 'Invalid Form Body', code: 50_035 }, 'SB_REJECTED', /Invalid Form Body/],
] as const) {
  test(`${status} ${body.message} is ${code}`, async (t) => {
    const server = await startFakeServer(() => ({ status, body }));
    t.after(server.close);
    const { context, close } = testContext({ config: settings({ webhook_url: server.url }) });
    t.after(close);
    const thrown = await discord.notifier!.deliver(firing, context).catch((error: unknown) => error);
    assert.ok(isFault(thrown) && thrown.code === code, String(thrown));
    assert.match(thrown.message, words);
  });
}

test('how long to wait is taken where Discord says it in seconds, and is bounded where it says milliseconds', async (t) => {
  for (const [headers, body, expected] of [
    [{ 'x-ratelimit-reset-after': '1.25' }, { retry_after: 9_000 }, 1_250],
    [{}, { retry_after: 0.5 }, 500],
    [{}, { retry_after: 6_457 }, 300_000],
  ] as const) {
    const server = await startFakeServer(() => ({ status: 429, headers, body }));
    t.after(server.close);
    const { context, close } = testContext({ config: settings({ webhook_url: server.url }) });
    t.after(close);
    const thrown = await discord.notifier!.deliver(firing, context).catch((error: unknown) => error);
    assert.ok(isFault(thrown) && thrown.code === 'SB_RATE_LIMITED');
    assert.equal(thrown.retryAfterMs, expected);
  }
});

test('nobody is mentioned but those of the settings, and only for what is critical and fires', () => {
  const loud = { mention: ['here', '&1211223344556677889', '190320984123768832'] };
  const { content, allowed_mentions } = messageOf(firing, loud);
  assert.equal(content, '@here <@&1211223344556677889> <@190320984123768832>');
  assert.deepEqual(allowed_mentions, {
    parse: ['everyone'],
    roles: ['1211223344556677889'],
    users: ['190320984123768832'],
  });
  for (const quiet of [
    messageOf({ ...firing, priority: 'warning' }, loud),
    messageOf({ ...firing, status: 'resolved' }, loud),
    messageOf(firing),
  ]) {
    assert.equal(quiet.content, undefined);
    assert.deepEqual(quiet.allowed_mentions, { parse: [] });
  }
});

test('[BR-NOT-010] a message of Go templates is Alertmanager’s, cut where it cuts', () => {
  const templates = {
    title: '{{ template "discord.default.title" . }}',
    message: '{{ template "discord.default.message" . }}',
  };
  const { content, embeds, allowed_mentions } = messageOf(firing, { go_templates: templates });
  assert.match(embeds[0].title, /^\[FIRING:1\] DiskFull eu-1/);
  assert.match(embeds[0].description, /Alerts Firing:\nLabels:\n - alertname = DiskFull\n/);
  assert.equal(embeds[0].color, 0x992d22);
  assert.deepEqual([content, allowed_mentions], ['', undefined]);
  assert.equal(
    messageOf({ ...firing, status: 'resolved' }, { go_templates: templates }).embeds[0].color,
    0x2ecc71,
  );
  const long = messageOf(firing, {
    go_templates: { title: '𝒳'.repeat(300), message: 'y'.repeat(5_000), content: 'z'.repeat(3_000) },
  });
  const lengths = [long.embeds[0].title, long.embeds[0].description, long.content!].map(
    (text) => Array.from(text).length,
  );
  assert.deepEqual(lengths, [256, 4_096, 2_000]);
});

test('[BR-NOT-007] templates that fail leave the default words with a note', () => {
  for (const changes of [{ go_templates: { title: '{{ .Nope }}' } }, { template: '{{ title | time }}' }]) {
    const [{ title, footer }] = messageOf(firing, changes).embeds;
    assert.match(title, /DiskFull/);
    assert.match(footer!.text, /the template failed/);
  }
});

/** All that a reader sees of it, unescaped. */
function wordsOf({ embeds: [{ title, description, footer }] }: DiscordMessage): string {
  return [title, description, footer!.text].join('\n').replace(/\\(.)/g, '$1');
}

test('[BR-NOT-005] [BR-NOT-006] a message says what the hub knows: procedures, environment, owner, what enrichment found, what changed, links, what is new', () => {
  const words = wordsOf(messageOf(sample('known')));
  for (const expected of [
    '**SEV1: Customers can’t do what they pay for**',
    'Acknowledge by 2026-11-20 09:06:30 UTC · update every 30m · led by incident commander',
    '3. Tell the status page',
    '[Procedure](https://runbooks.example.org/sev1)',
    'environment: **production** · owner: **team orders**',
    '• history: episodes 3',
    '• not found out: cmdb (no answer within 3 s)',
    '• changed: image of Deployment orders, 9m 20s before it began (release 2026.47)',
    '[Explain](https://signalbox.example.org/api/v1/alerts/1ce55aa90b3e71b2/explain)',
    'to shop-team · namespace=shop · cluster=eu-1 · update 3 · new alerts · Told late',
  ])
    assert.ok(words.includes(expected), expected);
});

test('where room is short, what was found and what changed is left out before any alert', () => {
  const known = sample('known');
  const many = Array.from({ length: 8 }, () => known.alerts[1]!);
  const words = wordsOf(messageOf({ ...known, alerts: many, truncatedAlerts: 0 }));
  const counted = (text: string): number => words.split(text).length - 1;
  assert.deepEqual([counted('**PodCrashLooping**'), counted('[Explain]')], [8, 8]);
  assert.ok(counted('changed: image') < 8);
  assert.ok(!words.includes('more alert'));
});

test('a cut never ends in half an escape', () => {
  const escaped = escapeMarkdown('*'.repeat(50));
  for (let length = 2; length < 20; length++) {
    const cut = cutMarkdown(escaped, length);
    assert.equal((/\\+…$/.exec(cut)?.[0].length ?? 1) % 2, 1, cut);
  }
});

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 2_000 }),
  fc.constantFrom('a'.repeat(50_000), '*'.repeat(3_000), '@everyone <@1> [x](http://x)', '\u202e', ''),
);

/** The note about it takes room as well. */
const BROKEN = { template: '{{ title | time }}' };

test('of an alert of which too much is said, name and times are told whatever the letters', () => {
  for (const mark of ['*', '"', '\\', '&', '漢', '𝒳', 'a']) {
    for (const count of [1, 2]) {
      const notification = longestNotification(mark, firing);
      const alerts = notification.alerts.slice(0, count);
      const { title, description, footer } = messageOf({ ...notification, alerts }, BROKEN).embeds[0];
      assert.ok(description.length <= 4_096 && title.length <= 256, mark);
      assert.ok(title.length + description.length + footer!.text.length <= 6_000, mark);
      assert.match(description, /since 2026/, mark);
    }
  }
});

test('whatever the labels and annotations, a message keeps Discord’s limits', () => {
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
      const { embeds } = messageOf(
        { ...firing, alerts, commonLabels: alerts[0]!.labels, assessment },
        { max_alerts: 50 },
      );
      const { title, description, footer } = embeds[0];
      assert.ok(title.length > 0 && title.length <= 256);
      assert.ok(description.length > 0 && description.length <= 4_096);
      assert.ok(title.length + description.length + footer!.text.length <= 6_000);
      assert.ok(description.includes(' UTC '), 'at least one alert is shown, with its times');
      const marks = description.replace(/\\./gs, '').replace(/`[^`\n]*`/g, '');
      assert.equal(marks.split('**').length % 2, 1, 'what is bold ends');
      assert.doesNotMatch(marks, /`|\[[^\]]*$/, 'no mark is cut');
    }),
    { numRuns: 60 },
  );
});
