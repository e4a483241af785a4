import type { CostRow } from '../../model/cost.ts';
import type { CostQuery } from '../reader.ts';
import { inOrder } from './batch.ts';
import type { Sql } from './sql.ts';

const ADD = `INSERT INTO costs (day, tenant, cost_center, environment, namespace, business_unit, episodes)
  SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[])
  ON CONFLICT (day, tenant, cost_center, environment, namespace, business_unit)
  DO UPDATE SET episodes = costs.episodes + excluded.episodes`;
const SUM = `SELECT tenant, cost_center AS "costCenter", environment, namespace, business_unit AS "businessUnit",
    min(day) AS day, sum(episodes)::bigint AS episodes
  FROM costs WHERE day >= $1 AND day < $2 AND ($3::text IS NULL OR tenant = $3)
  GROUP BY tenant, cost_center, environment, namespace, business_unit
  ORDER BY tenant, cost_center, environment, namespace, business_unit LIMIT $4`;

/** Nodes add to the same rows, in one order, so that none waits for another in a circle. */
export async function addCosts(sql: Sql, given: readonly CostRow[]): Promise<void> {
  const summed = new Map<string, CostRow>();
  for (const row of given) {
    const before = summed.get(keyOf(row));
    summed.set(keyOf(row), { ...row, episodes: row.episodes + (before?.episodes ?? 0) });
  }
  const rows = inOrder([...summed.values()], keyOf);
  await sql.run(
    ADD,
    rows.map(({ day }) => day),
    rows.map(({ tenant }) => tenant),
    rows.map(({ costCenter }) => costCenter),
    rows.map(({ environment }) => environment),
    rows.map(({ namespace }) => namespace),
    rows.map(({ businessUnit }) => businessUnit),
    rows.map(({ episodes }) => episodes),
  );
}

export async function sumCosts(
  sql: Sql,
  { fromDay, toDay, tenant, limit }: CostQuery,
): Promise<readonly CostRow[]> {
  return sql.all<CostRow>(SUM, fromDay, toDay, tenant ?? null, limit);
}

function keyOf({ day, tenant, costCenter, environment, namespace, businessUnit }: CostRow): string {
  return JSON.stringify([day, tenant, costCenter, environment, namespace, businessUnit]);
}
