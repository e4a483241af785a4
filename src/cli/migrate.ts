import { existsSync } from 'node:fs';
import { defineCommand } from './command.ts';
import { CommandError } from './command-error.ts';
import { DATA_FILES } from './data-files.ts';
import { CONFIG_FLAGS, DATA_FLAG, JSON_FLAG } from './flags.ts';
import { MOVE_FLAGS, moveEngines } from './migrate-engines.ts';
import { migrateData, planMigration, type MigrationReport } from './migrate-data.ts';
import { readSettings } from './read-settings.ts';
import { printJson } from './terminal.ts';

export default defineCommand({
  description: [
    'Brings the files of the data folder to the schema of this version; each is copied into `backups/` of the data folder before. The hub does the same when it starts: this command is for doing it at a time of your own, or for looking before. The hub must not run.',
    'Files that a newer version wrote are refused and left alone.',
    'With `--to` it moves the whole installation to other engines instead: from the data folder to PostgreSQL, with the journal there or in Kafka, or back into a folder. Everything is compared afterwards, and a move that was interrupted goes on where it stopped when the same command runs again. The target must be empty. Leave passwords out of the URLs, which other users can see: use `PGPASSWORD` or a `.pgpass` file, and `password_file` for Kafka.',
  ],
  flags: {
    'dry-run': { type: 'boolean', description: 'Only say what would be done to the schema' },
    ...MOVE_FLAGS,
    ...DATA_FLAG,
    ...CONFIG_FLAGS,
    ...JSON_FLAG,
  },
  examples: [
    { line: 'signalbox migrate --dry-run', what: 'what would an upgrade change?' },
    {
      line: 'signalbox migrate --to postgres://hub@db/signalbox --journal kafka://k1:9092/ops',
      what: 'from the data folder to servers',
    },
    {
      line: 'signalbox migrate --from postgres://hub@db/signalbox --journal-from kafka://k1:9092/ops --to ./data-2',
      what: 'and back',
    },
  ],
  async run({ flags, terminal }) {
    const { storage } = (await readSettings(flags)).settings;
    const { to } = flags;
    if (to !== undefined) {
      if (flags['dry-run'])
        throw new CommandError('usage', '--dry-run is about the schema; leave it out with --to');
      return moveEngines({ ...flags, to }, storage, terminal);
    }
    if (flags.from !== undefined || flags.journal !== undefined || flags['journal-from'] !== undefined) {
      throw new CommandError(
        'usage',
        '--from, --journal and --journal-from say how to move; say with --to where to',
      );
    }
    const dataPath = storage.path;
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
