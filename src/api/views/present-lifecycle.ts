import { Type, type Static } from '@signalbox/sdk';
import type { Alert } from '../../model/alert.ts';
import { LIFECYCLE_STATES } from '../../model/lifecycle.ts';
import { rfc3339 } from './rfc3339.ts';
import { oneOf, timestamp } from './schema.ts';

const person = (description: string) =>
  Type.Optional(
    Type.String({
      description: `${description} As claimed: the hub has no identity yet.`,
      examples: ['ada'],
    }),
  );

export const lifecycleState = oneOf(
  LIFECYCLE_STATES,
  'How far people are with it; whether it fires is `status`. A closed alert is resolved.',
);

export const lifecycleSchema = Type.Object(
  {
    state: lifecycleState,
    since: Type.Optional(timestamp('When this state began.')),
    by: person('Who brought it there.'),
    assignee: person('Who takes care of it.'),
    acknowledged_at: Type.Optional(timestamp('When this episode was acknowledged first.')),
    snoozed_until: Type.Optional(timestamp('Nobody is told before; what still fires then is told.')),
    snoozed_by: person('Who snoozed it.'),
    stale_since: Type.Optional(timestamp('Since when it has not been heard of for too long.')),
    overdue_since: Type.Optional(
      timestamp(
        'By when its level asked for an acknowledgement that did not come; until somebody acknowledges it.',
      ),
    ),
    ended_by: Type.Optional(oneOf(['person', 'age'], 'Who ended it when its source did not.')),
    raised_at: Type.Optional(timestamp('When its duration raised its severity or priority.')),
    raised_by_rule: Type.Optional(
      Type.Integer({ minimum: 1, description: 'The rule of `lifecycle.escalate` that did, from 1.' }),
    ),
    comments: Type.Array(Type.Object({ at: timestamp('When.'), by: person('Who.'), text: Type.String() }), {
      description: 'Oldest first, the newest 50.',
    }),
  },
  { $id: 'Lifecycle', description: 'What people and time have done with an alert.' },
);
export type LifecycleView = Static<typeof lifecycleSchema>;

export function presentLifecycle({ lifecycle }: Alert): LifecycleView {
  if (!lifecycle) return { state: 'open', comments: [] };
  const { state, at, by, assignee, acknowledgedAt, snooze, staleSince, overdueSince, endedBy, escalation } =
    lifecycle;
  return {
    state,
    ...(at > 0 && { since: rfc3339(at) }),
    ...(by !== undefined && { by }),
    ...(assignee !== undefined && { assignee }),
    ...(acknowledgedAt !== undefined && { acknowledged_at: rfc3339(acknowledgedAt) }),
    ...(snooze && { snoozed_until: rfc3339(snooze.until) }),
    ...(snooze?.by !== undefined && { snoozed_by: snooze.by }),
    ...(staleSince !== undefined && { stale_since: rfc3339(staleSince) }),
    ...(overdueSince !== undefined && { overdue_since: rfc3339(overdueSince) }),
    ...(endedBy !== undefined && { ended_by: endedBy }),
    ...(escalation && { raised_at: rfc3339(escalation.at), raised_by_rule: escalation.rule }),
    comments: lifecycle.comments.map((comment) => ({
      at: rfc3339(comment.at),
      ...(comment.by !== undefined && { by: comment.by }),
      text: comment.text,
    })),
  };
}
