import assert from 'node:assert/strict';
import { test } from 'node:test';
import { family, formatFamilies, readSamples } from './families.ts';
import { notificationFamilies } from './notifications.ts';

test('what is written is read again, whatever the labels hold', () => {
  const labels = { integration: 'a"b\\c\nd', le: '+Inf' };
  const text = formatFamilies([family('x_total', 'counter', 'Some.', [[labels, 3]])]);
  assert.match(text, /^# HELP alertmanager_x_total Some\.\n# TYPE alertmanager_x_total counter\n/);
  const own = new Set(['alertmanager_x_total']);
  assert.deepEqual(readSamples(`${text}other 1\n`, own), [
    { name: 'alertmanager_x_total', labels, value: 3 },
  ]);
});

test('numbers of integrations are summed by kind and reason', () => {
  const text = `signalbox_notifications_total{integration="a"} 3
signalbox_notifications_total{integration="b"} 4
signalbox_notifications_failed_total{integration="a",fault="SB_AUTH"} 1
signalbox_notifications_failed_total{integration="b",fault="SB_REJECTED"} 1
signalbox_notifications_failed_total{integration="b",fault="SB_BUG"} 2
signalbox_delivery_attempts_total{integration="a",outcome="delivered"} 5
signalbox_delivery_attempts_total{integration="a",outcome="failed"} 2
signalbox_delivery_attempt_seconds_bucket{le="0.5",integration="a"} 1
signalbox_delivery_attempt_seconds_bucket{le="5",integration="a"} 6
signalbox_delivery_attempt_seconds_sum{integration="a"} 1.5
`;
  const names = new Set(text.split('\n').map((line) => line.split('{')[0]!));
  const families = notificationFamilies(readSamples(text, names), () => 'slack');
  const found = new Map(
    families.flatMap(({ samples }) =>
      samples
        .filter(({ labels }) => labels['integration'] === 'slack')
        .map(({ name, labels, value }) => [
          [name, labels['reason'], labels['le']].filter((part) => part !== undefined).join(' '),
          value,
        ]),
    ),
  );
  const of = (name: string): unknown => found.get(`alertmanager_${name}`);
  assert.equal(of('notifications_total'), 7);
  assert.equal(of('notifications_failed_total clientError'), 1);
  assert.equal(of('notifications_failed_total authError'), 1);
  assert.equal(of('notifications_failed_total other'), 2);
  assert.equal(of('notifications_failed_total serverError'), 0);
  assert.deepEqual([of('notification_requests_total'), of('notification_requests_failed_total')], [7, 2]);
  assert.equal(of('notification_latency_seconds_bucket 0.5'), undefined);
  assert.deepEqual(
    [of('notification_latency_seconds_bucket 5'), of('notification_latency_seconds_sum')],
    [6, 1.5],
  );
  assert.deepEqual(
    families[0]!.samples.find(({ labels }) => labels['integration'] === 'telegram')?.value,
    0,
    'kinds that are not used are there as well',
  );
});
