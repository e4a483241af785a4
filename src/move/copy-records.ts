import type { Journal } from '../journal/port.ts';
import type { Position } from '../model/position.ts';
import type { WritableDump } from './dump.ts';
import { formatNote, type Note, type Stage } from './note.ts';
import { nextOf, readRecords, recordHash, type RecordSource } from './read-records.ts';

export interface RecordCopy {
  readonly source: RecordSource;
  /** Of the source's store: only what lies behind is copied. */
  readonly positions: readonly Position[];
  readonly target: Journal;
  readonly store: Pick<WritableDump, 'mark'>;
  readonly about: Omit<Note, 'stage'>;
  readonly onRecords: (count: number) => void;
}

type Begun = Extract<Stage, { name: 'records' }>;

/**
 * Appends the unprocessed records to the new journal, each with its key and time, so that the records of one key stay in order; all of
 * them lie in one partition on either side. Before each batch the target notes which one comes and where its own partitions end, so that
 * whoever goes on after an interruption can see what of that batch arrived.
 */
export async function copyRecords(copy: RecordCopy, begun?: Begun): Promise<void> {
  const { source, positions, target, store, about } = copy;
  if (begun) await finishBatch(copy, begun);
  const ends = await endsOf(target);
  for (let partition = begun?.partition ?? 0; partition < source.partitions; partition++) {
    const start = begun?.partition === partition ? begun.to : nextOf(positions, partition);
    for await (const records of readRecords(source, partition, start)) {
      const [offset, to] = [records[0]!.offset, records.at(-1)!.offset + 1];
      await store.mark(formatNote({ ...about, stage: { name: 'records', partition, offset, to, ends } }));
      for (const position of await target.append(records)) ends[position.partition] = position.offset + 1;
      copy.onRecords(records.length);
    }
  }
}

/** Appends what is missing of the batch that was under way. Its note stays: this may be interrupted as well. */
async function finishBatch({ source, target, onRecords }: RecordCopy, begun: Begun): Promise<void> {
  const arrived = await readArrived(target, begun.ends);
  for await (const records of readRecords(source, begun.partition, begun.offset, begun.to)) {
    const missing = records.filter((record) => !arrived.has(recordHash(record)));
    if (missing.length > 0) await target.append(missing);
    onRecords(records.length);
  }
}

export async function endsOf(journal: RecordSource): Promise<number[]> {
  return Promise.all(Array.from({ length: journal.partitions }, (_, partition) => journal.end(partition)));
}

/** What the interrupted batch left in the target: at most that one batch. */
async function readArrived(target: Journal, ends: readonly number[]): Promise<Set<string>> {
  const arrived = new Set<string>();
  for (let partition = 0; partition < target.partitions; partition++) {
    for await (const records of readRecords(target, partition, ends[partition]!)) {
      for (const record of records) arrived.add(recordHash(record));
    }
  }
  return arrived;
}
