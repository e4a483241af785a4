import type { Sql, SqlValue } from '../lib/sqlite.ts';
import { readIdentity } from '../store/sqlite/identity.ts';
import { groupSeqOf } from '../store/sqlite/groups.ts';
import { readPositions } from '../store/sqlite/positions.ts';
import { NOTE, type Dump, type Key, type Row, type Value, type WritableDump } from './dump.ts';
import { columnsOf, type ColumnKind, type Table } from './table.ts';

/** Where a table looks different: here a group that is gone keeps its row, and members are pairs of numbers. */
const SHAPES: Readonly<Record<string, string>> = {
  revisions: '(SELECT rowid AS seq, id, at, document FROM revisions)',
  groups: '(SELECT * FROM groups WHERE flush_at IS NOT NULL)',
  group_members: `(SELECT m.group_seq, m.alert_seq, g.id AS group_id, a.fingerprint FROM group_members m
    CROSS JOIN groups g ON g.seq = m.group_seq CROSS JOIN alerts a ON a.seq = m.alert_seq WHERE g.flush_at IS NOT NULL)`,
};
/** By ids, the members of a large group would be sorted anew for every batch. */
const KEYS: Readonly<Record<string, readonly string[]>> = { group_members: ['group_seq', 'alert_seq'] };
const SAVE_MEMBER = `INSERT INTO group_members (group_seq, alert_seq) SELECT g.seq, a.seq FROM groups g CROSS JOIN alerts a
  WHERE g.id = ? AND a.tenant = g.tenant AND a.fingerprint = ?`;
/** The only tables whose numbers outlive their rows. */
const REMEMBERED = 'SELECT coalesce(max(seq), 0) AS highest FROM sqlite_sequence WHERE name = ?';
const COUNTED_ON = new Set(['inbox', 'correlation_wakes', 'outcomes', 'namespace_news', 'changes']);
const RAISE = 'UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?';
const BEGIN_COUNT = `INSERT INTO sqlite_sequence (name, seq) SELECT ?1, ?2
  WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?1)`;
const READ_META = 'SELECT value FROM meta WHERE name = ?';
const WRITE_META = `INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`;

export function dumpSqlite(sql: Sql): WritableDump {
  const writeNote = (note: string) => sql.run(WRITE_META, NOTE, note);
  return {
    ...readSqlite(sql),
    async write(table, rows, note) {
      const save = saverOf(sql, table);
      sql.transaction(() => {
        for (const row of rows) save(row);
        writeNote(note);
      });
    },
    async mark(note, identity) {
      sql.transaction(() => {
        writeNote(note);
        if (identity === undefined) return;
        sql.run(WRITE_META, 'cluster', identity.cluster);
        sql.run(WRITE_META, 'generation', identity.generation);
      });
    },
    async raise(table, highest) {
      if (!COUNTED_ON.has(table.name)) return;
      sql.transaction(() => {
        sql.run(BEGIN_COUNT, table.name, highest);
        sql.run(RAISE, highest, table.name);
      });
    },
  };
}

/** Works on a connection that only reads. */
export function readSqlite(sql: Sql): Dump {
  return {
    read: async (table, after) => {
      const columns = Object.entries(table.columns);
      const found = sql.all<Record<string, SqlValue>>(readText(table, after), ...(after ?? []), table.batch);
      const last = found.at(-1);
      return {
        rows: found.map((row) => columns.map(([name, kind]) => fromSqlite(row[name]!, kind))),
        end: keyOf(table).map((name) => last?.[name] as string | number),
      };
    },
    count: async (table) =>
      sql.get<{ count: number }>(`SELECT count(*) AS count FROM ${shapeOf(table)}`)!.count,
    async highest({ name, counter }) {
      if (counter === undefined) return 0;
      if (COUNTED_ON.has(name)) return sql.get<{ highest: number }>(REMEMBERED, name)!.highest;
      return sql.get<{ highest: number }>(`SELECT coalesce(max(rowid), 0) AS highest FROM ${name}`)!.highest;
    },
    positions: async () => readPositions(sql),
    async identity() {
      const found = readIdentity(sql);
      return found.cluster === '' ? undefined : found;
    },
    note: async () => sql.get<{ value: string }>(READ_META, NOTE)?.value,
  };
}

function readText(table: Table, after: Key | undefined): string {
  const key = keyOf(table).join(', ');
  const behind = after ? `WHERE (${key}) > (${after.map(() => '?').join(', ')})` : '';
  const columns = [...new Set([...columnsOf(table), ...keyOf(table)])].join(', ');
  return `SELECT ${columns} FROM ${shapeOf(table)} ${behind} ORDER BY ${key} LIMIT ?`;
}

function keyOf({ name, key }: Table): readonly string[] {
  return KEYS[name] ?? key;
}

function shapeOf({ name }: Table): string {
  return SHAPES[name] ?? name;
}

/** How one row is added, inside a transaction. */
function saverOf(sql: Sql, table: Table): (row: Row) => void {
  if (table.name === 'group_members') return (row) => sql.run(SAVE_MEMBER, ...row.map(toSqlite));
  const columns = columnsOf(table);
  // The number of a revision is what SQLite gives every row.
  const own = columns.map((name) => (table.name === 'revisions' && name === 'seq' ? 'rowid' : name));
  if (table.name !== 'deliveries') {
    const text = `INSERT INTO ${table.name} (${own.join(', ')}) VALUES (${own.map(() => '?').join(', ')})`;
    return (row) => sql.run(text, ...row.map(toSqlite));
  }
  const text = `INSERT INTO deliveries (${own.join(', ')}, group_seq) VALUES (${own.map(() => '?').join(', ')}, ?)`;
  const [group, tenant] = [columns.indexOf('group_id'), columns.indexOf('tenant')];
  return (row) =>
    sql.run(text, ...row.map(toSqlite), groupSeqOf(sql, row[group] as string, row[tenant] as string));
}

function toSqlite(value: Value): SqlValue {
  return typeof value === 'boolean' ? Number(value) : value;
}

/** PostgreSQL has no text with a zero character, and both sides must look the same: see `clean` in its `sql.ts`. */
function fromSqlite(value: SqlValue, kind: ColumnKind): Value {
  if (kind === 'boolean') return value === 1;
  if (typeof value !== 'string') return value;
  if (kind === 'json') return JSON.stringify(JSON.parse(value));
  return value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
}
