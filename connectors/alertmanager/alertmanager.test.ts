import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isFault, type SourceRequest } from '@signalbox/sdk';
import { conformance } from '@signalbox/sdk/testing';
import connector from './index.ts';
import { source } from './source.ts';

conformance(connector, { dir: import.meta.dirname, config: () => ({ resolve_timeout_seconds: 300 }) });

const NOW = new Date('2026-11-20T09:20:00Z');
const CONFIG = { resolve_timeout_seconds: 300 };

function request(body: unknown): SourceRequest {
  return {
    method: 'POST',
    path: '/hooks/prom',
    query: {},
    headers: {},
    contentType: 'application/json',
    body,
  };
}

function fixture(name: string): { readonly url: URL; readonly skip: string | false } {
  const url = new URL(`../../../shared/fixtures/alertmanager/${name}`, import.meta.url);
  return { url, skip: existsSync(url) ? false : `shared/fixtures/alertmanager/${name} is not there` };
}

const read = (url: URL) => JSON.parse(readFileSync(url, 'utf8')) as unknown;

test('[BR-INT-001] each alert of a webhook has its own status, labels and times', () => {
  const alert = { labels: { alertname: 'A' }, annotations: {}, startsAt: '2026-11-20T10:00:00+01:00' };
  const body = {
    version: '4',
    status: 'firing',
    alerts: [
      { ...alert, status: 'firing', endsAt: '0001-01-01T00:00:00Z' },
      { ...alert, status: 'resolved', endsAt: '2026-11-20T10:10:00+01:00' },
    ],
  };
  const [first, second] = source.parse(request(body), CONFIG, NOW);
  assert.deepEqual(
    [first?.status, first?.startsAt, first?.endsAt],
    ['firing', '2026-11-20T09:00:00.000Z', undefined],
  );
  assert.deepEqual([second?.status, second?.endsAt], ['resolved', '2026-11-20T09:10:00.000Z']);
});

test('the maps of the sender are passed on, not copied', () => {
  const labels = { alertname: 'A', zone: 'b' };
  const annotations = { summary: 's' };
  const alerts = [{ status: 'firing', labels, annotations }];
  const [alert] = source.parse(request({ version: '4', alerts }), CONFIG, NOW);
  assert.equal(alert?.labels, labels);
  assert.equal(alert?.annotations, annotations);
});

test('a wrong shape is refused with the path of the field and without its value', () => {
  const alert = { status: 'firing', labels: { alertname: 'A' } };
  const cases: [unknown, string][] = [
    ['s3cret', ''],
    [{ version: 4, alerts: [] }, 'version'],
    [{ version: '4' }, 'alerts'],
    [{ version: '4', alerts: [alert, 's3cret'] }, 'alerts[1]'],
    [{ version: '4', alerts: [{ ...alert, labels: 's3cret' }] }, 'alerts[0].labels'],
    [{ version: '4', alerts: [{ ...alert, annotations: { a: ['s3cret'] } }] }, 'alerts[0].annotations.a'],
    [{ version: '4', alerts: [{ ...alert, status: 's3cret' }] }, 'alerts[0].status'],
    [{ version: '4', alerts: [{ ...alert, endsAt: 's3cret' }] }, 'alerts[0].endsAt'],
    [{ version: '4', alerts: [{ ...alert, generatorURL: 7 }] }, 'alerts[0].generatorURL'],
  ];
  for (const [body, field] of cases) {
    assert.throws(
      () => source.parse(request(body), CONFIG, NOW),
      (error) =>
        isFault(error) &&
        error.code === 'SB_REJECTED' &&
        error.field === field &&
        !/s3cret/.test(error.message),
      field,
    );
  }
});

for (const [name, status] of [
  ['webhook-v4-firing.json', 'firing'],
  ['webhook-pod-crash.json', 'firing'],
  ['webhook-resolved.json', 'resolved'],
] as const) {
  const { url, skip } = fixture(name);
  test(`[BR-INT-001] [VPA-030] a captured webhook is understood: ${name}`, { skip }, () => {
    const body = read(url) as { alerts: { labels: Record<string, string>; startsAt: string }[] };
    const alerts = source.parse(request(body), CONFIG, NOW);
    assert.equal(alerts.length, body.alerts.length);
    for (const [index, alert] of alerts.entries()) {
      assert.equal(alert.status, status);
      assert.deepEqual(alert.labels, body.alerts[index]?.labels);
      assert.ok(alert.startsAt?.endsWith('Z'));
      assert.equal(Date.parse(alert.startsAt ?? ''), Date.parse(body.alerts[index]?.startsAt ?? ''));
      assert.equal(alert.endsAt !== undefined, status === 'resolved');
    }
  });
}

const postedRequest = (body: unknown): SourceRequest => ({
  ...request(body),
  path: '/hooks/prom/api/v2/alerts',
});

test('what Prometheus posts to API v2 fires until its end has passed', () => {
  const posted = [
    { labels: { alertname: 'A', empty: '' }, endsAt: '2026-11-20T09:24:00Z', generatorURL: 'http://prom/g' },
    { labels: { job: 'x' }, startsAt: '2026-11-20T09:00:00Z', endsAt: '2026-11-20T09:20:00Z' },
    { labels: { job: 'y' } },
  ];
  assert.deepEqual(source.parse(postedRequest(posted), CONFIG, NOW), [
    {
      status: 'firing',
      labels: { alertname: 'A' },
      annotations: {},
      inArrivalOrder: true,
      startsAt: '2026-11-20T09:24:00Z',
      endsAt: '2026-11-20T09:24:00Z',
      generatorURL: 'http://prom/g',
    },
    {
      status: 'resolved',
      labels: { job: 'x' },
      annotations: {},
      inArrivalOrder: true,
      startsAt: '2026-11-20T09:00:00Z',
      endsAt: '2026-11-20T09:20:00Z',
    },
    {
      status: 'firing',
      labels: { job: 'y' },
      annotations: {},
      inArrivalOrder: true,
      resolveAfterMs: 300_000,
    },
  ]);
});

for (const [what, alert] of [
  ['no label', { labels: {} }],
  ['only empty labels', { labels: { a: '' } }],
  [
    'an end before its start',
    { labels: { a: 'b' }, startsAt: '2026-11-20T09:00:00Z', endsAt: '2026-11-20T08:00:00Z' },
  ],
  ['a start after its time-out', { labels: { a: 'b' }, startsAt: '2026-11-20T10:00:00Z' }],
] as const)
  test(`a posted alert with ${what} is refused`, () => {
    assert.throws(() => source.parse(postedRequest([alert]), CONFIG, NOW), isFault);
  });
