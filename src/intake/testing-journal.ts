import type { Journal, NewRecord } from '../journal/port.ts';
import type { RecordBody } from '../model/record.ts';

/** A journal in memory for the tests of the intake: what was appended can be looked at, and it can be told to refuse or to wait. */
export interface TestingJournal extends Journal {
  readonly records: (NewRecord & { readonly body: RecordBody })[];
  /** What the next appends reject with, until it is set back. */
  refusal: Error | undefined;
  /** Awaited by every append. */
  hold: Promise<void> | undefined;
}

export function createTestingJournal(): TestingJournal {
  const journal: TestingJournal = {
    records: [],
    refusal: undefined,
    hold: undefined,
    partitions: 1,
    async append(records) {
      await journal.hold;
      if (journal.refusal) throw journal.refusal;
      return records.map((record) => {
        const body = JSON.parse(String(record.value)) as RecordBody;
        return { partition: 0, offset: journal.records.push({ ...record, body }) - 1 };
      });
    },
    identity: () => Promise.resolve({ cluster: 'test', generation: 'test' }),
    read: () => Promise.resolve([]),
    end: () => Promise.resolve(journal.records.length),
    trim: () => Promise.resolve(0),
    offsetAt: () => Promise.resolve(0),
    bytes: () => Promise.resolve(0),
    close: () => Promise.resolve(),
  };
  return journal;
}
