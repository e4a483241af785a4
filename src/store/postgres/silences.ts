import type { Silence } from '../../model/silence.ts';
import type { DocumentRow } from '../alert-row.ts';
import { decodeCursor } from '../cursor.ts';
import type { Page, SilenceQuery } from '../reader.ts';
import { newestInOrder } from './batch.ts';
import { scanPage } from './page.ts';
import { expireSilenceVersions, saveSilenceVersions } from './silence-versions.ts';
import type { Sql } from './sql.ts';

const SAVE = `INSERT INTO silences (id, tenant, kind, starts_at, ends_at, document)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[])
  ON CONFLICT (id) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at, document = excluded.document`;
/** The row's lock makes the changes of silences follow one another, so the number that is read last stands for all that was read. */
const MARK = `INSERT INTO meta (name, value) VALUES ('silences', '1')
  ON CONFLICT (name) DO UPDATE SET value = (meta.value::bigint + 1)::text`;
const READ_MARK = `SELECT value::bigint AS mark FROM meta WHERE name = 'silences'`;
const OPEN = 'SELECT document FROM silences WHERE ends_at > $1 ORDER BY id';
const FIND = 'SELECT document FROM silences WHERE id = ANY ($1)';
const LIST = `SELECT seq, starts_at, document FROM silences
  WHERE (starts_at, seq) < ($1, $2) AND ($3::text IS NULL OR tenant = $3) AND ($4::text IS NULL OR kind = $4)
    AND ($5::bigint IS NULL OR ends_at > $5)
  ORDER BY starts_at DESC, seq DESC LIMIT $6`;
const EXPIRE = `DELETE FROM silences WHERE id IN (
  SELECT id FROM silences WHERE ends_at < $1 ORDER BY ends_at LIMIT $2 FOR UPDATE SKIP LOCKED)`;

export async function saveSilences(sql: Sql, silences: readonly Silence[]): Promise<void> {
  const rows = newestInOrder(silences, ({ id }) => id);
  await Promise.all([
    sql.run(MARK),
    sql.run(
      SAVE,
      rows.map(({ id }) => id),
      rows.map(({ tenant }) => tenant),
      rows.map(({ kind }) => kind),
      rows.map(({ startsAt }) => startsAt),
      rows.map(({ endsAt }) => endsAt),
      rows.map((silence) => JSON.stringify(silence)),
    ),
    saveSilenceVersions(sql, rows),
  ]);
}

export async function readSilenceMark(sql: Sql): Promise<number> {
  return (await sql.all<{ mark: number }>(READ_MARK))[0]?.mark ?? 0;
}

export async function findOpenSilences(sql: Sql, now: number): Promise<readonly Silence[]> {
  return (await sql.all<DocumentRow>(OPEN, now)).map(parseSilence);
}

export async function findSilence(sql: Sql, id: string): Promise<Silence | undefined> {
  return (await findSilences(sql, [id]))[0];
}

export async function findSilences(sql: Sql, ids: readonly string[]): Promise<readonly Silence[]> {
  return (await sql.all<DocumentRow>(FIND, ids)).map(parseSilence);
}

/** Newest start first. */
export async function listSilences(sql: Sql, query: SilenceQuery): Promise<Page<Silence>> {
  const { tenant = null, kind = null, endsAfter = null } = query;
  return scanPage({
    limit: query.limit,
    start: decodeCursor(query.cursor, 2),
    read: ([startsAt, seq], count) =>
      sql.all<DocumentRow & { seq: number; starts_at: number }>(
        LIST,
        startsAt!,
        seq!,
        tenant,
        kind,
        endsAfter,
        count,
      ),
    pick: parseSilence,
    keysOf: (row) => [row.starts_at, row.seq],
  });
}

export async function expireSilences(sql: Sql, before: number, limit: number): Promise<number> {
  const gone = await sql.run(EXPIRE, before, limit);
  // Their history counts with them; of one that goes on only what it was before goes by itself.
  await expireSilenceVersions(sql, before, limit);
  return gone;
}

function parseSilence(row: DocumentRow): Silence {
  return JSON.parse(row.document) as Silence;
}
