import { SchemaTooNew } from '../../lib/sqlite-migrations.ts';
import type { Migration } from './migrations/migration.ts';
import { inTransaction, type Sql } from './sql.ts';

/** One number for all programs that migrate a database, so that nodes that start together take turns. */
const LOCK = 'SELECT pg_advisory_xact_lock(7310579)';

/** What a database holds of ours, each with steps of its own and a table that says how far they are. Both may be in one database. */
export type SchemaOwner = 'store' | 'journal';
const TABLES: Readonly<Record<SchemaOwner, string>> = {
  store: 'schema_versions',
  journal: 'journal_schema_versions',
};

/**
 * Brings a database to the newest schema that this program knows. Each step commits by itself, so that an interrupted run goes on where
 * it stopped. A newer schema is refused with `SchemaTooNew`, unless it says that a program like this one still works on it.
 */
export async function migrateDatabase(
  sql: Sql,
  migrations: readonly Migration[],
  what: SchemaOwner = 'store',
): Promise<void> {
  while (await takeStep(sql, migrations, what));
}

/** Whether there was a step to take. */
async function takeStep(sql: Sql, migrations: readonly Migration[], what: SchemaOwner): Promise<boolean> {
  const table = TABLES[what];
  const known = migrations.at(-1)?.version ?? 0;
  return inTransaction(sql, async () => {
    await sql.run(LOCK);
    await sql.run(recordIn(table));
    const { version, works_with } = (await sql.get<{ version: number; works_with: number }>(foundIn(table)))!;
    if (works_with > known) {
      throw new SchemaTooNew(
        `The database has ${what} schema ${version}, which works with programs from schema ${works_with} on, and this program knows only ` +
          `up to ${known}. Start the newer program that wrote it, or restore a backup that was taken before the upgrade.`,
      );
    }
    const step = migrations.find((candidate) => candidate.version > version);
    if (!step) return false;
    await sql.exec(step.text);
    await sql.run(appliedIn(table), step.version, step.name, step.worksWith);
    return true;
  });
}

function recordIn(table: string): string {
  return `CREATE TABLE IF NOT EXISTS ${table} (
  version INTEGER PRIMARY KEY, name TEXT NOT NULL, works_with INTEGER NOT NULL, applied_at TIMESTAMPTZ NOT NULL)`;
}

function foundIn(table: string): string {
  return `SELECT coalesce(max(version), 0) AS version, coalesce(max(works_with), 0) AS works_with FROM ${table}`;
}

function appliedIn(table: string): string {
  return `INSERT INTO ${table} (version, name, works_with, applied_at) VALUES ($1, $2, $3, clock_timestamp())`;
}
