import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { NotifiedAlert, Notification } from '../notification.ts';
import { inAlertmanagerOrder } from './alert-order.ts';
import { alertmanagerMessage } from './alertmanager-message.ts';
import { templateData } from './template-data.ts';
import { toJson } from './to-json.ts';
import type { GoStruct } from './value.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom('<b>&amp;</b>', '\u2028', '\ud800', '\uffee', '\u{1f514}', 'a.b', '7', '10'),
);
const pairs = fc.dictionary(text, text, { noNullPrototype: true });
const time = fc.constantFrom(
  '2026-11-20T09:14:05Z',
  '2026-11-20T09:14:05.000Z',
  '2026-11-20T09:14:05.120Z',
  '2026-11-20T09:14:05.050000001Z',
  '2026-11-20T11:14:05.5+02:00',
);
const alert: fc.Arbitrary<NotifiedAlert> = fc.record(
  {
    status: fc.constantFrom('firing', 'resolved'),
    labels: pairs,
    annotations: pairs,
    startsAt: time,
    endsAt: time,
    generatorURL: text,
    fingerprint: fc.constantFrom('0a1b2c3d4e5f6071', 'ffffffffffffffff'),
  },
  { requiredKeys: ['status', 'labels', 'annotations', 'startsAt', 'fingerprint'] },
);
const notification: fc.Arbitrary<Notification> = fc.record(
  {
    id: fc.constant('n_1'),
    tenant: fc.constant('default'),
    groupId: fc.constant('g_1'),
    groupKey: text,
    generation: fc.constant(1),
    receiver: text,
    status: fc.constantFrom('firing', 'resolved'),
    priority: fc.constant('critical'),
    reason: fc.constantFrom('first', 'repeat', 'snooze_ended'),
    groupLabels: pairs,
    commonLabels: pairs,
    commonAnnotations: pairs,
    alerts: fc.array(alert, { maxLength: 4 }),
    truncatedAlerts: fc.nat(9),
    createdAt: time,
    late: fc.constant(false),
    externalURL: fc.constantFrom('', 'https://hub.example.com/a?b=1&c=2'),
  },
  {
    requiredKeys: [
      'id',
      'tenant',
      'groupId',
      'groupKey',
      'generation',
      'receiver',
      'status',
      'priority',
      'groupLabels',
      'commonLabels',
      'commonAnnotations',
      'alerts',
      'truncatedAlerts',
      'createdAt',
      'late',
      'externalURL',
    ],
  },
);

/** As Go would marshal the values that templates see. */
function marshalled(told: Notification): string {
  const data = templateData({ ...told, alerts: inAlertmanagerOrder(told.alerts) });
  const message: GoStruct = {
    ...data,
    fields: new Map([
      ...data.fields,
      ['version', '4'],
      ['groupKey', told.groupKey],
      ['truncatedAlerts', BigInt(told.truncatedAlerts)],
    ]),
  };
  return `${toJson(message, () => {})}\n`;
}

test('the message written piece by piece is the one that the values of templates marshal to, whatever they hold', () => {
  fc.assert(
    fc.property(notification, (told) => {
      assert.equal(alertmanagerMessage(told, 0), marshalled(told));
    }),
    { numRuns: 500 },
  );
});
