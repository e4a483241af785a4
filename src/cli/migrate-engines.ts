import type { Settings } from '../model/settings.ts';
import { moveInstallation, type MoveResult } from '../move/move.ts';
import type { Place } from '../move/place.ts';
import { CommandError } from './command-error.ts';
import { createMoveDisplay } from './migrate-progress.ts';
import type { Terminal } from './terminal.ts';

/** The flags of `migrate` that say from where to where an installation moves. */
export const MOVE_FLAGS = {
  to: {
    type: 'string',
    description: 'Move to this PostgreSQL database, together with `--journal`, or to this folder',
    hint: 'URL|DIR',
  },
  journal: { type: 'string', description: 'Journal to move to, on PostgreSQL or Kafka', hint: 'URL' },
  from: {
    type: 'string',
    description: 'Move from this database or folder; default: what the configuration names',
    hint: 'URL|DIR',
  },
  'journal-from': { type: 'string', description: 'Journal that belongs to `--from`', hint: 'URL' },
  'keep-source': {
    type: 'boolean',
    description: 'Leave the source so that a hub can start on it; what is open would then be sent by both',
  },
} as const;

export interface MoveFlags {
  readonly to: string;
  readonly journal?: string | undefined;
  readonly from?: string | undefined;
  readonly 'journal-from'?: string | undefined;
  readonly 'keep-source': boolean;
  readonly json: boolean;
}

export async function moveEngines(
  flags: MoveFlags,
  storage: Settings['storage'],
  terminal: Terminal,
): Promise<void> {
  const to = readPlace(flags.to, flags.journal, ['--to', '--journal']);
  const from = sourceOf(flags, storage);
  const display = createMoveDisplay(terminal, flags.json);
  const result = await moveInstallation({
    from,
    to,
    use: 'still',
    retire: !flags['keep-source'],
    now: terminal.now,
    onProgress: display.show,
  }).finally(display.end);
  if (flags.json) return terminal.print(JSON.stringify({ event: 'finished', ...result }));
  terminal.print(describe(result, flags, to));
}

function sourceOf(flags: MoveFlags, storage: Settings['storage']): Place {
  if (flags.from !== undefined)
    return readPlace(flags.from, flags['journal-from'], ['--from', '--journal-from']);
  if (flags['journal-from'] === undefined) return storage;
  throw new CommandError('usage', '--journal-from needs --from: name the database that goes with it');
}

/** A folder holds both; a database goes with a journal of its own. */
function readPlace(
  text: string,
  journal: string | undefined,
  [flag, journalFlag]: readonly [string, string],
): Place {
  const isDatabase = /^postgres(?:ql)?:\/\//.test(text);
  if (!isDatabase && /^[a-z]+:\/\//.test(text)) {
    throw new CommandError('usage', `${flag} takes postgres://… or a folder`);
  }
  if (!isDatabase && journal !== undefined) {
    throw new CommandError(
      'usage',
      `${journalFlag} goes with a database; in a folder the journal is a file beside the store`,
    );
  }
  if (!isDatabase) return { path: text };
  if (journal === undefined) {
    throw new CommandError(
      'usage',
      `${flag} names a database; say with ${journalFlag} postgres://… or kafka://… where its journal is`,
    );
  }
  return { path: '', url: text, journalUrl: journal };
}

function describe(result: MoveResult, flags: MoveFlags, to: Place): string {
  const { from, to: label, resumed, repeated, compared } = result;
  const next =
    to.url === undefined
      ? `Start the hub with --data ${to.path} and without storage.url and journal.url.`
      : 'Start the hub with this database as storage.url and this journal as journal.url.';
  const left = flags['keep-source']
    ? `A hub can still start on ${from}: don't let both run.`
    : `No hub starts on ${from} any more; remove it when you are sure.`;
  if (repeated) return `${from} was moved to ${label} before; nothing was left to do.\n${left}\n${next}`;
  const { records, ...tables } = compared;
  const rows = Object.values(tables).reduce((sum, one) => sum + one.rows, 0);
  return [
    `${resumed ? 'Finished moving' : 'Moved'} ${from} to ${label}: ${rows} rows and ${records?.rows ?? 0} unprocessed records, found the same on both sides.`,
    left,
    next,
  ].join('\n');
}
