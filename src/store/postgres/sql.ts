import type { ClientBase } from 'pg';
import { explain } from './trouble.ts';

export type SqlValue = string | number | boolean | null | readonly (string | number | boolean | null)[];

/**
 * One connection. Statements go out at once, one behind the other, and are answered in that order, so whoever asks several before
 * awaiting the first pays for one round trip. SQL is written as constants beside the function that uses it; each text is prepared once per
 * connection.
 */
export interface Sql {
  /** Resolves with the number of rows changed. */
  run(text: string, ...values: SqlValue[]): Promise<number>;
  get<Row>(text: string, ...values: SqlValue[]): Promise<Row | undefined>;
  all<Row>(text: string, ...values: SqlValue[]): Promise<readonly Row[]>;
  /** Statements that take no values and give no rows; several at once, as one transaction of their own. */
  exec(text: string): Promise<void>;
}

/** Names of prepared statements, the same on every connection. */
const NAMES = new Map<string, string>();

export function createSql(client: ClientBase): Sql {
  const query = async (text: string, values: readonly SqlValue[]) => {
    try {
      return await client.query({ name: nameOf(text), text, values: values.map(clean) });
    } catch (error) {
      throw explain(error);
    }
  };
  return {
    run: async (text, ...values) => (await query(text, values)).rowCount ?? 0,
    get: async <Row>(text: string, ...values: SqlValue[]) =>
      (await query(text, values)).rows[0] as Row | undefined,
    all: async <Row>(text: string, ...values: SqlValue[]) => (await query(text, values)).rows as Row[],
    async exec(text) {
      try {
        await client.query(text);
      } catch (error) {
        throw explain(error);
      }
    },
  };
}

/**
 * All or nothing. `work` may issue many statements before it awaits any; what follows a statement that failed fails as well, and the first
 * failure is the one that comes out.
 */
export async function inTransaction<Result>(sql: Sql, work: (sql: Sql) => Promise<Result>): Promise<Result> {
  try {
    const [, result] = await Promise.all([sql.run('BEGIN ISOLATION LEVEL READ COMMITTED'), work(sql)]);
    await sql.run('COMMIT');
    return result;
  } catch (error) {
    // A connection that is gone has rolled back by itself, and the first error says more than this one.
    await sql.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function nameOf(text: string): string {
  let name = NAMES.get(text);
  if (name === undefined) NAMES.set(text, (name = `signalbox_${NAMES.size + 1}`));
  return name;
}

/** PostgreSQL has no text with a zero character; a vendor's answer may have one, and must not stop the commit that records it. */
function clean(value: SqlValue): SqlValue {
  if (typeof value === 'string') return cleanText(value);
  if (!Array.isArray(value)) return value;
  return value.map((item) => (typeof item === 'string' ? cleanText(item) : item));
}

function cleanText(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
}
