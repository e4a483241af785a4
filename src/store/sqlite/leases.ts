import type { Sql } from '../../lib/sqlite.ts';
import { StaleLease, type Fence, type Lease } from '../lease.ts';

/** A lease that has run out keeps its token while nobody else has taken it. */
const TAKE = `INSERT INTO leases (name, owner, token, until) VALUES (?1, ?2, 1, ?3)
  ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until,
    token = leases.token + (leases.owner <> excluded.owner)
  WHERE leases.owner = excluded.owner OR leases.until <= ?4
  RETURNING name, owner, token`;
/** The row stays, because its token must go on rising. */
const RELEASE = 'UPDATE leases SET until = 0 WHERE name = ? AND owner = ?';
const LIST =
  'SELECT name, owner, token FROM leases WHERE name >= ?1 AND substr(name, 1, length(?1)) = ?1 AND until > ?2 ORDER BY name';
const HELD = 'SELECT 1 FROM leases WHERE name = ? AND token = ? AND until > ?';

export function takeLeases(
  sql: Sql,
  owner: string,
  names: readonly string[],
  ttlMs: number,
  now: number,
): readonly Lease[] {
  return sql.transaction(() =>
    names
      .map((name) => sql.get<Lease>(TAKE, name, owner, now + ttlMs, now))
      .filter((lease) => lease !== undefined)
      .map(parseLease),
  );
}

export function releaseLeases(sql: Sql, owner: string, names: readonly string[]): void {
  sql.transaction(() => {
    for (const name of names) sql.run(RELEASE, name, owner);
  });
}

export function listLeases(sql: Sql, prefix: string, now: number): readonly Lease[] {
  return sql.all<Lease>(LIST, prefix, now).map(parseLease);
}

/** Inside a commit, before anything is written. */
export function checkFence(sql: Sql, { name, token }: Fence, now: number): void {
  if (sql.get(HELD, name, token, now) === undefined)
    throw new StaleLease(`The lease of ${name} has passed on to somebody else, or has run out`);
}

function parseLease({ name, owner, token }: Lease): Lease {
  return { name, owner, token };
}
