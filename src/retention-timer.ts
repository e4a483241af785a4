import { ownProbe } from './pipeline/own-record.ts';
import type { WatchedJournal } from './journal/watched-journal.ts';
import type { Logger } from './lib/log.ts';
import type { Position } from './model/position.ts';
import type { Settings } from './model/settings.ts';
import type { StateLink } from './state-link.ts';
import { trimJournal } from './store/retention.ts';

export interface RetentionContext {
  settings(): Settings;
  readonly state: StateLink;
  readonly journal: WatchedJournal;
  readonly log: Logger;
  now(): number;
}

const TRIM_EVERY_MS = 60_000;
const PROBE_EVERY_MS = 2_000;

/**
 * Forgets what is older than its retention: the state's thread its rows, this one the journal's records, each file by its own writer. While
 * the journal can't be written it is tried every two seconds, so that the hub comes back by itself when the disk does.
 */
export function startRetention(context: RetentionContext): () => void {
  const guarded = (what: string, run: () => Promise<void>) => () => {
    run().catch((error: unknown) =>
      context.log.warn(`${what} did not work; it is tried again`, { reason: String(error) }),
    );
  };
  const trim = guarded('retention', async () => {
    const positions = await context.state.ask<readonly Position[]>({ kind: 'retain' });
    const before = context.now() - context.settings().storage.retention.journal;
    await trimJournal(context.journal, positions, before);
  });
  const probe = guarded('the probe of the journal', async () => {
    if (context.journal.trouble()) await context.journal.append([ownProbe(context.now())]);
  });
  const timers = [setInterval(trim, TRIM_EVERY_MS), setInterval(probe, PROBE_EVERY_MS)];
  return () => timers.forEach((timer) => clearInterval(timer));
}
