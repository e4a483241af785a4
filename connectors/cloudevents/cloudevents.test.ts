import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isFault, type AlertData, type SourceRequest } from '@signalbox/sdk';
import { conformance } from '@signalbox/sdk/testing';
import connector from './index.ts';
import { source } from './source.ts';

conformance(connector, { dir: import.meta.dirname, config: () => ({}) });

const NOW = new Date('2026-11-20T09:20:00Z');
const event = { specversion: '1.0', id: 'e-1', source: '/build/7', type: 'org.example.build.failed' };

function request(changes: Partial<SourceRequest>): SourceRequest {
  const contentType = 'application/cloudevents+json';
  return {
    method: 'POST',
    path: '/hooks/ce',
    query: {},
    headers: {},
    contentType,
    body: undefined,
    ...changes,
  };
}

function parse(changes: Partial<SourceRequest>, config = {}): readonly AlertData[] {
  return source.parse(request(changes), config, NOW);
}

function fieldOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (isFault(error) && error.code === 'SB_REJECTED') return error.field;
    throw error;
  }
  return 'nothing was refused';
}

const headersOf = (fields: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [`ce-${name}`, value]));

test('[BR-INT-007] one event means the same in binary, structured and batched mode', () => {
  const data = { message: 'compiler crashed' };
  const time = '2026-11-20T09:00:00Z';
  const structured = parse({ body: { ...event, time, data } });
  const batched = parse({
    contentType: 'application/cloudevents-batch+json',
    body: [{ ...event, time, data }],
  });
  const headers = headersOf({ ...event, time });
  const binary = parse({ contentType: 'application/json', headers, body: data });
  assert.equal(structured.length, 1);
  assert.equal(structured[0]?.labels['alertname'], 'org.example.build.failed');
  assert.deepEqual(batched, structured);
  assert.deepEqual(binary, structured);
});

test('[BR-INT-007] an event that breaks a rule of the specification is refused with the field', () => {
  const cases: [object, string][] = [
    [{ specversion: '0.3' }, 'specversion'],
    [{ specversion: undefined }, 'specversion'],
    [{ id: '' }, 'id'],
    [{ source: undefined }, 'source'],
    [{ type: 7 }, 'type'],
    [{ time: 'noon' }, 'time'],
    [{ subject: '' }, 'subject'],
    [{ 'not-allowed': 'x' }, 'not-allowed'],
    [{ Upper: 'x' }, 'Upper'],
    [{ ext: { a: 1 } }, 'ext'],
    [{ data: {}, data_base64: 'AA==' }, 'data_base64'],
    [{ datacontenttype: 'application/json', data_base64: 'AA==' }, 'data_base64'],
  ];
  for (const [change, field] of cases)
    assert.equal(
      fieldOf(() => parse({ body: { ...event, ...change } })),
      field,
    );
  const headers = headersOf({ ...event, subject: '%E0%A4%A' });
  assert.equal(
    fieldOf(() => parse({ contentType: 'application/json', headers, body: {} })),
    'ce-subject',
  );
  assert.equal(
    fieldOf(() => parse({ contentType: 'application/json', body: 7 })),
    '',
  );
});

test('a later event with the status "resolved" ends the alert that an earlier one raised', () => {
  const [raised] = parse({ body: { ...event, severity: 'P1', time: '2026-11-20T09:00:00Z' } });
  const [over] = parse({ body: { ...event, id: 'e-2', status: 'resolved', time: '2026-11-20T09:30:00Z' } });
  assert.deepEqual([raised?.status, raised?.labels['severity']], ['firing', 'critical']);
  assert.deepEqual([over?.status, over?.endsAt], ['resolved', '2026-11-20T09:30:00Z']);
  assert.equal(over?.key, raised?.key);
});

test('source and id of a single event are the delivery id; a batch and a broken request have none', () => {
  const idOf = (changes: Partial<SourceRequest>) => source.deliveryId?.(request(changes), {});
  assert.equal(idOf({ body: event }), '/build/7 e-1');
  assert.equal(idOf({ contentType: 'application/cloudevents-batch+json', body: [event, event] }), undefined);
  assert.equal(idOf({ body: { ...event, id: 7 } }), undefined);
});

test('[VPA-097] the flat event JSON is an alert about its resource, with the whole event in the details', () => {
  const flat = {
    event_type: 'vpa_recommendation_generated',
    timestamp: '2024-01-15T10:30:00Z',
    tenant_id: 'tenant-123',
    resource_id: 'pod-456',
    recommendation: { cpu: '500m', memory: '1Gi' },
    confidence_score: 0.95,
  };
  const [alert] = parse({ contentType: 'application/json', body: flat });
  assert.deepEqual(alert?.labels, {
    alertname: 'vpa_recommendation_generated',
    source: '/tenants/tenant-123',
    subject: 'pod-456',
    type: 'vpa_recommendation_generated',
  });
  assert.equal(alert.startsAt, '2024-01-15T10:30:00Z');
  assert.deepEqual(alert.details?.['data'], flat);
  const broken = { ...flat, confidence_score: 'high' };
  assert.equal(
    fieldOf(() => parse({ contentType: 'application/json', body: broken })),
    'confidence_score',
  );
});

test('[BR-INT-013] expressions decide what an event means and whether it matters', () => {
  const config = { when: 'data.tries > 2', labels: { alertname: '"Build broken"', tries: 'data.tries' } };
  assert.deepEqual(parse({ body: { ...event, data: { tries: 2 } } }, config), []);
  const [alert] = parse({ body: { ...event, data: { tries: 3 } } }, config);
  assert.deepEqual(alert?.labels, { alertname: 'Build broken', tries: '3' });
  assert.equal(
    fieldOf(() => parse({ body: event }, config)),
    'config.when',
  );
});

test('an expression that is wrong is a matter of the configuration, which the probe finds before any event does', async () => {
  const config = { labels: { alertname: 'event.' } };
  await assert.rejects(
    async () =>
      connector.probe?.({ config } as unknown as Parameters<NonNullable<typeof connector.probe>>[0]),
    (error) => isFault(error) && error.code === 'SB_CONFIG' && error.field === 'config.labels.alertname',
  );
});

for (const name of ['structured-1.json', 'structured-3.json', 'structured-5.json', 'batch-1.json']) {
  const url = new URL(`../../../shared/fixtures/cloudevents/${name}`, import.meta.url);
  const skip = existsSync(url) ? false : `shared/fixtures/cloudevents/${name} is not there`;
  test(`[BR-INT-007] an example of the specification is understood: ${name}`, { skip }, () => {
    const body = JSON.parse(readFileSync(url, 'utf8')) as
      | { type: string; time: string }[]
      | { type: string; time: string };
    const contentType = Array.isArray(body)
      ? 'application/cloudevents-batch+json'
      : 'application/cloudevents+json';
    const expected = [body].flat().map(({ type, time }) => [type, time]);
    const alerts = parse({ contentType, body });
    assert.deepEqual(
      alerts.map(({ labels, startsAt }) => [labels['alertname'], startsAt]),
      expected,
    );
  });
}
