import { backup } from '../store/backup.ts';
import type { Manifest } from '../store/manifest.ts';
import { bytesText } from './bytes-text.ts';
import { defineCommand } from './command.ts';
import { CommandError } from './command-error.ts';
import { CONFIG_FLAGS, DATA_FLAG, JSON_FLAG } from './flags.ts';
import { createProgressBar } from './progress-bar.ts';
import { readSettings } from './read-settings.ts';
import { printJson } from './terminal.ts';

export default defineCommand({
  description: [
    'Copies the data folder into a new folder, also while the hub runs. It takes the store first and then the journal, checks both copies, and writes the manifest last: a folder without a manifest is no backup.',
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
    const dataPath = (await readSettings(flags)).settings.storage.path;
    const bar = createProgressBar(terminal);
    const now = terminal.now;
    const manifest = await backup({
      dataPath,
      to,
      now,
      onProgress: ({ file, pagesDone, pages }) => bar.show(file, pages === 0 ? 1 : pagesDone / pages),
    }).finally(() => bar.end());
    if (flags.json) return printJson(terminal, { to, ...manifest });
    terminal.print(`Backed up ${dataPath} to ${to}: ${sizeOf(manifest)}, ${countsOf(manifest)}.`);
  },
});

export function sizeOf({ files }: Manifest): string {
  return bytesText(Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0));
}

export function countsOf({ counts }: Manifest): string {
  return Object.entries(counts)
    .map(([what, count]) => `${what} ${count}`)
    .join(', ');
}
