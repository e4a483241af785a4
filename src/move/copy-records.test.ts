import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { partitionOf } from '../journal/partition.ts';
import type { Journal, JournalRecord, NewRecord } from '../journal/port.ts';
import { copyRecords } from './copy-records.ts';
import { parseNote, type Note, type Stage } from './note.ts';

const IDENTITY = { cluster: 'c', generation: 'g' };
const ABOUT: Omit<Note, 'stage'> = { from: { ...IDENTITY, state: 's' }, journal: IDENTITY };

const INPUT = fc.record({
  keys: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 1_400 }),
  before: fc.integer({ min: 1, max: 3 }),
  after: fc.integer({ min: 1, max: 5 }),
  processed: fc.integer({ min: 0, max: 20 }),
  /** After so many records of a try the target refuses, one try after the other; the last one is not disturbed. */
  refusals: fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 4 }),
  /** Records that one read gives. */
  readSize: fc.integer({ min: 1, max: 500 }),
});

test('[HNP-027] however often it is interrupted, also between the partitions of a batch, every unprocessed record arrives once and in the order of its key', async () => {
  await fc.assert(
    fc.asyncProperty(INPUT, async ({ keys, before, after, processed, refusals, readSize }) => {
      const source = createMemoryJournal(before, () => readSize);
      await source.append(
        keys.map((key, index) => ({ key: `key-${key}`, at: index, value: `value-${index}` })),
      );
      const positions = Array.from({ length: before }, (_, partition) => ({ partition, offset: processed }));
      const wanted = source.all().filter(({ offset }) => offset >= processed);

      let budget = Infinity;
      const target = createMemoryJournal(
        after,
        () => readSize,
        () => budget-- > 0,
      );
      let stage: Stage | undefined;
      const store = { mark: async (text: string) => void (stage = parseNote(text).stage) };
      const copy = { source, positions, target, store, about: ABOUT, onRecords: () => undefined };
      for (const allowed of [...refusals, Infinity]) {
        budget = allowed;
        const begun = stage;
        await copyRecords(copy, begun?.name === 'records' ? begun : undefined).catch((error: Error) =>
          assert.equal(error.message, 'refused'),
        );
      }

      for (let key = 0; key <= 9; key++) {
        assert.deepEqual(contentsOf(target.all(), `key-${key}`), contentsOf(wanted, `key-${key}`));
      }
    }),
    { numRuns: 200 },
  );
});

test('a batch whose source gives less than it promised stops the move', async () => {
  const source = { ...createMemoryJournal(1, () => 1), end: () => Promise.resolve(3) };
  const store = { mark: () => Promise.resolve() };
  const target = createMemoryJournal(1, () => 1);
  await assert.rejects(
    copyRecords({ source, positions: [], target, store, about: ABOUT, onRecords: () => undefined }),
    { code: 'journal_unavailable' },
  );
});

function contentsOf(records: readonly JournalRecord[], wanted: string) {
  return records.filter(({ key }) => key === wanted).map(({ at, value }) => ({ at, value }));
}

/** A journal whose append may stop between two records, as a broker that dies between two partitions makes it. */
function createMemoryJournal(
  partitions: number,
  readSize: () => number,
  takes: () => boolean = () => true,
): Journal & { all(): readonly JournalRecord[] } {
  const logs: JournalRecord[][] = Array.from({ length: partitions }, () => []);
  return {
    partitions,
    all: () => logs.flat(),
    identity: () => Promise.resolve(IDENTITY),
    async append(records: readonly NewRecord[]) {
      // Partition by partition, so that what arrives of a batch is not its beginning.
      const sorted = records.toSorted(
        (left, right) => partitionOf(left.key, partitions) - partitionOf(right.key, partitions),
      );
      return sorted.map(({ key, at, value }) => {
        if (!takes()) throw new Error('refused');
        const partition = partitionOf(key, partitions);
        const offset = logs[partition]!.length;
        logs[partition]!.push({ partition, offset, key, at, value: String(value) });
        return { partition, offset };
      });
    },
    read: async (partition, offset, limit) =>
      logs[partition]!.slice(offset, offset + Math.min(limit, readSize())),
    end: async (partition) => logs[partition]!.length,
    offsetAt: async () => 0,
    trim: async () => 0,
    bytes: async () => 0,
    close: async () => undefined,
  };
}
