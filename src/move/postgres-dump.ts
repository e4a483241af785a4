import { CHANGES } from '../store/postgres/changes.ts';
import { readIdentity } from '../store/postgres/identity.ts';
import { DAY_MS, addDays, type DailyTable } from '../store/postgres/partitions.ts';
import { readPositions } from '../store/postgres/positions.ts';
import { RECEIPTS } from '../store/postgres/receipts.ts';
import { inTransaction, type Sql, type SqlValue } from '../store/postgres/sql.ts';
import { NOTE, type Dump, type Key, type Row, type Value, type WritableDump } from './dump.ts';
import { columnsOf, type ColumnKind, type Table } from './table.ts';

/** Members of which the alert is gone are never shown, and the other engine can't hold them. */
const SHAPES: Readonly<Record<string, string>> = {
  group_members: `(SELECT m.group_id, m.fingerprint FROM group_members m JOIN groups g ON g.id = m.group_id
    WHERE EXISTS (SELECT FROM alerts a WHERE a.tenant = g.tenant AND a.fingerprint = m.fingerprint)) AS member`,
};
const TYPES: Readonly<Record<ColumnKind, string>> = {
  text: 'text',
  bigint: 'bigint',
  integer: 'int',
  boolean: 'boolean',
  json: 'jsonb',
};
const HIGHEST =
  'SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence($1, $2)::regclass), 0) AS highest';
const RAISE = 'SELECT setval(pg_get_serial_sequence($1, $2), $3)';
const READ_META = 'SELECT value FROM meta WHERE name = $1';
const WRITE_META = `INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`;
/** History older than this goes to the default partitions, from which retention takes row by row. */
const OLDEST_DAYS = 400;

/** Outside a transaction; every call makes its own. */
export function dumpPostgres(sql: Sql, now: number): WritableDump {
  const prepared = new Set<string>();

  /** The history gets the partitions that it would have if it had been written here. */
  async function prepareDays(table: Table, rows: readonly Row[]): Promise<void> {
    const history = HISTORY[table.name];
    if (!history) return;
    const index = columnsOf(table).indexOf(history.column);
    const days = new Set(rows.map((row) => Math.floor(history.timeOf(row[index]!) / DAY_MS)));
    for (const day of days) {
      const isRecent = day * DAY_MS > now - OLDEST_DAYS * DAY_MS && day * DAY_MS <= now;
      if (!isRecent || prepared.has(`${table.name}/${day}`)) continue;
      await addDays(sql, [history.table], day * DAY_MS);
      prepared.add(`${table.name}/${day}`);
    }
  }

  return {
    ...readPostgres(sql),
    async write(table, rows, note) {
      await prepareDays(table, rows);
      const columns = columnsOf(table).map((_, index) => rows.map((row) => row[index]!));
      await inTransaction(sql, () =>
        Promise.all([sql.run(insertText(table), ...columns), sql.run(WRITE_META, NOTE, note)]),
      );
    },
    async mark(note, identity) {
      await inTransaction(sql, () =>
        Promise.all([
          sql.run(WRITE_META, NOTE, note),
          identity && sql.run(WRITE_META, 'cluster', identity.cluster),
          identity && sql.run(WRITE_META, 'generation', identity.generation),
        ]),
      );
    },
    async raise({ name, counter }, highest) {
      if (counter !== undefined && highest > 0) await sql.run(RAISE, name, counter, highest);
    },
  };
}

/** Reads what the transaction around it sees. */
export function readPostgres(sql: Sql): Dump {
  return {
    async read(table, after) {
      const columns = Object.entries(table.columns);
      const found = await sql.all<Record<string, Value>>(
        readText(table, after),
        ...(after ?? []),
        table.batch,
      );
      const last = found.at(-1);
      return {
        rows: found.map((row) => columns.map(([name, kind]) => fromPostgres(row[name]!, kind))),
        end: table.key.map((name) => last?.[name] as string | number),
      };
    },
    count: async (table) =>
      (await sql.get<{ count: number }>(`SELECT count(*) AS count FROM ${shapeOf(table)}`))!.count,
    async highest({ name, counter }) {
      if (counter === undefined) return 0;
      return (await sql.get<{ highest: number }>(HIGHEST, name, counter))!.highest;
    },
    positions: () => readPositions(sql),
    async identity() {
      const found = await readIdentity(sql);
      return found.cluster === '' ? undefined : found;
    },
    note: async () => (await sql.get<{ value: string }>(READ_META, NOTE))?.value,
  };
}

interface History {
  readonly table: DailyTable;
  readonly column: string;
  readonly timeOf: (value: Value) => number;
}

const HISTORY: Readonly<Record<string, History>> = {
  receipts: { table: RECEIPTS, column: 'signal', timeOf: timeOfId },
  changes: { table: CHANGES, column: 'at', timeOf: Number },
};

/** 0 for an id that does not begin with its time. */
function timeOfId(id: Value): number {
  const digits = /^[0-9a-f]{12}/.exec(String(id))?.[0];
  return digits === undefined ? 0 : Number.parseInt(digits, 16);
}

function readText(table: Table, after: Key | undefined): string {
  const key = table.key.join(', ');
  const behind = after ? `WHERE (${key}) > (${table.key.map((_, index) => `$${index + 1}`).join(', ')})` : '';
  const limit = `$${(after?.length ?? 0) + 1}`;
  return `SELECT ${columnsOf(table).join(', ')} FROM ${shapeOf(table)} ${behind} ORDER BY ${key} LIMIT ${limit}`;
}

/** Rows keep their numbers: cursors of lists and of the live stream stay good. */
function insertText(table: Table): string {
  const arrays = Object.values(table.columns).map((kind, index) => `$${index + 1}::${TYPES[kind]}[]`);
  return `INSERT INTO ${table.name} (${columnsOf(table).join(', ')}) OVERRIDING SYSTEM VALUE SELECT * FROM unnest(${arrays.join(', ')})`;
}

function shapeOf({ name }: Table): string {
  return SHAPES[name] ?? name;
}

/** `jsonb` comes as what it stands for. */
function fromPostgres(value: SqlValue, kind: ColumnKind): Value {
  return kind === 'json' ? JSON.stringify(value) : (value as Value);
}
