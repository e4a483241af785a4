import { DatabaseError } from 'pg';
import { StoreUnavailable } from '../port.ts';
import { inTransaction, type Sql } from './sql.ts';

export const DAY_MS = 86_400_000;
/** Today and the two days after: a node whose clock runs ahead, or that was asleep at midnight, finds its partition. */
const DAYS_AHEAD = 2;
/** Another session that reads the table for long keeps its lock; waiting for it would hold up everybody behind. */
const LOCK_TIMEOUT_MS = 500;

/** A table that holds one partition per day. Bounds are what stands between FROM and TO: literals made of a number, never of data. */
export interface DailyTable {
  readonly name: string;
  readonly boundOf: (at: number) => string;
}

export const BY_TIME = (at: number): string => String(at);

/** Ids of signals begin with 12 hexadecimal digits of milliseconds. */
export const BY_ID = (at: number): string => `'${at.toString(16).padStart(12, '0')}'`;

const PARTITIONS = `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  WHERE i.inhparent = to_regclass($1) ORDER BY c.relname`;
const TRY_LOCK = 'SELECT pg_try_advisory_xact_lock(7310580) AS locked';

/** The partitions of whole days, by the first millisecond of each. */
export async function listDays(sql: Sql, table: DailyTable): Promise<ReadonlyMap<number, string>> {
  const names = await sql.all<{ name: string }>(PARTITIONS, table.name);
  const prefix = `${table.name}_day`;
  return new Map(
    names
      .filter(({ name }) => name.startsWith(prefix))
      .map(({ name }) => [Number(name.slice(prefix.length)) * DAY_MS, name]),
  );
}

/**
 * Makes what is missing of today's and the next days' partitions. Attaching a finished table locks the parent far less than making it as a
 * partition. Where it can't be done now the rows go to the default partition, which loses nothing; they only leave it one by one.
 */
export async function addDays(sql: Sql, tables: readonly DailyTable[], now: number): Promise<void> {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  for (const table of tables) {
    const known = await listDays(sql, table);
    for (let day = today; day <= today + DAYS_AHEAD * DAY_MS; day += DAY_MS) {
      if (!known.has(day)) await tryIt(() => addDay(sql, table, day));
    }
  }
}

/** Drops the partition of a day when `isOver` says so of its contents, and tells how many rows it had; 0 when it stays for now. */
export async function dropDay(
  sql: Sql,
  partition: string,
  isOver: (sql: Sql) => Promise<number | undefined>,
): Promise<number> {
  let rows = 0;
  await tryIt(() =>
    inTransaction(sql, async () => {
      await sql.exec(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
      const counted = await isOver(sql);
      if (counted === undefined) return;
      await sql.exec(`DROP TABLE ${partition}`);
      rows = counted;
    }),
  );
  return rows;
}

async function addDay(sql: Sql, table: DailyTable, day: number): Promise<void> {
  const partition = `${table.name}_day${day / DAY_MS}`;
  await inTransaction(sql, async () => {
    const lock = await sql.get<{ locked: boolean }>(TRY_LOCK);
    // Another node is at it.
    if (!lock!.locked) return;
    await sql.exec(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS};
      CREATE TABLE ${partition} (LIKE ${table.name} INCLUDING DEFAULTS INCLUDING INDEXES);
      ALTER TABLE ${table.name} ATTACH PARTITION ${partition}
        FOR VALUES FROM (${table.boundOf(day)}) TO (${table.boundOf(day + DAY_MS)})`);
  });
}

/** Another node was quicker, rows of that day lie in the default partition already, or somebody else holds a lock. */
const HARMLESS: ReadonlySet<string | undefined> = new Set(['42P07', '23514', '55P03', '40P01']);

async function tryIt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const cause = error instanceof StoreUnavailable ? error.cause : error;
    if (!(cause instanceof DatabaseError) || !HARMLESS.has(cause.code)) throw error;
  }
}
