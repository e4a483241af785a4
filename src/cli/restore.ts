import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { StorageSettings } from '../model/settings.ts';
import { restoreCluster } from '../move/restore-cluster.ts';
import { BACKUP_FILES } from '../store/manifest.ts';
import { restore } from '../store/restore.ts';
import { countsOf, sizeOf } from './backup.ts';
import { defineCommand } from './command.ts';
import { CommandError } from './command-error.ts';
import { KNOWN_SCHEMAS } from './data-files.ts';
import { CONFIG_FLAGS, DATA_FLAG, JSON_FLAG } from './flags.ts';
import { createMoveDisplay } from './migrate-progress.ts';
import { createProgressBar } from './progress-bar.ts';
import { readSettings } from './read-settings.ts';
import { printJson, type Terminal } from './terminal.ts';

export default defineCommand({
  description: [
    'Puts a backup into the data folder, after it checked sizes and hashes. The hub must not run. A data folder that holds anything is left alone unless `--replace` is given; what was there then moves into its `backups/`.',
    'The journal gets a new generation, so that restored files can’t be mixed with older ones. After the start the hub processes again what came between the copies of store and journal.',
    'Where the configuration names PostgreSQL, the backup of either kind of installation goes into that database and that journal, which must be empty. A restore that was interrupted goes on when the same command runs again.',
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
    const { storage } = (await readSettings(flags)).settings;
    if (storage.url !== undefined) return restoreServers({ ...flags, from }, storage, terminal);
    const dataPath = storage.path;
    const existing = flags.replace ? 'replace' : 'refuse';
    const stop = showProgress(from, dataPath, terminal);
    const manifest = await restore({ from, dataPath, schemas: KNOWN_SCHEMAS, existing, now: terminal.now })
      .catch((error: unknown) => {
        throw withNextStep(error, dataPath);
      })
      .finally(stop);
    if (flags.json) return printJson(terminal, { from, data: dataPath, ...manifest });
    terminal.print(
      `Restored ${from} of ${manifest.createdAt} to ${dataPath}: ${sizeOf(manifest)}, ${countsOf(manifest)}.`,
    );
  },
});

async function restoreServers(
  { from, replace, json }: { readonly from: string; readonly replace: boolean; readonly json: boolean },
  to: StorageSettings,
  terminal: Terminal,
): Promise<void> {
  if (replace) {
    throw new CommandError(
      'usage',
      '--replace is for data folders; name an empty database and a new topic prefix, and keep the former ones until all is well',
    );
  }
  const display = createMoveDisplay(terminal, false);
  const { manifest, ...result } = await restoreCluster({
    from,
    to,
    now: terminal.now,
    onProgress: display.show,
  }).finally(display.end);
  if (json) return printJson(terminal, { ...result, manifest });
  terminal.print(
    result.repeated
      ? `${result.to} was filled from this backup before; nothing was changed.`
      : `Restored ${from} of ${manifest.createdAt} to ${result.to}: ${sizeOf(manifest)}, ${countsOf(manifest)}.`,
  );
}

const LOOK_MS = 100;

/** Looks how much is there already, because copying a file tells nothing while it lasts. Returns the way to stop. */
function showProgress(from: string, dataPath: string, terminal: Terminal): () => void {
  const bar = createProgressBar(terminal);
  const sizeUnder = (folder: string, suffix: string): number =>
    BACKUP_FILES.reduce(
      (sum, name) => sum + (statSync(join(folder, name + suffix), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
  const total = sizeUnder(from, '');
  const timer = setInterval(
    () => bar.show('restoring', total === 0 ? 0 : sizeUnder(dataPath, '.restoring') / total),
    LOOK_MS,
  );
  return () => {
    clearInterval(timer);
    bar.end();
  };
}

function withNextStep(error: unknown, dataPath: string): unknown {
  if (!(error instanceof Error) || !error.message.startsWith(`${dataPath} is not empty`)) return error;
  const advice = `--replace moves what is there into ${join(dataPath, 'backups')}`;
  return new CommandError('failed', `${error.message}\n${advice}`, { cause: error });
}
