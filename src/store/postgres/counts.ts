import type { StoreCounts } from '../reader.ts';
import { countAlerts } from './alerts.ts';
import { countGroups } from './groups.ts';
import { countHeld } from './quarantine.ts';
import type { Sql } from './sql.ts';

/** Each reads one partial index. */
const PENDING = `SELECT count(*) AS count, min(created_at) AS oldest FROM deliveries WHERE status = 'pending'`;
const SENDING = `SELECT count(*) AS count FROM deliveries WHERE status = 'sending'`;
const TROUBLED = `SELECT status, count(*) AS count FROM deliveries
  WHERE status IN ('dead', 'unknown', 'discarded') GROUP BY status`;

/** Delivered and superseded deliveries are left out: there may be millions, and nothing waits for them. */
export async function readCounts(sql: Sql): Promise<StoreCounts> {
  const [alerts, groups, quarantined, pending, sending, troubled] = await Promise.all([
    countAlerts(sql),
    countGroups(sql),
    countHeld(sql),
    sql.get<{ count: number; oldest: number | null }>(PENDING),
    sql.get<{ count: number }>(SENDING),
    sql.all<{ status: 'dead' | 'unknown' | 'discarded'; count: number }>(TROUBLED),
  ]);
  return {
    alertsFiring: alerts.firing,
    alertsResolved: alerts.resolved,
    groups,
    deliveries: {
      pending: pending!.count,
      sending: sending!.count,
      dead: 0,
      unknown: 0,
      discarded: 0,
      ...Object.fromEntries(troubled.map((row) => [row.status, row.count])),
    },
    quarantined,
    ...(pending!.oldest !== null && { oldestPendingAt: pending!.oldest }),
  };
}
