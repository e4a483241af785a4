import type { Sql } from '../../lib/sqlite.ts';
import type { Delivery, DeliveryStatus } from '../../model/delivery.ts';
import type { Lane, Room, Store } from '../port.ts';
import { RANKS, parseDelivery, type DeliveryRow } from '../delivery-row.ts';
import { findGroupSeq } from './groups.ts';

/**
 * Of each lane (group and integration) only the oldest generation, and none while one is being sent; among equals the one that was made
 * first. One search per rank, because each is then one stretch of the index.
 */
const CLAIMABLE = `SELECT * FROM deliveries d INDEXED BY deliveries_pending
  WHERE status = 'pending' AND integration = ? AND rank = ? AND due_at <= ?
    AND NOT EXISTS (SELECT 1 FROM deliveries o INDEXED BY deliveries_of_group
      WHERE o.group_seq = d.group_seq AND o.integration = d.integration AND o.status IN ('pending', 'sending')
        AND o.seq <> d.seq AND (o.status = 'sending' OR (o.generation, o.seq) < (d.generation, d.seq)))
  ORDER BY due_at LIMIT ?`;
const NEXT_DUE = `SELECT min(due_at) AS at FROM deliveries INDEXED BY deliveries_pending
  WHERE status = 'pending' AND integration = ? AND rank = ? AND due_at > ?`;
const ABANDONED = `SELECT * FROM deliveries INDEXED BY deliveries_sending WHERE status = 'sending' AND lease_until <= ?1
  AND (?2 IS NULL OR integration = ?2) ORDER BY lease_until LIMIT ?3`;
const OPEN_IN_GROUP = `SELECT id, integration, generation, status FROM deliveries
  WHERE group_seq = ? AND status IN ('pending', 'sending') ORDER BY integration, generation`;
/** What a node left half-sent may have arrived, whatever became of the delivery after that. */
const TOLD_IN_GROUP = `SELECT integration, max(generation) AS generation FROM deliveries
  WHERE group_seq = ? AND (status IN ('delivered', 'unknown') OR (attempts > 0 AND EXISTS (
    SELECT 1 FROM attempts WHERE delivery_id = deliveries.id AND outcome = 'unknown'))) GROUP BY integration`;
const NEWER =
  'SELECT 1 FROM deliveries WHERE group_seq = (SELECT seq FROM groups WHERE id = ?) AND generation > ? AND integration = ? LIMIT 1';

/** Jumps from integration to integration, so that its cost is their number and not that of the pending rows. */
const WAITING = `WITH RECURSIVE waiting (integration) AS (
    SELECT min(integration) FROM deliveries WHERE status = 'pending'
    UNION ALL
    SELECT (SELECT min(integration) FROM deliveries WHERE status = 'pending' AND integration > waiting.integration)
    FROM waiting WHERE integration IS NOT NULL)
  SELECT integration, (SELECT min((SELECT min(due_at) FROM deliveries d
      WHERE d.status = 'pending' AND d.integration = waiting.integration AND d.rank = ranks.rank))
    FROM (SELECT 0 AS rank UNION ALL SELECT 1 UNION ALL SELECT 2) ranks) AS due_at
  FROM waiting WHERE integration IS NOT NULL`;
const COUNT_WAITING = `SELECT count(*) AS count FROM (
  SELECT 1 FROM deliveries WHERE status = 'pending' AND integration = ? LIMIT ?)`;
const COUNT_LIMIT = 1_000;

export function findClaimable(
  sql: Sql,
  rooms: readonly Room[],
  now: number,
): ReadonlyMap<string, readonly Delivery[]> {
  const claimable = rooms.map((room) => [room.integration, claimableOf(sql, room, now)] as const);
  return new Map(claimable.filter(([, deliveries]) => deliveries.length > 0));
}

function claimableOf(sql: Sql, { integration, limit }: Room, now: number): readonly Delivery[] {
  const found: Delivery[] = [];
  for (const rank of RANKS) {
    if (found.length === limit) break;
    const rows = sql.all<DeliveryRow>(CLAIMABLE, integration, rank, now, limit - found.length);
    found.push(...rows.map(parseDelivery));
  }
  return found;
}

export function findNextDue(
  sql: Sql,
  integrations: readonly string[],
  now: number,
): ReadonlyMap<string, number> {
  const next = integrations.map((integration) => [integration, nextDueOf(sql, integration, now)] as const);
  return new Map(next.filter(([, at]) => at !== Infinity));
}

/** One search per rank, as above. */
function nextDueOf(sql: Sql, integration: string, now: number): number {
  const next = RANKS.map(
    (rank) => sql.get<{ at: number | null }>(NEXT_DUE, integration, rank, now)!.at ?? Infinity,
  );
  return Math.min(...next);
}

export function findAbandoned(
  sql: Sql,
  now: number,
  limit: number,
  integration?: string,
): readonly Delivery[] {
  return sql.all<DeliveryRow>(ABANDONED, now, integration ?? null, limit).map(parseDelivery);
}

/** A group that no integration was ever told about has no lanes. */
export function findLanes(sql: Sql, groupIds: readonly string[]): ReadonlyMap<string, readonly Lane[]> {
  return new Map(groupIds.map((id) => [id, lanesOf(sql, id)]));
}

function lanesOf(sql: Sql, groupId: string): readonly Lane[] {
  const seq = findGroupSeq(sql, groupId);
  if (seq === undefined) return [];
  const lanes = new Map<string, { open: Lane['open'][number][]; deliveredGeneration: number }>();
  const lane = (integration: string) => {
    const found = lanes.get(integration) ?? { open: [], deliveredGeneration: 0 };
    lanes.set(integration, found);
    return found;
  };
  for (const row of sql.all<OpenRow>(OPEN_IN_GROUP, seq)) {
    lane(row.integration).open.push({ id: row.id, generation: row.generation, status: row.status });
  }
  for (const row of sql.all<{ integration: string; generation: number }>(TOLD_IN_GROUP, seq)) {
    lane(row.integration).deliveredGeneration = row.generation;
  }
  return [...lanes].map(([integration, found]) => ({ integration, ...found }));
}

interface OpenRow {
  readonly id: string;
  readonly integration: string;
  readonly generation: number;
  readonly status: DeliveryStatus;
}

/** Whether the same integration has a newer generation of the group, whatever became of it. */
export function hasNewerGeneration(sql: Sql, delivery: Delivery): boolean {
  return sql.get(NEWER, delivery.groupId, delivery.generation, delivery.integration) !== undefined;
}

/** The count stops at a thousand; people's counts come from `counts.ts`. */
export function findWaitingIntegrations(sql: Sql): Awaited<ReturnType<Store['waitingIntegrations']>> {
  return sql.all<{ integration: string; due_at: number }>(WAITING).map(({ integration, due_at }) => ({
    integration,
    dueAt: due_at,
    count: sql.get<{ count: number }>(COUNT_WAITING, integration, COUNT_LIMIT)!.count,
  }));
}
