import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleAlert, sampleGroup } from '../store/suite/samples.ts';
import { buildNotification } from './notification.ts';

const build = (alerts: Parameters<typeof buildNotification>[0]['alerts']) =>
  buildNotification(
    {
      group: sampleGroup('g'),
      alerts,
      total: alerts.length,
      withResolved: true,
      reason: 'first',
      late: false,
      externalURL: 'https://hub.example.org',
    },
    1_700_000_000_000,
  );

test('an alert is told with what was found out about it and what is missing', () => {
  const facts = { context: { owner: { team: 'disk' } }, missing: { cmdb: 'down' } };
  const { alerts } = build([sampleAlert('a', { facts }), sampleAlert('b')]);
  assert.deepEqual(
    alerts.map(({ context, missing }) => ({ context, missing })),
    [facts, { context: undefined, missing: undefined }],
  );
});

test('a notification stays short, however much was found out about its alerts', () => {
  const alerts = Array.from({ length: 100 }, (_, index) =>
    sampleAlert(`a${index}`, { facts: { context: { notes: { text: 'x'.repeat(16_000) } } } }),
  );
  const notification = build(alerts);
  assert.ok(Buffer.byteLength(JSON.stringify(notification)) < 400_000);
  assert.ok(notification.alerts[0]?.context && !notification.alerts[99]?.context);
});
