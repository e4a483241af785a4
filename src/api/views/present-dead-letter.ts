import { Type, type Static } from '@signalbox/sdk';
import type { Delivery } from '../../model/delivery.ts';
import type { QuarantineRow } from '../../store/port.ts';
import { deliverySchema, presentDelivery } from './present-delivery.ts';
import { presentQuarantined, quarantinedSchema } from './present-quarantine.ts';
import { rfc3339 } from './rfc3339.ts';
import { oneOf, ref, tenantName, timestamp } from './schema.ts';

export const deadLetterKind = oneOf(
  ['delivery', 'signal'],
  '`delivery`: nobody took it. `signal`: nobody understood it.',
);

export const deadLetterSchema = Type.Object(
  {
    kind: deadLetterKind,
    id: Type.String(),
    tenant: tenantName,
    integration: Type.String({ examples: ['pager'] }),
    at: timestamp('When it got stuck.'),
    reason: Type.String({
      description: 'One line for people.',
      examples: ['SB_REJECTED: the channel does not exist'],
    }),
    delivery: Type.Optional(ref(deliverySchema)),
    signal: Type.Optional(ref(quarantinedSchema)),
  },
  { $id: 'DeadLetter', description: 'A delivery or a signal that can’t go on without a person.' },
);
export type DeadLetterView = Static<typeof deadLetterSchema>;

export function presentDeadDelivery(delivery: Delivery): DeadLetterView {
  return {
    kind: 'delivery',
    id: delivery.id,
    tenant: delivery.tenant,
    integration: delivery.integration,
    at: rfc3339(delivery.settledAt ?? delivery.createdAt),
    reason: delivery.fault ? `${delivery.fault.code}: ${delivery.fault.message}` : 'No reason was recorded.',
    delivery: presentDelivery(delivery),
  };
}

export function presentHeldSignal(row: Omit<QuarantineRow, 'request'>): DeadLetterView {
  return {
    kind: 'signal',
    id: row.id,
    tenant: row.tenant,
    integration: row.integration,
    at: rfc3339(row.receivedAt),
    reason: `${row.problem.code}: ${row.problem.detail}`,
    signal: presentQuarantined(row),
  };
}
