import type { Sql } from '../../lib/sqlite.ts';
import type { JournalIdentity } from '../port.ts';
import { MAX_PARTITIONS } from './records.ts';

const READ = 'SELECT value FROM meta WHERE name = ?';
const WRITE = 'INSERT INTO meta (name, value) VALUES (?, ?)';

/** The journal on disk is not the one that was asked for. */
export class JournalMismatch extends Error {
  readonly code = 'journal_mismatch';
}

/** Names a new journal; leaves one that has a name as it is. */
export function nameJournal(sql: Sql, partitions: number, newId: () => string): void {
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > MAX_PARTITIONS) {
    throw new RangeError(`A journal has 1 to ${MAX_PARTITIONS} partitions, not ${partitions}`);
  }
  sql.transaction(() => {
    if (sql.get(READ, 'cluster')) return;
    sql.run(WRITE, 'cluster', newId());
    sql.run(WRITE, 'generation', newId());
    sql.run(WRITE, 'partitions', String(partitions));
  });
}

export function readIdentity(sql: Sql): JournalIdentity {
  return { cluster: readMeta(sql, 'cluster'), generation: readMeta(sql, 'generation') };
}

export function readPartitions(sql: Sql): number {
  return Number(readMeta(sql, 'partitions'));
}

function readMeta(sql: Sql, name: string): string {
  const row = sql.get<{ value: string }>(READ, name);
  if (!row) throw new JournalMismatch(`The journal has no ${name}: it was not made by this program`);
  return row.value;
}
