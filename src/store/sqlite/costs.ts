import type { Sql } from '../../lib/sqlite.ts';
import type { CostRow } from '../../model/cost.ts';
import type { CostQuery } from '../reader.ts';

const ADD = `INSERT INTO costs (day, tenant, cost_center, environment, namespace, business_unit, episodes)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET episodes = episodes + excluded.episodes`;
const SUM = `SELECT tenant, cost_center AS costCenter, environment, namespace, business_unit AS businessUnit,
    min(day) AS day, sum(episodes) AS episodes
  FROM costs WHERE day >= ?1 AND day < ?2 AND (?3 IS NULL OR tenant = ?3)
  GROUP BY tenant, cost_center, environment, namespace, business_unit
  ORDER BY tenant, cost_center, environment, namespace, business_unit LIMIT ?4`;

export function addCost(sql: Sql, row: CostRow): void {
  const { day, tenant, costCenter, environment, namespace, businessUnit, episodes } = row;
  sql.run(ADD, day, tenant, costCenter, environment, namespace, businessUnit, episodes);
}

export function sumCosts(sql: Sql, { fromDay, toDay, tenant, limit }: CostQuery): readonly CostRow[] {
  return sql.all<CostRow>(SUM, fromDay, toDay, tenant ?? null, limit);
}
