import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openJournalReader, openScratchStore, openStoreReader } from '../drivers.ts';
import type { StorageSettings } from '../model/settings.ts';
import { backTest, type BackTest } from '../rehearsal/back-test.ts';
import { presentBackTest } from '../rehearsal/present-back-test.ts';
import { backTestText } from './back-test-text.ts';
import { CommandError } from './command-error.ts';
import { createProgressBar } from './progress-bar.ts';
import { readSettings, type SettingsFlags } from './read-settings.ts';
import { readCount, readSpan, readTime, tryRehearsal } from './simulate-flags.ts';
import { printJson, type Terminal } from './terminal.ts';

export interface BackTestFlags extends SettingsFlags {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly 'warm-up': string | undefined;
  readonly tolerance: string | undefined;
  readonly limit: string | undefined;
  readonly 'max-records': string | undefined;
  readonly json: boolean;
}

const WARM_UP_MS = 3_600_000;
const TOLERANCE_MS = 30_000;
const LIMIT = 50;
const MAX_RECORDS = 1_000_000;

/** `simulate --from TIME --to TIME`: what was recorded, under another configuration. */
export async function simulateBackTest(flags: BackTestFlags, terminal: Terminal): Promise<void> {
  const from = readTime(flags.from, '--from', terminal)!;
  const to = readTime(flags.to, '--to', terminal) ?? terminal.now();
  if (from >= to) throw new CommandError('usage', '--from has to be before --to');
  const bounds = {
    warmUpMs: readSpan(flags['warm-up'], '--warm-up') ?? WARM_UP_MS,
    toleranceMs: readSpan(flags.tolerance, '--tolerance') ?? TOLERANCE_MS,
    maxDifferences: readCount(flags.limit, '--limit') ?? LIMIT,
    maxRecords: readCount(flags['max-records'], '--max-records') ?? MAX_RECORDS,
  };
  const { settings, connectors } = await readSettings(flags);
  const bar = createProgressBar(terminal);
  const found = await withRecorded(settings.storage, terminal.now, async (recorded) => {
    const onProgress = (share: number): void => bar.show('replaying', share);
    const input = {
      ...recorded,
      ...bounds,
      settings,
      connectors: connectors.connectors,
      from,
      to,
      onProgress,
    };
    return tryRehearsal(backTest(input));
  }).finally(() => bar.end());
  if (flags.json) return printJson(terminal, presentBackTest(found));
  terminal.print(backTestText(found, terminal));
}

/** Journal and store of an installation, only to read, beside an empty store. */
async function withRecorded(
  storage: StorageSettings,
  now: () => number,
  work: (recorded: {
    readonly journal: Awaited<ReturnType<typeof openJournalReader>>;
    readonly reader: Awaited<ReturnType<typeof openStoreReader>>;
    readonly store: Awaited<ReturnType<typeof openScratchStore>>;
  }) => Promise<BackTest>,
): Promise<BackTest> {
  const file = join(storage.path, 'journal.db');
  if (storage.journalUrl === undefined && !existsSync(file))
    throw new CommandError(
      'usage',
      `nothing was recorded in ${storage.path}: there is no journal.db. Name the data folder by --data`,
    );
  const journal = await openJournalReader(storage, { durableEnds: undefined, onRecords: () => {}, now });
  try {
    const reader = await openStoreReader(storage);
    try {
      const store = await openScratchStore(now);
      return await work({ journal, reader, store }).finally(() => store.close());
    } finally {
      await reader.close();
    }
  } finally {
    await journal.close();
  }
}
