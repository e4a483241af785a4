import type { Journal, JournalRecord } from '../journal/port.ts';

export type RangeJournal = Pick<Journal, 'partitions' | 'repeats' | 'offsetAt' | 'read'>;

export interface Slice {
  readonly at: number;
  readonly records: readonly JournalRecord[];
}

const PAGE = 512;

/**
 * The records of all partitions between two times, oldest first, in slices of at most `sliceMs`: what arrives together is folded together, as
 * in a hub under load. Between partitions their numbers decide where times are equal. Times that go back within a partition count as the
 * newest that was seen there, because its order is what holds.
 */
export async function* readRange(
  journal: RangeJournal,
  range: { readonly from: number; readonly to: number; readonly sliceMs: number },
): AsyncGenerator<Slice> {
  const lanes = await Promise.all(
    Array.from({ length: journal.partitions }, (_, partition) => openLane(journal, partition, range)),
  );
  for (;;) {
    const start = Math.min(...lanes.map((lane) => lane.at()));
    if (start === Infinity) return;
    const end = start + range.sliceMs;
    const records: JournalRecord[] = [];
    let at = start;
    for (const lane of lanes) {
      while (lane.at() < end) {
        at = Math.max(at, lane.at());
        records.push(await lane.take());
      }
    }
    yield { at, records };
  }
}

interface Lane {
  /** Of the next record; Infinity at the end. */
  at(): number;
  take(): Promise<JournalRecord>;
}

async function openLane(
  journal: RangeJournal,
  partition: number,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Lane> {
  let offset = await journal.offsetAt(partition, from);
  let page: readonly JournalRecord[] = [];
  let index = 0;
  let newest = from;
  async function fill(): Promise<void> {
    if (index < page.length) return;
    page = await journal.read(partition, offset, PAGE);
    index = 0;
    offset = (page.at(-1)?.offset ?? offset - 1) + 1;
  }
  await fill();
  return {
    at() {
      const next = page[index];
      const at = next === undefined ? Infinity : Math.max(next.at, newest);
      return at < to ? at : Infinity;
    },
    async take() {
      const record = page[index]!;
      newest = Math.max(newest, record.at);
      index += 1;
      await fill();
      return record;
    },
  };
}
