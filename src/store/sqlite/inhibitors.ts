import type { Sql } from '../../lib/sqlite.ts';
import type { Commit, Inhibitor, InhibitorQuery } from '../port.ts';

const CLEAR = 'DELETE FROM inhibitors WHERE tenant = ? AND fingerprint = ?';
const SAVE =
  'INSERT INTO inhibitors (tenant, key, two_sided, fingerprint) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING';
/** Which of many keys are known at all: nearly none, where rules are many and little fires. Asked with `[tenant, key]` for each. */
const KNOWN = `SELECT q.key AS place FROM json_each(?) q
  WHERE EXISTS (SELECT 1 FROM inhibitors i WHERE i.tenant = q.value ->> 0 AND i.key = q.value ->> 1)`;
/** Asked of the alert as well, so that what a key says never outlives the alert's firing. */
const FIND = `SELECT i.fingerprint FROM inhibitors i CROSS JOIN alerts a
  WHERE i.tenant = ? AND i.key = ? AND i.two_sided = ?
    AND a.tenant = i.tenant AND a.fingerprint = i.fingerprint AND a.status = 'firing' ORDER BY i.fingerprint LIMIT 1`;

export function saveInhibitors(sql: Sql, rows: NonNullable<Commit['inhibitors']>): void {
  for (const { tenant, fingerprint, keys } of rows) {
    sql.run(CLEAR, tenant, fingerprint);
    for (const { key, twoSided } of keys) sql.run(SAVE, tenant, key, twoSided ? 1 : 0, fingerprint);
  }
}

export function findInhibitors(sql: Sql, keys: readonly InhibitorQuery[]): readonly Inhibitor[] {
  const asked = JSON.stringify(keys.map(({ tenant, key }) => [tenant, key]));
  const known = sql.all<{ place: number }>(KNOWN, asked).map(({ place }) => keys[place]!);
  return known.flatMap(({ tenant, key }) =>
    [false, true].flatMap((twoSided): Inhibitor[] => {
      const row = sql.get<{ fingerprint: string }>(FIND, tenant, key, twoSided ? 1 : 0);
      return row ? [{ tenant, key, twoSided, fingerprint: row.fingerprint }] : [];
    }),
  );
}
