import { Type, type Static } from '@signalbox/sdk';
import type { Position } from '../../model/position.ts';
import type { Heartbeat } from '../../store/port.ts';
import type { StoreCounts } from '../../store/reader.ts';
import { rfc3339, rfc3339OrNothing } from './rfc3339.ts';
import { timestamp } from './schema.ts';

const partitionSchema = Type.Object({
  partition: Type.Integer({ minimum: 0 }),
  processed: Type.Integer({ minimum: 0, description: 'The next offset to process.' }),
  end: Type.Integer({ minimum: 0, description: 'The offset that the next record will get.' }),
  lag: Type.Integer({ minimum: 0, description: 'Records accepted and not processed yet.' }),
});

export const statusSchema = Type.Object(
  {
    version: Type.String({ examples: ['0.1.0'] }),
    revision: Type.String({ description: 'The active configuration.' }),
    now: timestamp('The hub’s clock.'),
    alerts: Type.Object({ firing: Type.Integer(), resolved: Type.Integer() }),
    groups: Type.Integer(),
    deliveries: Type.Unsafe<Readonly<Record<string, number>>>({
      type: 'object',
      additionalProperties: { type: 'integer' },
      description: 'How many there are, by status.',
      examples: [{ pending: 2, delivered: 1204, dead: 1 }],
    }),
    quarantined: Type.Integer({ description: 'Signals that wait for a person.' }),
    oldest_pending_at: Type.Optional(timestamp('When the oldest waiting delivery was created.')),
    journal: Type.Object({
      bytes: Type.Integer({ description: 'Bytes on disk that count against the cap.' }),
      max_bytes: Type.Integer({ description: 'Over this the intake answers 503.' }),
      lag: Type.Integer({ description: 'Records accepted and not processed yet, over all partitions.' }),
      partitions: Type.Array(partitionSchema),
    }),
    integrations: Type.Unsafe<Readonly<Record<string, number>>>({
      type: 'object',
      additionalProperties: { type: 'integer' },
      description: 'How many integrations there are, by health.',
      examples: [{ healthy: 3, degraded: 1 }],
    }),
    heartbeats: Type.Array(
      Type.Object({
        integration: Type.String(),
        last_seen_at: Type.Optional(timestamp('Newest signal of that source.')),
        silent: Type.Boolean({ description: 'Whether it has been silent for too long.' }),
      }),
    ),
  },
  { $id: 'Status', description: 'The hub at a glance.' },
);
export type StatusView = Static<typeof statusSchema>;

export interface StatusFacts {
  readonly version: string;
  readonly revision: string;
  readonly now: number;
  readonly counts: StoreCounts;
  readonly positions: readonly Position[];
  /** Per partition, in order. */
  readonly ends: readonly number[];
  readonly journalBytes: number;
  readonly journalMaxBytes: number;
  readonly healths: readonly string[];
  readonly heartbeats: readonly Heartbeat[];
}

export function presentStatus(facts: StatusFacts): StatusView {
  const partitions = facts.ends.map((end, partition) => {
    const processed = facts.positions.find((position) => position.partition === partition)?.offset ?? 0;
    return { partition, processed, end, lag: Math.max(0, end - processed) };
  });
  const oldestPendingAt = rfc3339OrNothing(facts.counts.oldestPendingAt);
  return {
    version: facts.version,
    revision: facts.revision,
    now: rfc3339(facts.now),
    alerts: { firing: facts.counts.alertsFiring, resolved: facts.counts.alertsResolved },
    groups: facts.counts.groups,
    deliveries: facts.counts.deliveries,
    quarantined: facts.counts.quarantined,
    ...(oldestPendingAt !== undefined && { oldest_pending_at: oldestPendingAt }),
    journal: {
      bytes: facts.journalBytes,
      max_bytes: facts.journalMaxBytes,
      lag: partitions.reduce((sum, partition) => sum + partition.lag, 0),
      partitions,
    },
    integrations: countBy(facts.healths),
    heartbeats: facts.heartbeats.map((heartbeat) => {
      const lastSeenAt = rfc3339OrNothing(heartbeat.lastSeenAt);
      return {
        integration: heartbeat.integration,
        ...(lastSeenAt !== undefined && { last_seen_at: lastSeenAt }),
        silent: heartbeat.silent,
      };
    }),
  };
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
