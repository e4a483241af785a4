import { SchemaTooNew } from '../../lib/sqlite-migrations.ts';
import type { Migration } from './migrations/migration.ts';
import { inTransaction, type Sql } from './sql.ts';

/** One number for all programs that migrate a database, so that nodes that start together take turns. */
const LOCK = 'SELECT pg_advisory_xact_lock(7310579)';
const RECORD = `CREATE TABLE IF NOT EXISTS schema_versions (
  version INTEGER PRIMARY KEY, name TEXT NOT NULL, works_with INTEGER NOT NULL, applied_at TIMESTAMPTZ NOT NULL)`;
const FOUND = `SELECT coalesce(max(version), 0) AS version, coalesce(max(works_with), 0) AS works_with FROM schema_versions`;
const APPLIED =
  'INSERT INTO schema_versions (version, name, works_with, applied_at) VALUES ($1, $2, $3, clock_timestamp())';

/**
 * Brings a database to the newest schema that this program knows. Each step commits by itself, so that an interrupted run goes on where
 * it stopped. A newer schema is refused with `SchemaTooNew`, unless it says that a program like this one still works on it.
 */
export async function migrateDatabase(sql: Sql, migrations: readonly Migration[]): Promise<void> {
  const known = migrations.at(-1)?.version ?? 0;
  while (await takeStep(sql, migrations, known));
}

/** Whether there was a step to take. */
async function takeStep(sql: Sql, migrations: readonly Migration[], known: number): Promise<boolean> {
  return inTransaction(sql, async () => {
    await sql.run(LOCK);
    await sql.run(RECORD);
    const { version, works_with } = (await sql.get<{ version: number; works_with: number }>(FOUND))!;
    if (works_with > known) {
      throw new SchemaTooNew(
        `The database has store schema ${version}, which works with programs from schema ${works_with} on, and this program knows only ` +
          `up to ${known}. Start the newer program that wrote it, or restore a backup that was taken before the upgrade.`,
      );
    }
    const step = migrations.find((candidate) => candidate.version > version);
    if (!step) return false;
    await sql.exec(step.text);
    await sql.run(APPLIED, step.version, step.name, step.worksWith);
    return true;
  });
}
