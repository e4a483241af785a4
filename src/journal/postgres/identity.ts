import { inTransaction, type Sql } from '../../store/postgres/sql.ts';
import type { JournalIdentity } from '../port.ts';
import { JournalMismatch } from './errors.ts';

export interface JournalAbout {
  readonly identity: JournalIdentity;
  readonly partitions: number;
}

/** Of nodes that start together one is first, and the others wait here to see what it wrote. */
const WRITE = `INSERT INTO journal_meta (name, value) VALUES ('cluster', $1), ('generation', $2), ('partitions', $3)
  ON CONFLICT (name) DO NOTHING`;
const READ = 'SELECT name, value FROM journal_meta';
const BEGIN = `INSERT INTO journal_partitions (partition, first, next, bytes)
  SELECT number, 0, 0, 0 FROM generate_series(0, $1::int - 1) AS number ON CONFLICT (partition) DO NOTHING`;
const ENCODING = `SELECT current_setting('server_encoding') AS encoding`;

const DEFAULT_PARTITIONS = 16;

/** Names a new journal; one that has a name stays as it is, and must have as many partitions as are asked for. */
export async function nameJournal(
  sql: Sql,
  wanted: number | undefined,
  newId: () => string,
): Promise<JournalAbout> {
  const { encoding } = (await sql.get<{ encoding: string }>(ENCODING))!;
  if (encoding !== 'UTF8') {
    throw new JournalMismatch(
      `The database keeps text as ${encoding}, which can't hold every signal; make one with ENCODING 'UTF8'`,
    );
  }
  const about = await inTransaction(sql, async () => {
    const first = String(wanted ?? DEFAULT_PARTITIONS);
    const [, rows] = await Promise.all([
      sql.run(WRITE, newId(), newId(), first),
      sql.all<{ name: string; value: string }>(READ),
    ]);
    const named = describe(rows);
    await sql.run(BEGIN, named.partitions);
    return named;
  });
  if (wanted === undefined || wanted === about.partitions) return about;
  throw new JournalMismatch(
    `The journal in this database has ${about.partitions} partitions, not ${wanted}; set partitions=${about.partitions} in journal.url, or begin with a new database`,
  );
}

function describe(rows: readonly { readonly name: string; readonly value: string }[]): JournalAbout {
  const found = new Map(rows.map(({ name, value }) => [name, value]));
  const read = (name: string): string => {
    const value = found.get(name);
    if (value === undefined) throw new JournalMismatch(`The journal in this database has no ${name}`);
    return value;
  };
  return {
    identity: { cluster: read('cluster'), generation: read('generation') },
    partitions: Number(read('partitions')),
  };
}
