import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { assertKnown, migrateFile, newest } from '../lib/sqlite-migrations.ts';
import { acquireLock } from '../store/lock.ts';
import { schemaOf, type DataFile } from './data-files.ts';

export interface MigrationReport {
  readonly file: string;
  /** Schema on disk; absent when there is no file. */
  readonly from?: number;
  readonly to: number;
  /** The steps between, by name. */
  readonly steps: readonly string[];
  /** The copy that was taken before. */
  readonly backup?: string;
}

/** What a migration would do. Changes nothing; refuses what a newer program wrote. */
export function planMigration(dataPath: string, files: readonly DataFile[]): readonly MigrationReport[] {
  return files.map((file) => {
    const to = newest(file.migrations);
    const from = schemaOf(dataPath, file);
    if (from === undefined) return { file: file.name, to, steps: [] };
    assertKnown(join(dataPath, file.name), file.what, from, to);
    const steps = file.migrations.filter(({ version }) => version > from).map(({ name }) => name);
    return { file: file.name, from, to, steps };
  });
}

/** Brings both files to the newest schema under the data folder's lock, each copied into `backups/` before (HNP-090). */
export async function migrateData(
  dataPath: string,
  files: readonly DataFile[],
  now: number,
): Promise<readonly MigrationReport[]> {
  const lock = acquireLock(dataPath, 'a migration');
  try {
    const plan = planMigration(dataPath, files);
    const reports: MigrationReport[] = [];
    for (const [index, file] of files.entries()) {
      const planned = plan[index]!;
      if (planned.steps.length === 0) {
        reports.push(planned);
        continue;
      }
      const before = new Set(listBackups(dataPath));
      await migrateFile({
        path: join(dataPath, file.name),
        what: file.what,
        migrations: file.migrations,
        now,
      });
      const copy = listBackups(dataPath).find((name) => !before.has(name));
      reports.push(copy === undefined ? planned : { ...planned, backup: join(dataPath, 'backups', copy) });
    }
    return reports;
  } finally {
    lock.release();
  }
}

function listBackups(dataPath: string): readonly string[] {
  const folder = join(dataPath, 'backups');
  return existsSync(folder) ? readdirSync(folder) : [];
}
