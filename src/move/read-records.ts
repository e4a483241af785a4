import { JournalUnavailable, type Journal, type JournalRecord } from '../journal/port.ts';
import type { Position } from '../model/position.ts';
import { hashText } from './digest.ts';

/** What is read of a journal here, so that a reader without a writer will do. */
export type RecordSource = Pick<Journal, 'partitions' | 'read' | 'end' | 'offsetAt'>;

const RECORDS = 500;
const BYTES = 4 * 1024 * 1024;

/** The records of one partition from `offset` up to `to`, by default where it ends now, in bounded batches and in order. */
export async function* readRecords(
  journal: RecordSource,
  partition: number,
  offset: number,
  to = Infinity,
): AsyncGenerator<readonly JournalRecord[]> {
  const end = Math.min(to, await journal.end(partition));
  let next = Math.max(offset, await journal.offsetAt(partition, 0));
  while (next < end) {
    const found = await journal.read(partition, next, Math.min(RECORDS, end - next), BYTES);
    const last = found.at(-1);
    // Going on without it would leave signals behind.
    if (!last) {
      throw new JournalUnavailable(
        `Partition ${partition} of the journal ends at ${end}, but gave nothing from ${next} on; run the same command again`,
      );
    }
    yield found.filter((record) => record.offset < end);
    next = last.offset + 1;
  }
}

/** Where a partition's unprocessed records begin. */
export function nextOf(positions: readonly Position[], partition: number): number {
  return positions.find((position) => position.partition === partition)?.offset ?? 0;
}

/** How many records are unprocessed, as offsets count them. */
export async function countRecords(journal: RecordSource, positions: readonly Position[]): Promise<number> {
  let count = 0;
  for (let partition = 0; partition < journal.partitions; partition++) {
    const from = Math.max(nextOf(positions, partition), await journal.offsetAt(partition, 0));
    count += Math.max(0, (await journal.end(partition)) - from);
  }
  return count;
}

/** One spelling on every journal. No two records have the same: each names its signal and its part. */
export function recordText({ key, at, value }: Pick<JournalRecord, 'key' | 'at' | 'value'>): string {
  return JSON.stringify([key, at, value]);
}

export function recordHash(record: Pick<JournalRecord, 'key' | 'at' | 'value'>): string {
  return hashText(recordText(record));
}
