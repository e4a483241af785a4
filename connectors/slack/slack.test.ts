import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { isFault, type Fault, type NotifiedAlert, type Notification } from '@signalbox/sdk';
import { conformance, testContext } from '@signalbox/sdk/testing';
import fc from 'fast-check';
import { FAKE_SLACK_TOKEN, startFakeSlack } from '../../test/fakes/slack.ts';
import type { SlackConfig } from './config.ts';
import slack from './index.ts';
import { composeMessage } from './message.ts';

conformance(slack, {
  dir: import.meta.dirname,
  config: (url) => ({ api_url: `${url}/api`, token: 'xoxb-test-4711', channel: 'C0123456789' }),
  deliverFixture: 'firing',
});

const firing = readSample('firing');
const resolved = readSample('resolved');

function readSample(name: string): Notification {
  const path = new URL(`fixtures/notifier/${name}/notification.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as Notification;
}

const DEFAULTS = {
  mode: 'update',
  mention: [],
  max_alerts: 10,
  api_url: 'https://slack.example/api',
} satisfies SlackConfig;

function settings(changes: Partial<SlackConfig> = {}): SlackConfig {
  return { ...DEFAULTS, token: FAKE_SLACK_TOKEN, channel: 'C0000000007', ...changes };
}

/** A fake Slack and one integration that talks to it, with a memory over its deliveries. */
async function start(t: TestContext, changes: Partial<SlackConfig> = {}) {
  const fake = await startFakeSlack();
  t.after(fake.close);
  const { context, lines, state, close } = testContext<SlackConfig>({
    config: settings({ api_url: fake.apiUrl, ...changes }),
  });
  t.after(close);
  return {
    fake,
    lines,
    state,
    deliver: (notification: Notification) => slack.notifier!.deliver(notification, context),
    probe: () => slack.probe!(context),
  };
}

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const thrown = await work.then(
    () => assert.fail('it succeeded'),
    (error: unknown) => error,
  );
  assert.ok(isFault(thrown), String(thrown));
  return thrown;
}

test('[BR-NOT-002] a group is one message that changes as the group does', async (t) => {
  const { fake, deliver } = await start(t);
  const posted = await deliver(firing);
  const updated = await deliver(resolved);
  const [message, ...others] = fake.messages();
  assert.deepEqual(others, []);
  assert.equal(message?.edits, 1);
  assert.match(String(message?.content['text']), /RESOLVED/);
  assert.equal(updated.vendorId, posted.vendorId);
});

test('a group that fires again after it was resolved is a new message', async (t) => {
  const { fake, deliver } = await start(t);
  for (const notification of [firing, resolved, { ...firing, generation: 3 }]) await deliver(notification);
  assert.deepEqual(
    fake.messages().map(({ edits }) => edits),
    [1, 0],
  );
});

test('the resolve, repeated, still updates the same message', async (t) => {
  const { fake, deliver } = await start(t);
  for (const notification of [firing, resolved, resolved]) await deliver(notification);
  assert.equal(fake.messages().length, 1);
});

test('a message that somebody deleted is posted anew, and followed from then on', async (t) => {
  const { fake, deliver } = await start(t);
  await deliver(firing);
  fake.forget(fake.messages()[0]!.ts);
  assert.match((await deliver({ ...firing, generation: 2 })).summary, /posted anew/);
  await deliver(resolved);
  assert.deepEqual(
    fake.messages().map(({ edits }) => edits),
    [1],
  );
});

test('in thread mode changes are replies to the first message', async (t) => {
  const { fake, deliver } = await start(t, { mode: 'thread' });
  for (const notification of [firing, { ...firing, generation: 2 }, resolved]) await deliver(notification);
  const [root, ...replies] = fake.messages();
  assert.deepEqual(
    replies.map(({ threadTs }) => threadTs),
    [root?.ts, root?.ts],
  );
});

test('in new mode every notification is a message of its own, and nothing is remembered', async (t) => {
  const { fake, deliver, state } = await start(t, { mode: 'new' });
  for (const notification of [firing, resolved]) await deliver(notification);
  assert.equal(fake.messages().length, 2);
  assert.equal(state.size, 0);
});

test('[BR-NOT-002] an incoming webhook gets the same message', async (t) => {
  const fake = await startFakeSlack();
  t.after(fake.close);
  const { context, close } = testContext<SlackConfig>({ config: settings({ webhook_url: fake.webhookUrl }) });
  t.after(close);
  await slack.notifier!.deliver(firing, context);
  await slack.probe!(context);
  assert.equal(fake.messages().length, 1, 'the probe posts nothing');
  fake.refuseNext('channel_is_archived');
  assert.equal((await faultOf(slack.notifier!.deliver(firing, context))).code, 'SB_CONFIG');
});

test('a webhook that was deleted is SB_AUTH, for the delivery and for the probe', async (t) => {
  const fake = await startFakeSlack();
  t.after(fake.close);
  const { context, close } = testContext<SlackConfig>({
    config: settings({ webhook_url: `${fake.url}/services/gone` }),
  });
  t.after(close);
  assert.equal((await faultOf(slack.notifier!.deliver(firing, context))).code, 'SB_AUTH');
  assert.equal((await faultOf(slack.probe!(context))).code, 'SB_AUTH');
});

for (const [error, code] of [
  ['invalid_auth', 'SB_AUTH'],
  ['token_revoked', 'SB_AUTH'],
  ['missing_scope', 'SB_AUTH'],
  ['channel_not_found', 'SB_CONFIG'],
  ['is_archived', 'SB_CONFIG'],
  ['ratelimited', 'SB_RATE_LIMITED'],
  ['msg_too_long', 'SB_REJECTED'],
  ['invalid_blocks', 'SB_REJECTED'],
  ['internal_error', 'SB_UNAVAILABLE'],
  ['never_heard_of', 'SB_REJECTED'],
] as const) {
  test(`Slack's ${error} is ${code} and is named`, async (t) => {
    const { fake, deliver } = await start(t);
    fake.refuseNext(error, { 'retry-after': '17' });
    const fault = await faultOf(deliver(firing));
    assert.equal(fault.code, code);
    assert.match(fault.message, new RegExp(error));
    assert.equal(fault.field, code === 'SB_CONFIG' ? 'config.channel' : undefined);
    assert.equal(fault.retryAfterMs, code === 'SB_RATE_LIMITED' ? 17_000 : undefined);
  });
}

test('settings for neither way of posting are SB_CONFIG', async () => {
  const { context, close } = testContext<SlackConfig>({ config: DEFAULTS });
  assert.equal((await faultOf(slack.notifier!.deliver(firing, context))).code, 'SB_CONFIG');
  await close();
});

test('critical notifications that fire mention; others and resolved ones do not', () => {
  const config = settings({ mention: ['here', 'U0123ABCD', 'S0123ABCD'] });
  const textOf = (notification: Notification) => composeMessage(notification, config).message.text;
  assert.match(textOf(firing), / <!here> <@U0123ABCD> <!subteam\^S0123ABCD>$/);
  assert.doesNotMatch(textOf(resolved), /<!here>/);
  assert.doesNotMatch(textOf({ ...firing, priority: 'warning' }), /<!here>/);
});

test('[BR-NOT-007] a template that fails shows the default text and says why', async (t) => {
  const { fake, deliver, lines } = await start(t, { template: '{{ title | time }}' });
  await deliver(firing);
  const shown = JSON.stringify(fake.messages()[0]?.content);
  assert.match(shown, /Disk \/var on db-1 is 96% full/);
  assert.match(shown, /the template failed/);
  assert.match(lines.join('\n'), /the template failed/);
});

const SPEC = new URL('../../../shared/specs/slack/slack-web-api.swagger.json', import.meta.url);
const skip = existsSync(SPEC)
  ? false
  : `${SPEC.pathname.split('/').slice(-4).join('/')} is not beside the repository`;

test(
  'requests have only parameters that Slack’s own description names, and all that it requires',
  { skip },
  async (t) => {
    interface Parameter {
      readonly name: string;
      readonly in: string;
      readonly required?: boolean;
    }
    const { paths } = JSON.parse(readFileSync(SPEC, 'utf8')) as {
      paths: Record<string, { post: { parameters: readonly Parameter[] } }>;
    };
    const { fake, deliver } = await start(t);
    await deliver(firing);
    await deliver(resolved);
    for (const request of fake.requests) {
      const parameters = paths[request.path.replace('/api', '')]!.post.parameters;
      const inBody = parameters.filter((parameter) => parameter.in === 'formData');
      const sent = Object.keys(request.body as object);
      assert.deepEqual(
        sent.filter((name) => !inBody.some((parameter) => parameter.name === name)),
        [],
      );
      assert.deepEqual(
        inBody.filter(({ name, required }) => required && !sent.includes(name)),
        [],
      );
    }
    assert.deepEqual(
      fake.requests.map(({ path }) => path),
      ['/api/chat.postMessage', '/api/chat.update'],
    );
  },
);

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 4_000 }),
  fc.constantFrom(
    '<!channel>',
    '<@U12345|x>',
    '&'.repeat(9_000),
    '<'.repeat(3_000),
    '`*_~`',
    '\u202e',
    'a'.repeat(20_000),
  ),
);
const nastyAlert: fc.Arbitrary<NotifiedAlert> = fc
  .record({
    labels: fc.dictionary(fc.string({ maxLength: 200 }), nasty, { maxKeys: 40 }),
    summary: nasty,
    description: nasty,
    status: fc.constantFrom('firing', 'resolved'),
    found: nasty,
  })
  .map(({ labels, summary, description, status, found }) => ({
    ...firing.alerts[0]!,
    status,
    facts: { environment: found, slo: found, compliance: [found, found], criticality: found },
    context: { a: { owner: found, reason: found }, b: { message: found }, c: [found], d: found },
    missing: { e: found },
    labels: { alertname: 'x', ...labels },
    annotations: {
      summary,
      description,
      runbook_url: `https://example.org/${encodeURIComponent(summary.toWellFormed()).slice(0, 1_900)}`,
    },
  }));

test('whatever the labels, the annotations and what was found out, the message keeps Slack’s limits and mentions nobody', () => {
  fc.assert(
    fc.property(fc.array(nastyAlert, { minLength: 1, maxLength: 60 }), (alerts) => {
      const commonLabels = alerts[0]!.labels;
      const words = alerts[0]!.annotations.summary!;
      const assessment = {
        level: 'SEV1',
        rule: 'r',
        definedAt: '',
        title: words,
        lead: words,
        steps: [words],
      };
      const { message } = composeMessage(
        { ...firing, alerts, commonLabels, assessment },
        settings({ max_alerts: 40 }),
      );
      const { blocks } = message.attachments[0];
      const texts = blocks
        .flatMap((block) => (block.type === 'section' ? [block.text] : block.elements))
        .map(({ text }) => text);
      assert.ok(blocks.length <= 50);
      assert.ok(texts.every((text) => text.length > 0 && text.length <= 3_000));
      assert.ok(texts.join('').length <= 13_000);
      assert.doesNotMatch([message.text, ...texts].join('\n'), /<[!@#]/);
    }),
    { numRuns: 60 },
  );
});

const GO = {
  fields: [{ title: 'Job', value: '{{ .CommonLabels.job }}' }],
  short_fields: true,
  actions: [],
  link_names: false,
  mrkdwn_in: ['text'],
  definitions: [{ name: 'own.tmpl', source: '{{ define "own" }}*{{ .Status }}*{{ end }}' }],
};

test('[BR-NOT-010] a message of Go templates is posted as Alertmanager posts it, to the channel that they name', async (t) => {
  const text = '{{ template "own" . }} {{ template "slack.default.title" . }}';
  const { fake, deliver } = await start(t, {
    go_templates: { ...GO, channel: 'C000000{{ len "1234" }}', title: '{{ .Receiver }}', text },
  });
  await deliver(firing);
  const [message] = fake.messages();
  assert.equal(message?.channel, 'C0000004');
  const [attachment] = message.content['attachments'] as Record<string, unknown>[];
  assert.equal(attachment?.['title'], 'on-call');
  assert.match(String(attachment['text']), /^\*firing\* \[FIRING:1\] DiskFull eu-1/);
  assert.deepEqual(attachment['fields'], [{ title: 'Job', value: 'node', short: true }]);
});

test('[BR-NOT-007] Go templates that fail leave the default message with a note', async (t) => {
  const { fake, deliver, lines } = await start(t, { go_templates: { ...GO, text: '{{ .Nope }}' } });
  await deliver(firing);
  assert.match(
    JSON.stringify(fake.messages()[0]?.content),
    /the template failed: config\.go_templates\.text/,
  );
  assert.match(lines.join('\n'), /"level":"warn".*the template failed/);
});
