import type { Commit, Inhibitor, InhibitorQuery } from '../port.ts';
import { newestInOrder } from './batch.ts';
import type { Sql } from './sql.ts';

const CLEAR = `DELETE FROM inhibitors i USING unnest($1::text[], $2::text[]) AS changed (tenant, fingerprint)
  WHERE i.tenant = changed.tenant AND i.fingerprint = changed.fingerprint`;
const SAVE = `INSERT INTO inhibitors (tenant, key, two_sided, fingerprint)
  SELECT * FROM unnest($1::text[], $2::text[], $3::boolean[], $4::text[]) ON CONFLICT DO NOTHING`;
/** Asked of the alert as well, so that what a key says never outlives the alert's firing. */
const FIND = `SELECT wanted.tenant, wanted.key, side.two_sided AS "twoSided", source.fingerprint
  FROM unnest($1::text[], $2::text[]) AS wanted (tenant, key) CROSS JOIN (VALUES (false), (true)) AS side (two_sided)
  CROSS JOIN LATERAL (
    SELECT i.fingerprint FROM inhibitors i CROSS JOIN LATERAL (
      SELECT 1 FROM alerts a WHERE a.tenant = i.tenant AND a.fingerprint = i.fingerprint AND a.status = 'firing' LIMIT 1) firing
    WHERE i.tenant = wanted.tenant AND i.key = wanted.key AND i.two_sided = side.two_sided
    ORDER BY i.fingerprint LIMIT 1) source`;

export async function saveInhibitors(sql: Sql, changed: NonNullable<Commit['inhibitors']>): Promise<void> {
  const alerts = newestInOrder(changed, ({ tenant, fingerprint }) => `${tenant}\0${fingerprint}`);
  const rows = alerts.flatMap(({ tenant, fingerprint, keys }) =>
    keys.map(({ key, twoSided }) => ({ tenant, key, twoSided, fingerprint })),
  );
  await Promise.all([
    sql.run(
      CLEAR,
      alerts.map(({ tenant }) => tenant),
      alerts.map(({ fingerprint }) => fingerprint),
    ),
    rows.length === 0
      ? 0
      : sql.run(
          SAVE,
          rows.map(({ tenant }) => tenant),
          rows.map(({ key }) => key),
          rows.map(({ twoSided }) => twoSided),
          rows.map(({ fingerprint }) => fingerprint),
        ),
  ]);
}

export async function findInhibitors(
  sql: Sql,
  keys: readonly InhibitorQuery[],
): Promise<readonly Inhibitor[]> {
  return sql.all<Inhibitor>(
    FIND,
    keys.map(({ tenant }) => tenant),
    keys.map(({ key }) => key),
  );
}
