import type { Sql } from '../../lib/sqlite.ts';
import type { StoreCounts } from '../reader.ts';
import { countAlerts } from './alerts.ts';
import { countGroups } from './groups.ts';
import { countHeld } from './quarantine.ts';

/** Each reads one partial index and no row. */
const PENDING = `SELECT count(*) AS count FROM deliveries INDEXED BY deliveries_pending WHERE status = 'pending'`;
const SENDING = `SELECT count(*) AS count FROM deliveries INDEXED BY deliveries_sending WHERE status = 'sending'`;
const TROUBLED = `SELECT status, count(*) AS count FROM deliveries
  WHERE status IN ('dead', 'unknown', 'discarded') GROUP BY status`;
const OLDEST_PENDING = `SELECT created_at AS at FROM deliveries
  WHERE seq = (SELECT min(seq) FROM deliveries INDEXED BY deliveries_pending WHERE status = 'pending')`;

/** Delivered and superseded deliveries are left out: there may be millions, and nothing waits for them. */
export function readCounts(sql: Sql): StoreCounts {
  const alerts = countAlerts(sql);
  const oldest = sql.get<{ at: number }>(OLDEST_PENDING);
  return {
    alertsFiring: alerts.firing,
    alertsResolved: alerts.resolved,
    groups: countGroups(sql),
    deliveries: countDeliveries(sql),
    quarantined: countHeld(sql),
    ...(oldest && { oldestPendingAt: oldest.at }),
  };
}

function countDeliveries(sql: Sql): StoreCounts['deliveries'] {
  const count = (text: string) => sql.get<{ count: number }>(text)!.count;
  const troubled = sql.all<{ status: 'dead' | 'unknown' | 'discarded'; count: number }>(TROUBLED);
  return {
    pending: count(PENDING),
    sending: count(SENDING),
    dead: 0,
    unknown: 0,
    discarded: 0,
    ...Object.fromEntries(troubled.map((row) => [row.status, row.count])),
  };
}
