import { Type, type Static } from '@signalbox/sdk';
import { DELIVERY_STATUSES, type Attempt, type Delivery } from '../../model/delivery.ts';
import { rfc3339 } from './rfc3339.ts';
import { oneOf, priority, ref, tenantName, timestamp } from './schema.ts';

export const deliveryStatus = oneOf(
  DELIVERY_STATUSES,
  '`superseded`: a newer message says it better. `unknown`: a crash hid the outcome. `dead`: waits for a person.',
);

export const faultSchema = Type.Object(
  {
    code: Type.String({
      description: 'What has to happen next: see the table of faults.',
      examples: ['SB_UNAVAILABLE'],
    }),
    message: Type.String({ examples: ['pager.example.org answered 503'] }),
    field: Type.Optional(
      Type.String({ description: 'The setting or the part of the payload that is wrong.' }),
    ),
  },
  { $id: 'Fault', description: 'Why a system outside did not take something.' },
);
export type FaultView = Static<typeof faultSchema>;

const fields = {
  id: Type.String({
    description: 'Also the idempotency key towards the vendor, the same over all attempts.',
  }),
  tenant: tenantName,
  notification_id: Type.String(),
  group_id: Type.String(),
  generation: Type.Integer({ description: 'The flush of the group that it tells.' }),
  integration: Type.String({ examples: ['pager'] }),
  origin: Type.String({
    description: 'The integration that the receiver names; another one than `integration` for a fallback.',
    examples: ['pager'],
  }),
  receiver: Type.String({ examples: ['on-call'] }),
  step: Type.Integer({
    minimum: 0,
    description: '0 for the first integration, 1 for its first fallback, and so on.',
  }),
  priority,
  status: deliveryStatus,
  attempt_count: Type.Integer({ minimum: 0 }),
  created_at: timestamp('When the flush created it.'),
  due_at: timestamp('Not sent before.'),
  deadline_at: timestamp('Given up after.'),
  lease_until: Type.Optional(timestamp('While it is being sent: until when its sender may take.')),
  settled_at: Type.Optional(timestamp('When its fate was known.')),
  fault: Type.Optional(ref(faultSchema)),
  summary: Type.Optional(
    Type.String({ description: 'What the vendor said when it took it.', examples: ['202 Accepted'] }),
  ),
};

export const deliverySchema = Type.Object(fields, {
  $id: 'Delivery',
  description: 'One way of getting one notification to one integration.',
});
export type DeliveryView = Static<typeof deliverySchema>;

export const attemptSchema = Type.Object(
  {
    number: Type.Integer({ minimum: 1 }),
    started_at: timestamp('When it began.'),
    ended_at: timestamp('When its outcome was known.'),
    outcome: oneOf(['delivered', 'failed', 'unknown'], 'What came of it.'),
    code: Type.Optional(Type.String({ description: 'The fault’s code.', examples: ['SB_UNAVAILABLE'] })),
    detail: Type.String({ examples: ['pager.example.org answered 503'] }),
  },
  { $id: 'Attempt', description: 'One try of a delivery.' },
);
export type AttemptView = Static<typeof attemptSchema>;

export const deliveryDetailSchema = Type.Object(
  { ...fields, attempts: Type.Array(ref(attemptSchema), { description: 'Every try, oldest first.' }) },
  { $id: 'DeliveryDetail', description: 'A delivery with every attempt.' },
);
export type DeliveryDetailView = Static<typeof deliveryDetailSchema>;

export function presentDelivery(delivery: Delivery): DeliveryView {
  return {
    id: delivery.id,
    tenant: delivery.tenant,
    notification_id: delivery.notificationId,
    group_id: delivery.groupId,
    generation: delivery.generation,
    integration: delivery.integration,
    origin: delivery.origin,
    receiver: delivery.receiver,
    step: delivery.step,
    priority: delivery.priority,
    status: delivery.status,
    attempt_count: delivery.attempts,
    created_at: rfc3339(delivery.createdAt),
    due_at: rfc3339(delivery.dueAt),
    deadline_at: rfc3339(delivery.deadlineAt),
    ...(delivery.leaseUntil !== undefined && { lease_until: rfc3339(delivery.leaseUntil) }),
    ...(delivery.settledAt !== undefined && { settled_at: rfc3339(delivery.settledAt) }),
    ...(delivery.fault && { fault: { code: delivery.fault.code, message: delivery.fault.message } }),
    ...(delivery.summary !== undefined && { summary: delivery.summary }),
  };
}

export function presentAttempt(attempt: Attempt): AttemptView {
  return {
    number: attempt.number,
    started_at: rfc3339(attempt.startedAt),
    ended_at: rfc3339(attempt.endedAt),
    outcome: attempt.outcome,
    ...(attempt.code !== undefined && { code: attempt.code }),
    detail: attempt.detail,
  };
}
