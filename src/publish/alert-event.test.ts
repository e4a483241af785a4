import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toKafkaRecord } from '../journal/kafka/cloudevents.ts';
import { sampleAlert, sampleChange, T0 } from '../store/suite/samples.ts';
import { toAlertEvent, type PublishedAlert } from './alert-event.ts';

const HUB = { cluster: 'c1', generation: 'g1' };

test('[BR-INT-007] a change of an alert is a CloudEvent that another hub can take in', () => {
  const alert = sampleAlert('f1', { status: 'resolved', endsAt: T0 + 5_000, generatorURL: 'http://p/g' });
  const change = { ...sampleChange('f1', { status: 'resolved', at: T0 + 6_000 }), seq: 42 };
  assert.deepEqual(toAlertEvent(change, alert, HUB), {
    specversion: '1.0',
    id: 'g1-42',
    source: '/signalbox/c1',
    type: 'signalbox.alert.v1',
    subject: 'f1',
    time: '2023-11-14T22:13:26.000Z',
    datacontenttype: 'application/json',
    tenantid: 'default',
    partitionkey: 'default/f1',
    sequence: '0000000000000042',
    data: {
      status: 'resolved',
      labels: alert.labels,
      annotations: alert.annotations,
      startsAt: '2023-11-14T22:13:20.000Z',
      endsAt: '2023-11-14T22:13:25.000Z',
      generatorURL: 'http://p/g',
      fingerprint: 'f1',
      severity: 'critical',
      priority: 'critical',
      episode: 1,
      integration: 'prom',
    },
  });
});

test('a change that the alert has moved on from tells its own status, and not the newer end', () => {
  const alert = sampleAlert('f1', { status: 'resolved', endsAt: T0 });
  const { data } = toAlertEvent({ ...sampleChange('f1', { status: 'firing' }), seq: 1 }, alert, HUB);
  assert.equal((data as PublishedAlert).status, 'firing');
  assert.equal((data as PublishedAlert).endsAt, undefined);
});

test('an alert too large for a broker goes without what describes it', () => {
  const annotations = { text: 'x'.repeat(600 * 1024) };
  const alert = sampleAlert('f1', { annotations, details: { more: 1 } });
  const { data } = toAlertEvent({ ...sampleChange('f1'), seq: 1 }, alert, HUB);
  assert.deepEqual((data as PublishedAlert).annotations, {});
  assert.equal((data as PublishedAlert).details, undefined);
  assert.deepEqual((data as PublishedAlert).labels, alert.labels);
});

test('whatever labels hold, the event is a valid one, and its sequence sorts as its number does', () => {
  const seq = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
  const labels = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }));
  fc.assert(
    fc.property(seq, seq, labels, (one, other, given) => {
      const eventOf = (number: number) =>
        toAlertEvent({ ...sampleChange('f'), seq: number }, sampleAlert('f', { labels: given }), HUB);
      const { value } = toKafkaRecord('alerts', eventOf(one), { mode: 'binary' });
      assert.deepEqual((JSON.parse(value!.toString()) as PublishedAlert).labels, { ...given });
      assert.equal(String(eventOf(one)['sequence']) < String(eventOf(other)['sequence']), one < other);
    }),
  );
});
