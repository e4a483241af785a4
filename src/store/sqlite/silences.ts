import type { Sql } from '../../lib/sqlite.ts';
import type { Silence } from '../../model/silence.ts';
import type { DocumentRow } from '../alert-row.ts';
import { decodeCursor } from '../cursor.ts';
import type { Page, SilenceQuery } from '../reader.ts';
import { SCAN_LIMIT, scanPage } from './page.ts';
import { expireSilenceVersions, saveSilenceVersion } from './silence-versions.ts';

const SAVE = `INSERT INTO silences (id, tenant, kind, starts_at, ends_at, document) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at, document = excluded.document`;
/** In the commit of the change, so that nobody sees one without the other. */
const MARK = `INSERT INTO meta (name, value) VALUES ('silences', '1')
  ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)`;
const READ_MARK = `SELECT CAST(value AS INTEGER) AS mark FROM meta WHERE name = 'silences'`;
const OPEN = 'SELECT document FROM silences WHERE ends_at > ? ORDER BY id';
const FIND = 'SELECT document FROM silences WHERE id = ?';
const LIST = `SELECT seq, starts_at, document FROM silences
  WHERE (starts_at, seq) < (?1, ?2) AND (?3 IS NULL OR tenant = ?3) AND (?4 IS NULL OR kind = ?4) AND (?5 IS NULL OR ends_at > ?5)
  ORDER BY starts_at DESC, seq DESC LIMIT ?6`;
const EXPIRE = `DELETE FROM silences WHERE seq IN (
  SELECT seq FROM silences WHERE ends_at < ? ORDER BY ends_at LIMIT ?)`;

export function saveSilences(sql: Sql, silences: readonly Silence[]): void {
  if (silences.length === 0) return;
  for (const silence of silences) {
    const { id, tenant, kind, startsAt, endsAt } = silence;
    const document = JSON.stringify(silence);
    sql.run(SAVE, id, tenant, kind, startsAt, endsAt, document);
    saveSilenceVersion(sql, silence, document);
  }
  sql.run(MARK);
}

export function readSilenceMark(sql: Sql): number {
  return sql.get<{ mark: number }>(READ_MARK)?.mark ?? 0;
}

export function findOpenSilences(sql: Sql, now: number): readonly Silence[] {
  return sql.all<DocumentRow>(OPEN, now).map(parseSilence);
}

export function findSilence(sql: Sql, id: string): Silence | undefined {
  const row = sql.get<DocumentRow>(FIND, id);
  return row && parseSilence(row);
}

/** Newest start first. */
export function listSilences(sql: Sql, query: SilenceQuery): Page<Silence> {
  const [startsAt, seq] = decodeCursor(query.cursor, 2) as [number, number];
  const { tenant = null, kind = null, endsAfter = null } = query;
  const rows = sql.each<DocumentRow & { seq: number; starts_at: number }>(
    LIST,
    startsAt,
    seq,
    tenant,
    kind,
    endsAfter,
    SCAN_LIMIT,
  );
  return scanPage(rows, query.limit, parseSilence, (row) => [row.starts_at, row.seq]);
}

export function expireSilences(sql: Sql, before: number, limit: number): number {
  const gone = sql.run(EXPIRE, before, limit);
  // Their history counts with them; of one that goes on only what it was before goes by itself.
  expireSilenceVersions(sql, before, limit);
  return gone;
}

function parseSilence(row: DocumentRow): Silence {
  return JSON.parse(row.document) as Silence;
}
