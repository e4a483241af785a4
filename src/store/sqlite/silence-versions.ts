import type { Sql } from '../../lib/sqlite.ts';
import type { Silence, SilenceVersion } from '../../model/silence.ts';
import type { Commit } from '../port.ts';
import type { SilenceVersionQuery } from '../reader.ts';

const END = 'UPDATE silence_versions SET until = ?1 WHERE id = ?2 AND configured = ?3 AND until > ?1';
const SAVE = 'INSERT INTO silence_versions (id, at, until, configured, document) VALUES (?, ?, ?, ?, ?)';
const STANDING = 'SELECT id, document FROM silence_versions WHERE configured = 1 AND until > ?';
const LIST = `SELECT seq, at, until, configured, document FROM silence_versions
  WHERE seq > ? AND until > ? AND at < ? ORDER BY seq LIMIT ?`;
const EXPIRE = `DELETE FROM silence_versions WHERE seq IN (
  SELECT seq FROM silence_versions WHERE until < ? ORDER BY until LIMIT ?)`;

interface Row {
  readonly seq: number;
  readonly at: number;
  readonly until: number;
  readonly configured: number;
  readonly document: string;
}

/** What it was before ends where this begins. */
export function saveSilenceVersion(sql: Sql, silence: Silence, document: string): void {
  sql.run(END, silence.updatedAt, silence.id, 0);
  sql.run(SAVE, silence.id, silence.updatedAt, silence.endsAt, 0, document);
}

/** Only what changed is written, so a restart adds nothing. */
export function saveWindows(sql: Sql, { at, all }: NonNullable<Commit['windows']>): void {
  const wanted = new Map(
    all.filter(({ endsAt }) => endsAt > at).map((window) => [window.id, JSON.stringify(window)]),
  );
  for (const { id, document } of sql.all<{ id: string; document: string }>(STANDING, at)) {
    if (wanted.get(id) === document) wanted.delete(id);
    else sql.run(END, at, id, 1);
  }
  for (const { id, endsAt } of all) {
    const document = wanted.get(id);
    if (document !== undefined) sql.run(SAVE, id, at, endsAt, 1, document);
  }
}

export function listSilenceVersions(
  sql: Sql,
  { from, to, after, limit }: SilenceVersionQuery,
): readonly SilenceVersion[] {
  return sql.all<Row>(LIST, after, from, to, limit).map(parseVersion);
}

export function expireSilenceVersions(sql: Sql, before: number, limit: number): number {
  return sql.run(EXPIRE, before, limit);
}

function parseVersion({ seq, at, until, configured, document }: Row): SilenceVersion {
  return { silence: JSON.parse(document) as Silence, seq, at, until, isConfigured: configured === 1 };
}
