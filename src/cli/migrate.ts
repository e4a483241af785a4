import { existsSync } from 'node:fs';
import { defineCommand } from './command.ts';
import { CommandError } from './command-error.ts';
import { DATA_FILES } from './data-files.ts';
import { CONFIG_FLAGS, DATA_FLAG, JSON_FLAG } from './flags.ts';
import { migrateData, planMigration, type MigrationReport } from './migrate-data.ts';
import { readSettings } from './read-settings.ts';
import { printJson } from './terminal.ts';

export default defineCommand({
  description: [
    'Brings the files of the data folder to the schema of this version; each is copied into `backups/` of the data folder before. The hub does the same when it starts: this command is for doing it at a time of your own, or for looking before. The hub must not run.',
    'Files that a newer version wrote are refused and left alone.',
  ],
  flags: {
    'dry-run': { type: 'boolean', description: 'Only say what would be done' },
    ...DATA_FLAG,
    ...CONFIG_FLAGS,
    ...JSON_FLAG,
  },
  examples: [{ line: 'signalbox migrate --dry-run', what: 'what would an upgrade change?' }],
  async run({ flags, terminal }) {
    const dataPath = (await readSettings(flags)).settings.storage.path;
    if (!existsSync(dataPath)) {
      throw new CommandError(
        'usage',
        `there is no data folder ${dataPath}; name it with --data, or let "serve" make it`,
      );
    }
    const isDry = flags['dry-run'];
    const reports = isDry
      ? planMigration(dataPath, DATA_FILES)
      : await migrateData(dataPath, DATA_FILES, terminal.now());
    if (flags.json) return printJson(terminal, { data: dataPath, dry_run: isDry, files: reports });
    for (const report of reports) terminal.print(describe(report, isDry));
  },
});

function describe({ file, from, to, steps, backup }: MigrationReport, isDry: boolean): string {
  if (from === undefined) return `${file}: not there; the first start makes it with schema ${to}`;
  if (steps.length === 0) return `${file}: schema ${from} is the newest; nothing to do`;
  const what = `${file}: schema ${from} → ${to} (${steps.join(', ')})`;
  if (isDry) return `${what} would be done, after a copy into backups/`;
  return backup === undefined ? `${what} done` : `${what} done; the former file is ${backup}`;
}
