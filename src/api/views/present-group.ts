import { Type, type Static } from '@signalbox/sdk';
import type { Group } from '../../model/group.ts';
import { rfc3339, rfc3339OrNothing } from './rfc3339.ts';
import { fingerprint, stringMap, tenantName, timestamp } from './schema.ts';

const toldSchema = Type.Object({
  integration: Type.String({ examples: ['pager'] }),
  at: timestamp('When it was last told.'),
  firing: Type.Array(fingerprint, { description: 'Alerts it was told are firing.' }),
  firing_count: Type.Integer({ description: 'All that fired, also those beyond what one message names.' }),
  resolved: Type.Array(fingerprint, { description: 'Alerts it was told are resolved.' }),
});

export const groupSchema = Type.Object(
  {
    id: Type.String(),
    tenant: tenantName,
    route_key: Type.String({ description: 'The route that made the group.', examples: ['{}/{team="db"}'] }),
    group_key: Type.String({
      description: 'Alertmanager’s group key.',
      examples: ['{}:{alertname="DiskFull"}'],
    }),
    labels: stringMap('The labels that all its alerts share by `group_by`.', { alertname: 'DiskFull' }),
    receiver: Type.String({ examples: ['on-call'] }),
    generation: Type.Integer({ minimum: 0, description: 'Counts the flushes that told something.' }),
    last_flush_at: Type.Optional(timestamp('Newest tick of the group’s interval; absent before the first.')),
    next_flush_at: Type.Optional(timestamp('When the next flush is due; absent when none is.')),
    held: Type.Optional(
      Type.Object(
        {
          reason: Type.Enum(['muted', 'inactive'], {
            description: 'A mute time interval of its route holds, or none of its active ones does.',
          }),
          rule: Type.String({ description: 'The time intervals.', examples: ['weekends'] }),
          since: timestamp('The first tick that told nobody for this reason.'),
          until: Type.Optional(timestamp('When it ends; absent when that can’t be told.')),
        },
        { description: 'Why what it has to say is held back.' },
      ),
    ),
    told: Type.Array(toldSchema, { description: 'What each integration of the receiver was last told.' }),
  },
  { $id: 'Group', description: 'Alerts batched for notification by a route.' },
);
export type GroupView = Static<typeof groupSchema>;

export function presentGroup(group: Group): GroupView {
  const lastFlushAt = rfc3339OrNothing(group.anchorAt);
  const nextFlushAt = rfc3339OrNothing(group.flushAt);
  return {
    id: group.id,
    tenant: group.tenant,
    route_key: group.routeKey,
    group_key: group.groupKey,
    labels: group.labels,
    receiver: group.receiver,
    generation: group.generation,
    ...(lastFlushAt !== undefined && { last_flush_at: lastFlushAt }),
    ...(nextFlushAt !== undefined && { next_flush_at: nextFlushAt }),
    ...(group.held && { held: presentHeld(group.held) }),
    told: group.told.map((told) => ({
      integration: told.integration,
      at: rfc3339(told.at),
      firing: [...told.firing],
      firing_count: told.firingCount,
      resolved: [...told.resolved],
    })),
  };
}

function presentHeld({ reason, rule, since, until }: NonNullable<Group['held']>): GroupView['held'] & {} {
  return { reason, rule, since: rfc3339(since), ...(until !== undefined && { until: rfc3339(until) }) };
}
