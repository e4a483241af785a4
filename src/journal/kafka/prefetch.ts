import type { JournalRecord } from '../port.ts';
import type { Fetched } from './fetch.ts';

/** Above so many bytes of one partition no more is fetched for it until the reader has taken some. */
export const PARTITION_BUFFER_BYTES = 512 * 1024;
/** The same for all partitions together. One answer per broker can come on top. */
export const TOTAL_BUFFER_BYTES = 32 * 1024 * 1024;

/** One partition that is being read: the records from `from` up to `next` are here. */
export interface Followed {
  readonly partition: number;
  from: number;
  /** Where the next fetch begins. */
  next: number;
  /** The offset behind the newest record known to be acknowledged; -1 before the first answer. */
  end: number;
  records: JournalRecord[];
  bytes: number;
}

/** The partitions that somebody reads, with what was fetched ahead of them. Pure bookkeeping: who fetches, and when, is the reader's. */
export interface Prefetch {
  /** The partition, positioned at `offset`: what lies before is dropped, and a jump to elsewhere begins anew. */
  follow(partition: number, offset: number): Followed;
  get(partition: number): Followed | undefined;
  /** Where a partition that is followed ends at least. */
  noteEnd(partition: number, end: number): void;
  /** Takes in an answer, unless the partition has moved on meanwhile; true when it brought records. */
  accept(fetched: Fetched): boolean;
  /** Where the partition ends is not certain any more: the next read has to ask. */
  doubt(partition: number): void;
  /** The partitions for which more should be fetched now. */
  hungry(): Followed[];
  /** Nobody reads these any more. */
  release(partitions: readonly number[]): void;
}

export function createPrefetch(): Prefetch {
  const followed = new Map<number, Followed>();
  let totalBytes = 0;

  const begin = (partition: number, offset: number): Followed => {
    const one: Followed = { partition, from: offset, next: offset, end: -1, records: [], bytes: 0 };
    followed.set(partition, one);
    return one;
  };

  const drop = (one: Followed, below: number) => {
    let count = 0;
    while (count < one.records.length && one.records[count]!.offset < below) {
      const bytes = bytesOf(one.records[count]!);
      one.bytes -= bytes;
      totalBytes -= bytes;
      count += 1;
    }
    if (count > 0) one.records.splice(0, count);
    one.from = below;
  };

  const release = (partition: number) => {
    totalBytes -= followed.get(partition)?.bytes ?? 0;
    followed.delete(partition);
  };

  return {
    get: (partition) => followed.get(partition),
    noteEnd(partition, end) {
      const one = followed.get(partition);
      // While nothing is known of its end, a read asks anyway.
      if (one && one.end >= 0) one.end = Math.max(one.end, end);
    },
    follow(partition, offset) {
      const one = followed.get(partition);
      if (one && one.from <= offset && offset <= one.next) {
        drop(one, offset);
        return one;
      }
      release(partition);
      const begun = begin(partition, offset);
      if (one) begun.end = one.end;
      return begun;
    },
    accept({ partition, offset, records, next, end }) {
      const one = followed.get(partition);
      // Another answer was faster, or the reader jumped: what is here must stay without a gap.
      if (!one || offset > one.next || next < one.next) return false;
      one.end = Math.max(one.end, end);
      let brought = false;
      for (const record of records) {
        if (record.offset < one.next) continue;
        const bytes = bytesOf(record);
        one.records.push(record);
        one.bytes += bytes;
        totalBytes += bytes;
        brought = true;
      }
      one.next = next;
      return brought;
    },
    doubt(partition) {
      const one = followed.get(partition);
      if (one) one.end = -1;
    },
    hungry: () =>
      totalBytes >= TOTAL_BUFFER_BYTES
        ? []
        : [...followed.values()].filter(({ bytes }) => bytes < PARTITION_BUFFER_BYTES),
    release(partitions) {
      for (const partition of partitions) release(partition);
    },
  };
}

/** Up to `limit` records and about `maxBytes` bytes of what is here, and at least one if there is any. They stay until the reader moves on. */
export function takeRecords(
  records: readonly JournalRecord[],
  limit: number,
  maxBytes: number,
): readonly JournalRecord[] {
  let bytes = 0;
  let count = 0;
  for (const record of records) {
    bytes += bytesOf(record);
    if (count === limit || (count > 0 && bytes > maxBytes)) break;
    count += 1;
  }
  return records.slice(0, count);
}

function bytesOf({ key, value }: JournalRecord): number {
  return key.length + value.length;
}
