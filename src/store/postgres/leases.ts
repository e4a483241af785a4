import { StaleLease, type Fence, type Lease } from '../lease.ts';
import type { Sql } from './sql.ts';

/**
 * By the server's clock, read when the row is in hand and not when the statement began. Rows are locked in the order of their names, so
 * two nodes that take the same leases wait for each other and never both. A lease that has run out keeps its token while nobody else has taken it.
 *
 * A row of somebody else that is locked is passed over until the next turn: a node that was stopped in the middle of a commit holds it, and
 * whoever waited for that could not renew the leases of its own either.
 */
const TAKE = `WITH free AS MATERIALIZED (
    SELECT name FROM leases WHERE name = ANY ($3) AND owner <> $1 AND until <= clock_timestamp()
    ORDER BY name FOR NO KEY UPDATE SKIP LOCKED)
  INSERT INTO leases (name, owner, token, until)
  SELECT name, $1, 1, clock_timestamp() + $2 * interval '1 millisecond' FROM unnest($3::text[]) AS wanted (name)
  WHERE name IN (SELECT name FROM free)
    OR NOT EXISTS (SELECT FROM leases l WHERE l.name = wanted.name AND l.owner <> $1)
  ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = clock_timestamp() + $2 * interval '1 millisecond',
    token = leases.token + (leases.owner <> excluded.owner)::int
  WHERE leases.owner = excluded.owner OR leases.until <= clock_timestamp()
  RETURNING name, owner, token`;
/** The row stays, because its token must go on rising. */
const RELEASE = `UPDATE leases SET until = '-infinity' WHERE owner = $1 AND name IN (
  SELECT name FROM leases WHERE name = ANY ($2) ORDER BY name FOR NO KEY UPDATE)`;
const LIST = `SELECT name, owner, token FROM leases
  WHERE name >= $1 AND starts_with(name, $1) AND until > clock_timestamp() ORDER BY name`;
/** The share lock keeps a lease from passing on, or being renewed, until the commit that relies on it has ended. */
const HELD = `SELECT l.name FROM leases l JOIN unnest($1::text[], $2::bigint[]) AS fence (name, token) USING (name, token)
  WHERE l.until > clock_timestamp() ORDER BY l.name FOR SHARE OF l`;
const CLOCK = 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS at';

export async function readClock(sql: Sql): Promise<number> {
  return (await sql.get<{ at: number }>(CLOCK))!.at;
}

export async function takeLeases(
  sql: Sql,
  owner: string,
  names: readonly string[],
  ttlMs: number,
): Promise<readonly Lease[]> {
  return sql.all<Lease>(TAKE, owner, ttlMs, [...new Set(names)].sort());
}

export async function releaseLeases(sql: Sql, owner: string, names: readonly string[]): Promise<void> {
  await sql.run(RELEASE, owner, names);
}

export async function listLeases(sql: Sql, prefix: string): Promise<readonly Lease[]> {
  return sql.all<Lease>(LIST, prefix);
}

/** Inside a commit, before anything is written. */
export async function checkFences(sql: Sql, fences: readonly Fence[]): Promise<void> {
  const rows = await sql.all<{ name: string }>(
    HELD,
    fences.map(({ name }) => name),
    fences.map(({ token }) => token),
  );
  const held = new Set(rows.map(({ name }) => name));
  const lost = fences.find(({ name }) => !held.has(name));
  if (lost) throw new StaleLease(`The lease of ${lost.name} has passed on to somebody else, or has run out`);
}
