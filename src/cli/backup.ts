import { backupCluster } from '../move/backup-cluster.ts';
import { labelOf } from '../move/place.ts';
import { backup } from '../store/backup.ts';
import type { StorageSettings } from '../model/settings.ts';
import type { Manifest } from '../store/manifest.ts';
import { bytesText } from './bytes-text.ts';
import { defineCommand } from './command.ts';
import { CommandError } from './command-error.ts';
import { CONFIG_FLAGS, DATA_FLAG, JSON_FLAG } from './flags.ts';
import { createMoveDisplay } from './migrate-progress.ts';
import { createProgressBar } from './progress-bar.ts';
import { readSettings } from './read-settings.ts';
import { printJson, type Terminal } from './terminal.ts';

export default defineCommand({
  description: [
    'Copies the data folder into a new folder, also while the hub runs. It takes the store first and then the journal, checks both copies, and writes the manifest last: a folder without a manifest is no backup.',
    'Where the configuration names PostgreSQL, it writes one moment of the database and the records that were unprocessed then, as the files of a data folder. It is restored to either kind of installation.',
  ],
  flags: {
    to: { type: 'string', description: 'A folder that is not there yet or is empty', hint: 'DIR' },
    ...DATA_FLAG,
    ...CONFIG_FLAGS,
    ...JSON_FLAG,
  },
  examples: [{ line: 'signalbox backup --to /backup/signalbox-2026-11-20', what: 'every night' }],
  async run({ flags, terminal }) {
    const { to } = flags;
    if (to === undefined) throw new CommandError('usage', 'say where to: signalbox backup --to DIR');
    const { storage } = (await readSettings(flags)).settings;
    const take = storage.url === undefined ? backUpFolder : backUpServers;
    const manifest = await take(storage, to, terminal);
    if (flags.json) return printJson(terminal, { to, ...manifest });
    terminal.print(`Backed up ${labelOf(storage)} to ${to}: ${sizeOf(manifest)}, ${countsOf(manifest)}.`);
  },
});

function backUpFolder({ path }: StorageSettings, to: string, terminal: Terminal): Promise<Manifest> {
  const bar = createProgressBar(terminal);
  return backup({
    dataPath: path,
    to,
    now: terminal.now,
    onProgress: ({ file, pagesDone, pages }) => bar.show(file, pages === 0 ? 1 : pagesDone / pages),
  }).finally(() => bar.end());
}

function backUpServers(from: StorageSettings, to: string, terminal: Terminal): Promise<Manifest> {
  const display = createMoveDisplay(terminal, false);
  return backupCluster({ from, to, now: terminal.now, onProgress: display.show }).finally(display.end);
}

export function sizeOf({ files }: Manifest): string {
  return bytesText(Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0));
}

export function countsOf({ counts }: Manifest): string {
  return Object.entries(counts)
    .map(([what, count]) => `${what} ${count}`)
    .join(', ');
}
