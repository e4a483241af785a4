import type { Delivery, DeliveryStatus } from '../../model/delivery.ts';
import type { Lane, Room, Store } from '../port.ts';
import { RANKS, parseDelivery, type DeliveryRow } from '../delivery-row.ts';
import type { Sql } from './sql.ts';

/**
 * Of each lane (group and integration) only the oldest generation, and none while one is being sent; among equals the one that was made
 * first. Each rank is one stretch of the index, read no further than the limit.
 */
const CLAIMABLE = `SELECT d.* FROM unnest($1::text[], $2::int[]) AS rooms (integration, room) CROSS JOIN LATERAL (
    SELECT ranked.* FROM unnest($3::int[]) AS ranks (rank) CROSS JOIN LATERAL (
      SELECT * FROM deliveries d
      WHERE status = 'pending' AND integration = rooms.integration AND rank = ranks.rank AND due_at <= $4
        AND NOT EXISTS (SELECT 1 FROM deliveries o
          WHERE o.group_id = d.group_id AND o.integration = d.integration AND o.status IN ('pending', 'sending')
            AND o.seq <> d.seq AND (o.status = 'sending' OR (o.generation, o.seq) < (d.generation, d.seq)))
      ORDER BY due_at, seq LIMIT rooms.room) ranked
    ORDER BY ranked.rank, ranked.due_at, ranked.seq LIMIT rooms.room) d
  ORDER BY d.rank, d.due_at, d.seq`;
const NEXT_DUE = `SELECT wanted.integration, d.at FROM unnest($1::text[]) AS wanted (integration) CROSS JOIN LATERAL (
    SELECT min(next.due_at) AS at FROM unnest($2::int[]) AS ranks (rank) CROSS JOIN LATERAL (
      SELECT due_at FROM deliveries
      WHERE status = 'pending' AND integration = wanted.integration AND rank = ranks.rank AND due_at > $3
      ORDER BY due_at LIMIT 1) next) d
  WHERE d.at IS NOT NULL`;
const ABANDONED = `SELECT * FROM deliveries WHERE status = 'sending' AND lease_until <= $1
  AND ($2::text IS NULL OR integration = $2) ORDER BY lease_until LIMIT $3`;
const OPEN_IN_GROUPS = `SELECT group_id, id, integration, generation, status FROM deliveries
  WHERE group_id = ANY ($1) AND status IN ('pending', 'sending') ORDER BY integration, generation`;
/** What a node left half-sent may have arrived, whatever became of the delivery after that. */
const TOLD_IN_GROUPS = `SELECT group_id, integration, max(generation) AS generation FROM deliveries
  WHERE group_id = ANY ($1) AND (status IN ('delivered', 'unknown') OR (attempts > 0 AND EXISTS (
    SELECT FROM attempts WHERE delivery_id = deliveries.id AND outcome = 'unknown')))
  GROUP BY group_id, integration`;
const NEWER =
  'SELECT 1 AS found FROM deliveries WHERE group_id = $1 AND generation > $2 AND integration = $3 LIMIT 1';

/** Jumps from integration to integration, so that its cost is their number and not that of the pending rows; the count stops early, too. */
const WAITING = `WITH RECURSIVE waiting (integration) AS (
    SELECT min(integration) FROM deliveries WHERE status = 'pending'
    UNION ALL
    SELECT (SELECT min(integration) FROM deliveries WHERE status = 'pending' AND integration > waiting.integration)
    FROM waiting WHERE integration IS NOT NULL)
  SELECT integration,
    (SELECT min(d.due_at) FROM unnest($1::int[]) AS ranks (rank) CROSS JOIN LATERAL (
      SELECT due_at FROM deliveries WHERE status = 'pending' AND integration = waiting.integration AND rank = ranks.rank
      ORDER BY due_at LIMIT 1) d) AS "dueAt",
    (SELECT count(*) FROM (SELECT FROM deliveries WHERE status = 'pending' AND integration = waiting.integration LIMIT $2) c) AS count
  FROM waiting WHERE integration IS NOT NULL ORDER BY integration`;
const COUNT_LIMIT = 1_000;

export async function findClaimable(
  sql: Sql,
  rooms: readonly Room[],
  now: number,
): Promise<ReadonlyMap<string, readonly Delivery[]>> {
  const names = rooms.map(({ integration }) => integration);
  const limits = rooms.map(({ limit }) => limit);
  const rows = await sql.all<DeliveryRow>(CLAIMABLE, names, limits, RANKS, now);
  return Map.groupBy(rows.map(parseDelivery), ({ integration }) => integration);
}

export async function findNextDue(
  sql: Sql,
  integrations: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const rows = await sql.all<{ integration: string; at: number }>(NEXT_DUE, integrations, RANKS, now);
  return new Map(rows.map(({ integration, at }) => [integration, at]));
}

export async function findAbandoned(
  sql: Sql,
  now: number,
  limit: number,
  integration?: string,
): Promise<readonly Delivery[]> {
  return (await sql.all<DeliveryRow>(ABANDONED, now, integration ?? null, limit)).map(parseDelivery);
}

/** A group that no integration was ever told about has no lanes. */
export async function findLanes(
  sql: Sql,
  groupIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Lane[]>> {
  const [open, told] = await Promise.all([
    sql.all<OpenRow>(OPEN_IN_GROUPS, groupIds),
    sql.all<LaneRow>(TOLD_IN_GROUPS, groupIds),
  ]);
  const lanes = new Map(groupIds.map((id) => [id, new Map<string, OwnLane>()]));
  const laneOf = ({ group_id, integration }: Pick<LaneRow, 'group_id' | 'integration'>): OwnLane => {
    const ofGroup = lanes.get(group_id)!;
    const lane = ofGroup.get(integration) ?? { integration, open: [], deliveredGeneration: 0 };
    ofGroup.set(integration, lane);
    return lane;
  };
  for (const row of open) {
    laneOf(row).open.push({ id: row.id, generation: row.generation, status: row.status });
  }
  for (const row of told) laneOf(row).deliveredGeneration = row.generation;
  return new Map([...lanes].map(([id, found]) => [id, [...found.values()]]));
}

interface OwnLane {
  readonly integration: string;
  readonly open: Lane['open'][number][];
  deliveredGeneration: number;
}

interface LaneRow {
  readonly group_id: string;
  readonly integration: string;
  readonly generation: number;
}

interface OpenRow extends LaneRow {
  readonly id: string;
  readonly status: DeliveryStatus;
}

/** Whether the same integration has a newer generation of the group, whatever became of it. */
export async function hasNewerGeneration(sql: Sql, delivery: Delivery): Promise<boolean> {
  const { groupId, generation, integration } = delivery;
  return (await sql.get(NEWER, groupId, generation, integration)) !== undefined;
}

/** The count stops at a thousand; people's counts come from `counts.ts`. */
export async function findWaitingIntegrations(
  sql: Sql,
): Promise<Awaited<ReturnType<Store['waitingIntegrations']>>> {
  return sql.all(WAITING, RANKS, COUNT_LIMIT);
}
