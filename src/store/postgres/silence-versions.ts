import type { Silence, SilenceVersion } from '../../model/silence.ts';
import type { Commit } from '../port.ts';
import type { SilenceVersionQuery } from '../reader.ts';
import type { Sql } from './sql.ts';

const END = `UPDATE silence_versions v SET until = ended.at FROM unnest($1::text[], $2::bigint[]) AS ended (id, at)
  WHERE v.id = ended.id AND v.configured = $3 AND v.until > ended.at`;
const SAVE = `INSERT INTO silence_versions (id, at, until, configured, document)
  SELECT id, at, until, $4, document FROM unnest($1::text[], $2::bigint[], $3::bigint[], $5::text[]) WITH ORDINALITY
    AS version (id, at, until, document, position) ORDER BY position`;
const STANDING = 'SELECT id, document FROM silence_versions WHERE configured AND until > $1';
const LIST = `SELECT seq, at, until, configured, document FROM silence_versions
  WHERE seq > $1 AND until > $2 AND at < $3 ORDER BY seq LIMIT $4`;
const EXPIRE = `DELETE FROM silence_versions WHERE seq IN (
  SELECT seq FROM silence_versions WHERE until < $1 ORDER BY until LIMIT $2 FOR UPDATE SKIP LOCKED)`;

interface Row {
  readonly seq: number;
  readonly at: number;
  readonly until: number;
  readonly configured: boolean;
  readonly document: string;
}

/** What each was before ends where this begins. */
export async function saveSilenceVersions(sql: Sql, silences: readonly Silence[]): Promise<void> {
  await Promise.all([
    end(
      sql,
      silences.map(({ id, updatedAt }) => ({ id, at: updatedAt })),
      false,
    ),
    save(sql, silences, ({ updatedAt }) => updatedAt, false),
  ]);
}

/** Only what changed is written, so a restart adds nothing. Nodes that start at the same moment may write the same twice, which changes nothing. */
export async function saveWindows(sql: Sql, { at, all }: NonNullable<Commit['windows']>): Promise<void> {
  const wanted = new Map(
    all.filter(({ endsAt }) => endsAt > at).map((window) => [window.id, JSON.stringify(window)]),
  );
  const gone: { readonly id: string; readonly at: number }[] = [];
  for (const { id, document } of await sql.all<{ id: string; document: string }>(STANDING, at)) {
    if (wanted.get(id) === document) wanted.delete(id);
    else gone.push({ id, at });
  }
  const fresh = all.filter(({ id }) => wanted.has(id));
  if (gone.length > 0) await end(sql, gone, true);
  if (fresh.length > 0) await save(sql, fresh, () => at, true);
}

export async function listSilenceVersions(
  sql: Sql,
  { from, to, after, limit }: SilenceVersionQuery,
): Promise<readonly SilenceVersion[]> {
  const rows = await sql.all<Row>(LIST, after, from, to, limit);
  return rows.map(({ seq, at, until, configured, document }) => ({
    silence: JSON.parse(document) as Silence,
    seq,
    at,
    until,
    isConfigured: configured,
  }));
}

export async function expireSilenceVersions(sql: Sql, before: number, limit: number): Promise<number> {
  return sql.run(EXPIRE, before, limit);
}

async function end(
  sql: Sql,
  ended: readonly { readonly id: string; readonly at: number }[],
  isConfigured: boolean,
): Promise<void> {
  await sql.run(
    END,
    ended.map(({ id }) => id),
    ended.map(({ at }) => at),
    isConfigured,
  );
}

async function save(
  sql: Sql,
  silences: readonly Silence[],
  since: (silence: Silence) => number,
  isConfigured: boolean,
): Promise<void> {
  await sql.run(
    SAVE,
    silences.map(({ id }) => id),
    silences.map(since),
    silences.map(({ endsAt }) => endsAt),
    isConfigured,
    silences.map((silence) => JSON.stringify(silence)),
  );
}
