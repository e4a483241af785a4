import { compareSides, type Comparison, type Side } from './compare.ts';
import { copyRecords, endsOf } from './copy-records.ts';
import { copyTables } from './copy-tables.ts';
import { MoveError } from './move-error.ts';
import { formatNote, isSame, parseNote, UNFINISHED, type Note, type Stage } from './note.ts';
import { assertApart, labelOf, type Place } from './place.ts';
import type { MoveProgress, OnProgress } from './progress.ts';
import { countRecords } from './read-records.ts';
import { withSource, type Source } from './source.ts';
import type { SourceUse } from './source-store.ts';
import { TABLES } from './table.ts';
import { withTarget, type Target } from './target.ts';

export interface MoveOptions {
  readonly from: Place;
  readonly to: Place;
  readonly use: SourceUse;
  /** No hub starts on the source afterwards. */
  readonly retire: boolean;
  readonly now: () => number;
  readonly onProgress?: OnProgress;
}

export interface MoveResult {
  readonly from: string;
  readonly to: string;
  /** An interrupted move was finished. */
  readonly resumed: boolean;
  /** The move had been finished before, and nothing was copied. */
  readonly repeated: boolean;
  /** Rows and hash of every table and of the records, as found equal on both sides; empty when `repeated`. */
  readonly compared: Comparison;
}

type About = Omit<Note, 'stage'>;

/**
 * Copies an installation to other engines, compares all of it, and lets the target begin. Safe to repeat: what an interrupted call left
 * is taken up, and a finished one is left alone. Until the comparison succeeded, no hub starts on the target.
 *
 * @throws MoveError, SchemaTooNew, DataLocked, StoreUnavailable, JournalUnavailable, KafkaSettingsError
 * @example
 * await moveInstallation({ from: { path: './data' }, to: { path: './data', url, journalUrl }, use: 'still', retire: true, now: Date.now });
 */
export async function moveInstallation(options: MoveOptions): Promise<MoveResult> {
  const { from, to, now } = options;
  assertApart(from, to);
  return withSource(from, options.use, now, (source) =>
    withTarget(to, now, (target) => move(options, source, target)),
  );
}

async function move(options: MoveOptions, source: Source, target: Target): Promise<MoveResult> {
  const label = labelOf(options.to);
  const result = { from: source.label, to: label };
  const about = { from: source.origin, journal: await target.journal.identity() };
  const stage = await findStage(about, target, label);
  if (stage?.name === 'done') {
    await leave(options, source, label);
    return { ...result, resumed: false, repeated: true, compared: {} };
  }
  const compared = await copyAndCompare(
    about,
    source,
    target,
    stage,
    options.onProgress ?? (() => undefined),
  );
  await assertNothingTrimmed(source);
  await source.store.assertUnused();
  await target.dump.mark(formatNote({ ...about, stage: { name: 'done' } }), about.journal);
  await leave(options, source, label);
  return { ...result, resumed: stage !== undefined, repeated: false, compared };
}

async function leave({ retire }: MoveOptions, { store }: Source, label: string): Promise<void> {
  if (retire) await store.retire(label);
}

/** Where an earlier move of this source stopped; undefined for a target that is empty, which is then marked as begun. */
async function findStage(about: About, { dump, journal }: Target, label: string): Promise<Stage | undefined> {
  const text = await dump.note();
  const refuse = (why: string) =>
    new MoveError(
      'target_not_empty',
      `${label} ${why}; name a new database and a new topic prefix, or a new folder`,
    );
  if (text !== undefined) {
    const note = parseNote(text);
    if (isSame(note, about)) return note.stage;
    throw refuse('was filled from another installation, or from an earlier state of this one');
  }
  if (await dump.identity()) throw refuse('was used by a hub');
  for (const table of TABLES) {
    if ((await dump.read(table, undefined)).rows.length > 0) throw refuse(`has rows in ${table.name}`);
  }
  if ((await endsOf(journal)).some((end) => end > 0)) throw refuse('has a journal with records');
  await dump.mark(formatNote({ ...about, stage: { name: 'tables', table: TABLES[0]!.name } }), UNFINISHED);
  return undefined;
}

async function copyAndCompare(
  about: About,
  source: Source,
  target: Target,
  begun: Stage | undefined,
  onProgress: OnProgress,
): Promise<Comparison> {
  const total = await countAll(source);
  const counter = (phase: MoveProgress['phase'], before: number) => {
    let done = before;
    return (what: string, rows: number) => onProgress({ phase, what, done: (done += rows), total });
  };
  const copied = counter('copying', begun ? await countAll({ ...target, positions: [] }) : 0);
  if (begun?.name !== 'records') {
    await copyTables(
      {
        source: source.dump,
        target: target.dump,
        about,
        partitions: { before: source.journal.partitions, after: target.journal.partitions },
        onRows: ({ name }, rows) => copied(name, rows),
      },
      begun?.name === 'tables' ? begun : undefined,
    );
  }
  await copyRecords(
    {
      source: source.journal,
      positions: source.positions,
      target: target.journal,
      store: target.dump,
      about,
      onRecords: (count) => copied('records', count),
    },
    begun?.name === 'records' ? begun : undefined,
  );
  return compareSides(source, { ...target, positions: [] }, counter('comparing', 0));
}

async function countAll({ dump, journal, positions }: Side): Promise<number> {
  let total = await countRecords(journal, positions);
  for (const table of TABLES) total += await dump.count(table);
  return total;
}

/** A hub that ran meanwhile may have processed and trimmed records; the copies of store and journal would both be without them. */
async function assertNothingTrimmed({ journal, positions }: Source): Promise<void> {
  for (const { partition, offset } of positions) {
    if ((await journal.offsetAt(partition, 0)) <= offset) continue;
    throw new MoveError(
      'journal_trimmed',
      'Between the copies of store and journal the journal was trimmed too far; take the copy again, or raise storage.retention.journal',
    );
  }
}
