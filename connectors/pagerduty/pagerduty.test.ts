import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isFault, validateConfig, type NotifiedAlert, type Notification } from '@signalbox/sdk';
import { conformance, startFakeServer, testContext } from '@signalbox/sdk/testing';
import fc from 'fast-check';
import type { PagerdutyConfig } from './config.ts';
import { EVENT_BYTES } from './event.ts';
import pagerduty from './index.ts';

conformance(pagerduty, {
  dir: import.meta.dirname,
  config: (url) => ({ url: `${url}/v2/enqueue`, routing_key: 'r0ut1ngk3y4711r0ut1ngk3y4711abcd' }),
  deliverFixture: 'firing',
  skip: [
    {
      test: 'two deliveries under one idempotency key send the same key',
      reason: 'PagerDuty goes by its dedup_key, which belongs to the group; a test of its own looks at that',
    },
  ],
});

const firing = readSample('firing');
const resolved = readSample('resolved');

function readSample(name: string): Notification {
  const path = new URL(`fixtures/notifier/${name}/notification.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as Notification;
}

function settings(changes: object = {}): PagerdutyConfig {
  const checked = validateConfig(pagerduty.config, { routing_key: 'k', ...changes });
  assert.ok(checked.ok);
  return checked.config;
}

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into events of two shapes, and a wrong look fails the test
function eventOf(notification: Notification, changes: object = {}): any {
  return JSON.parse(pagerduty.notifier!.render(notification, settings(changes)).body);
}

test('[BR-INT-003] all deliveries of a group, its resolve included, go to the same alert, and those of another group do not', () => {
  const keys = [firing, { ...firing, generation: 2 }, resolved].map((each) => eventOf(each).dedup_key);
  assert.equal(new Set(keys).size, 1);
  assert.notEqual(eventOf({ ...firing, groupId: 'another' }).dedup_key, keys[0]);
  assert.deepEqual(
    [firing, resolved].map((each) => eventOf(each).event_action),
    ['trigger', 'resolve'],
  );
});

test('severities are PagerDuty’s words, and what says none has that of the settings', () => {
  for (const [severity, expected] of [
    ['page', 'critical'],
    ['major', 'error'],
    ['warn', 'warning'],
    ['debug', 'info'],
    ['odd', 'warning'],
  ] as const) {
    const labels = { ...firing.alerts[0]!.labels, severity };
    const event = eventOf({ ...firing, alerts: [{ ...firing.alerts[0]!, labels }] }, { severity: 'warning' });
    assert.equal(event.payload.severity, expected, severity);
  }
});

for (const [body, code] of [
  [
    { status: 'invalid event', message: 'Event object is invalid', errors: ['Invalid routing key'] },
    'SB_AUTH',
  ],
  [
    {
      status: 'invalid event',
      message: 'Event object is invalid',
      errors: ["'payload.severity' is invalid"],
    },
    'SB_REJECTED',
  ],
] as const) {
  test(`a 400 that says ${body.errors[0]} is ${code}`, async (t) => {
    const server = await startFakeServer(() => ({ status: 400, body }));
    t.after(server.close);
    const { context, close } = testContext({ config: settings({ url: server.url }) });
    t.after(close);
    const thrown = await pagerduty.notifier!.deliver(firing, context).catch((error: unknown) => error);
    assert.ok(isFault(thrown) && thrown.code === code, String(thrown));
  });
}

const GO = {
  go_templates: {
    description: '{{ template "pagerduty.default.description" . }}',
    client: '{{ template "pagerduty.default.client" . }}',
    client_url: '{{ template "pagerduty.default.clientURL" . }}',
    severity: '{{ .CommonLabels.severity }}',
    details: { num_firing: '{{ .Alerts.Firing | len }}', nested: { team: '{{ .CommonLabels.team }}' } },
    links: [
      { href: '{{ .CommonAnnotations.runbook_url }}', text: 'Runbook' },
      { href: '{{ .CommonAnnotations.none }}' },
    ],
  },
};

test('[BR-NOT-010] an event of Go templates is what Alertmanager sends, under Alertmanager’s key', () => {
  const event = eventOf(firing, GO);
  // SHA-256 of the group key, as in Alertmanager.
  assert.match(event.dedup_key, /^[0-9a-f]{64}$/);
  assert.equal(event.client, 'Alertmanager');
  assert.equal(event.payload.source, 'Alertmanager');
  assert.equal(event.payload.severity, 'critical');
  assert.match(event.payload.summary, /^\[FIRING:1\] DiskFull eu-1/);
  assert.deepEqual(event.payload.custom_details, { num_firing: 1, nested: { team: 'db' } });
  assert.deepEqual(event.links, [{ href: 'https://runbooks.example.org/disk-full', text: 'Runbook' }]);
  assert.equal(eventOf(resolved, GO).dedup_key, event.dedup_key);
});

test('[BR-NOT-007] templates that fail leave the default words with a note, and the key that was meant', async () => {
  const broken = eventOf(firing, { go_templates: { ...GO.go_templates, description: '{{ .Nope }}' } });
  assert.equal(broken.dedup_key, eventOf(firing, GO).dedup_key);
  assert.match(
    broken.payload.custom_details.template,
    /the template failed: config\.go_templates\.description/,
  );
  const { context, lines, close } = testContext({
    config: settings({ url: 'http://127.0.0.1:1/', summary: '{{ title | time }}' }),
  });
  await pagerduty.notifier!.deliver(firing, context).catch(() => undefined);
  await close();
  assert.match(lines.join('\n'), /the template failed/);
});

test('details that do not fit are left out, and the alert is sent', () => {
  const huge = {
    go_templates: {
      ...GO.go_templates,
      details: Object.fromEntries(
        Array.from({ length: 12 }, (_, index) => [`x${index}`, 'y'.repeat(50_000)]),
      ),
    },
  };
  assert.match(eventOf(firing, huge).payload.custom_details.error, /larger than 512 KB/);
});

const SPEC = new URL('../../../shared/specs/pagerduty/pagerduty-events-v2.openapi.json', import.meta.url);
const skip = existsSync(SPEC)
  ? false
  : `${SPEC.pathname.split('/').slice(-4).join('/')} is not beside the repository`;

test(
  'events have only fields that PagerDuty’s own description names, and all that it requires',
  { skip },
  () => {
    interface Shape {
      readonly properties: Record<string, { readonly enum?: readonly string[] }>;
      readonly required: readonly string[];
    }
    const spec = JSON.parse(readFileSync(SPEC, 'utf8')) as {
      paths: Record<string, { post: { requestBody: { content: Record<string, { schema: Shape }> } } }>;
      components: { schemas: { Payload: Shape } };
    };
    const event = spec.paths['/enqueue']!.post.requestBody.content['application/json']!.schema;
    const payload = spec.components.schemas.Payload;
    const check = (shape: Shape, value: Record<string, unknown>) => {
      assert.deepEqual(
        Object.keys(value).filter((name) => !(name in shape.properties)),
        [],
      );
      assert.deepEqual(
        shape.required.filter((name) => !(name in value)),
        [],
      );
      for (const [name, { enum: allowed }] of Object.entries(shape.properties))
        if (allowed && name in value) assert.ok(allowed.includes(value[name] as string), name);
    };
    for (const made of [eventOf(firing), eventOf(firing, GO), eventOf(resolved)]) {
      check(event, { routing_key: 'k', ...made });
      if (made.payload) check(payload, made.payload);
    }
  },
);

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 2_000 }),
  fc.constantFrom('a'.repeat(100_000), '\u202e', '"}]', '', 'ü'.repeat(20_000)),
);

test('whatever the labels and annotations, an event keeps PagerDuty’s limits', () => {
  const alert = fc
    .record({
      labels: fc.dictionary(fc.string(), nasty, { maxKeys: 20 }),
      summary: nasty,
      description: nasty,
    })
    .map(
      ({ labels, summary, description }): NotifiedAlert => ({
        ...firing.alerts[0]!,
        labels: { alertname: 'x', ...labels },
        annotations: { summary, description },
      }),
    );
  fc.assert(
    fc.property(fc.array(alert, { minLength: 1, maxLength: 60 }), (alerts) => {
      const event = eventOf({ ...firing, alerts, commonLabels: alerts[0]!.labels }, { max_alerts: 500 });
      assert.ok(event.payload.summary.length > 0 && event.payload.summary.length <= 1_024);
      assert.ok(event.payload.source.length > 0);
      assert.ok(event.dedup_key.length <= 255);
      assert.ok(Buffer.byteLength(JSON.stringify(event)) < EVENT_BYTES);
    }),
    { numRuns: 40 },
  );
});
