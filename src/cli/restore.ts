import { restore } from '../store/restore.ts';
import { countsOf, sizeOf } from './backup.ts';
import { defineCommand } from './command.ts';
import { CommandError } from './command-error.ts';
import { KNOWN_SCHEMAS } from './data-files.ts';
import { CONFIG_FLAGS, DATA_FLAG, JSON_FLAG } from './flags.ts';
import { createProgressBar } from './progress-bar.ts';
import { readSettings } from './read-settings.ts';
import { printJson } from './terminal.ts';

export default defineCommand({
  description: [
    'Puts a backup into the data folder, after it checked sizes and hashes. The hub must not run. A data folder that holds anything is left alone unless `--replace` is given; what was there then moves into its `backups/`.',
    'The journal gets a new generation, so that restored files can’t be mixed with older ones. After the start the hub processes again what came between the copies of store and journal.',
  ],
  flags: {
    from: { type: 'string', description: 'The folder that a backup made', hint: 'DIR' },
    replace: { type: 'boolean', description: 'Move aside what is in the data folder' },
    ...DATA_FLAG,
    ...CONFIG_FLAGS,
    ...JSON_FLAG,
  },
  examples: [
    {
      line: 'signalbox restore --from /backup/signalbox-2026-11-20 --data ./data',
      what: 'into a new folder',
    },
  ],
  async run({ flags, terminal }) {
    const { from } = flags;
    if (from === undefined) throw new CommandError('usage', 'say from where: signalbox restore --from DIR');
    const dataPath = (await readSettings(flags)).settings.storage.path;
    const bar = createProgressBar(terminal);
    bar.show('restoring', 0);
    const manifest = await restore({
      from,
      dataPath,
      schemas: KNOWN_SCHEMAS,
      existing: flags.replace ? 'replace' : 'refuse',
      now: terminal.now,
    }).finally(() => bar.end());
    if (flags.json) return printJson(terminal, { from, data: dataPath, ...manifest });
    terminal.print(
      `Restored ${from} of ${manifest.createdAt} to ${dataPath}: ${sizeOf(manifest)}, ${countsOf(manifest)}.`,
    );
  },
});
