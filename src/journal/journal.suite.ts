import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import fc from 'fast-check';
import type { Position } from '../model/position.ts';
import { partitionOf } from './partition.ts';
import type { Journal, JournalRecord, NewRecord } from './port.ts';

/** Where one journal lives; every test gets a new, empty one. */
export interface JournalPlace {
  /** Opens the journal, again after a close to see what stayed. Defaults: one partition, no cap worth mentioning. */
  open(options?: { readonly partitions?: number; readonly maxBytes?: number }): Promise<Journal>;
  /** Makes the medium refuse until the returned function is called; absent where the driver can't simulate it. */
  readonly breakMedium?: () => () => void;
  remove(): Promise<void>;
}

const record = (key: string, value: string, at = 1_000): NewRecord => ({ key, at, value });
const numbered = (count: number, key = 'k') =>
  Array.from({ length: count }, (_, index) => record(key, `v${index}`, 1_000 + index));
const values = (records: readonly JournalRecord[]) => records.map(({ value }) => value);
const offsets = (positions: readonly { offset: number }[]) => positions.map(({ offset }) => offset);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

/** What every driver of the journal promises. */
export function journalSuite(name: string, createPlace: () => Promise<JournalPlace>): void {
  const place = async (t: TestContext) => {
    const created = await createPlace();
    t.after(() => created.remove());
    return created;
  };
  const open = async (t: TestContext, options?: Parameters<JournalPlace['open']>[0]) => {
    const journal = await (await place(t)).open(options);
    t.after(() => journal.close());
    return journal;
  };

  describe(`journal: ${name}`, () => {
    test('records come back as appended, at dense ascending offsets', async (t) => {
      const journal = await open(t);
      const text = '{"summary":"naïve 火 \u0000 \\ud83d"}';
      const positions = await journal.append([record('a', text, 5), record('b', '', 6)]);
      assert.deepEqual(positions, [
        { partition: 0, offset: 0 },
        { partition: 0, offset: 1 },
      ]);
      assert.deepEqual(await journal.read(0, 0, 10), [
        { partition: 0, offset: 0, key: 'a', at: 5, value: text },
        { partition: 0, offset: 1, key: 'b', at: 6, value: '' },
      ]);
      assert.equal(await journal.end(0), 2);
    });

    test('bytes are kept as the UTF-8 text they are', async (t) => {
      const journal = await open(t);
      await journal.append([{ key: 'k', at: 1, value: new TextEncoder().encode('größer') }]);
      assert.deepEqual(values(await journal.read(0, 0, 1)), ['größer']);
    });

    test('an append of nothing gives no position', async (t) => {
      const journal = await open(t);
      assert.deepEqual(await journal.append([]), []);
      assert.equal(await journal.end(0), 0);
    });

    test('[BR-WH-010] concurrent appends of one key keep the order of their calls', async (t) => {
      const journal = await open(t);
      const appended = await Promise.all(numbered(200).map((one) => journal.append([one])));
      assert.deepEqual(offsets(appended.flat()), upTo(200));
      assert.deepEqual(
        values(await journal.read(0, 0, 1_000)),
        upTo(200).map((index) => `v${index}`),
      );
    });

    test('[BR-WH-010] each key stays in one partition, in order, whatever else is appended', async (t) => {
      const partitions = 4;
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e/1', 'ü'), { maxLength: 5 }), {
            maxLength: 20,
          }),
          async (calls) => {
            const home = await place(t);
            const journal = await home.open({ partitions });
            let serial = 0;
            const batches = calls.map((keys) => keys.map((key) => record(key, `${key}#${serial++}`)));
            const positions = await Promise.all(batches.map((batch) => journal.append(batch)));
            const kept = await Promise.all(upTo(partitions).map((one) => journal.read(one, 0, 1_000)));
            await journal.close();
            for (const [partition, records] of kept.entries()) {
              assert.deepEqual(offsets(records), upTo(records.length));
              for (const { key } of records) assert.equal(partitionOf(key, partitions), partition);
            }
            const read = (at: Position) => kept[at.partition]![at.offset]!.value;
            assert.deepEqual(
              positions.flat().map(read),
              batches.flat().map(({ value }) => value),
            );
            for (const key of ['a', 'b', 'c', 'd', 'e/1', 'ü']) {
              const serials = kept
                .flat()
                .filter((one) => one.key === key)
                .map(({ value }) => Number(value.split('#')[1]));
              assert.deepEqual(
                serials,
                serials.toSorted((left, right) => left - right),
              );
            }
          },
        ),
        { numRuns: 25 },
      );
    });

    test('a read stops at its limit and at its bytes, but gives at least one record', async (t) => {
      const journal = await open(t);
      await journal.append(upTo(5).map(() => record('k', 'x'.repeat(1_000))));
      assert.deepEqual(offsets(await journal.read(0, 1, 2)), [1, 2]);
      assert.deepEqual(offsets(await journal.read(0, 0, 10, 2_500)), [0, 1]);
      assert.deepEqual(offsets(await journal.read(0, 0, 10, 10)), [0]);
      assert.deepEqual(await journal.read(0, 5, 10), []);
      assert.deepEqual(await journal.read(0, 99, 10), []);
    });

    test('a trim forgets what is below and leaves the rest where it is', async (t) => {
      const journal = await open(t);
      await journal.append(numbered(2_500));
      assert.equal(await journal.trim(0, 2_400), 2_400);
      assert.equal(await journal.trim(0, 2_400), 0);
      assert.deepEqual(offsets(await journal.read(0, 0, 3)), [2_400, 2_401, 2_402]);
      assert.equal(await journal.end(0), 2_500);
    });

    test('offsets are not given twice, not even after everything was trimmed and the journal opened again', async (t) => {
      const home = await place(t);
      const first = await home.open();
      await first.append(numbered(3));
      assert.equal(await first.trim(0, 99), 3);
      assert.equal(await first.end(0), 3);
      await first.close();
      const again = await home.open();
      assert.equal(await again.end(0), 3);
      assert.deepEqual(await again.append(numbered(1)), [{ partition: 0, offset: 3 }]);
      await again.close();
    });

    test('offsetAt finds the first record of a time, among those that are kept', async (t) => {
      const journal = await open(t);
      await journal.append([10, 20, 20, 30].map((at) => record('k', 'v', at)));
      assert.equal(await journal.offsetAt(0, 5), 0);
      assert.equal(await journal.offsetAt(0, 20), 1);
      assert.equal(await journal.offsetAt(0, 21), 3);
      assert.equal(await journal.offsetAt(0, 31), 4);
      await journal.trim(0, 2);
      assert.equal(await journal.offsetAt(0, 5), 2);
    });

    test('records keep their times, also when these lie years apart or go back', async (t) => {
      const journal = await open(t);
      const times = [0, 1_700_000_000_000, 1_700_000_000_001, 5, 4_102_444_800_000, 0];
      await journal.append(times.map((at) => record('k', 'v', at)));
      const found: number[] = [];
      // A driver may give fewer records than there are, as long as it gives some.
      for (let offset = 0; offset < times.length; offset = found.length) {
        const records = await journal.read(0, offset, 10);
        assert.ok(records.length > 0);
        found.push(...records.map(({ at }) => at));
      }
      assert.deepEqual(found, times);
    });

    test('closing and opening again keeps records, partitions and identity', async (t) => {
      const home = await place(t);
      const first = await home.open({ partitions: 3 });
      const identity = await first.identity();
      await first.append(numbered(10, 'a').concat(numbered(10, 'b')));
      const before = await Promise.all(upTo(3).map((partition) => first.read(partition, 0, 100)));
      await first.close();
      const again = await home.open({ partitions: 3 });
      assert.deepEqual(await again.identity(), identity);
      assert.notEqual(identity.cluster, identity.generation);
      assert.equal(again.partitions, 3);
      assert.deepEqual(await Promise.all(upTo(3).map((partition) => again.read(partition, 0, 100))), before);
      await again.close();
      await assert.rejects(home.open({ partitions: 2 }), { code: 'journal_mismatch' });
    });

    test('a close writes what was still waiting', async (t) => {
      const home = await place(t);
      const journal = await home.open();
      const appended = journal.append(numbered(2));
      await journal.close();
      assert.equal((await appended).length, 2);
      const again = await home.open();
      assert.equal(await again.end(0), 2);
      await again.close();
    });

    test('a closed journal refuses instead of losing', async (t) => {
      const journal = await open(t);
      await journal.close();
      await assert.rejects(journal.append(numbered(1)), { code: 'journal_unavailable' });
    });

    test('[BR-WH-007] above the cap an append is refused whole, and taken again after a trim', async (t) => {
      const journal = await open(t, { maxBytes: 300_000 });
      const big = () => [record('k', 'x'.repeat(50_000)), record('k', 'y'.repeat(50_000))];
      let accepted = 0;
      await assert.rejects(
        async () => {
          for (;;) {
            await journal.append(big());
            accepted += 2;
          }
        },
        { code: 'journal_full' },
      );
      assert.ok(accepted > 0);
      assert.equal(await journal.end(0), accepted);
      assert.ok((await journal.bytes()) <= 300_000);
      await journal.trim(0, accepted);
      assert.deepEqual(offsets(await journal.append(big())), [accepted, accepted + 1]);
    });

    test('[BR-REL-004] a medium that refuses loses nothing that was acknowledged, and work goes on when it is back', async (t) => {
      const home = await place(t);
      if (!home.breakMedium) return t.skip(`${name} has no way to break its medium`);
      const journal = await home.open();
      await journal.append(numbered(2));
      const repair = home.breakMedium();
      const refused = await Promise.allSettled([journal.append(numbered(1)), journal.append(numbered(3))]);
      for (const one of refused) {
        assert.equal(one.status, 'rejected');
        assert.equal(one.reason.code, 'journal_unavailable');
        assert.ok(one.reason.cause instanceof Error);
      }
      repair();
      assert.deepEqual(offsets(await journal.append(numbered(2))), [2, 3]);
      assert.equal((await journal.read(0, 0, 100)).length, 4);
      await journal.close();
    });
  });
}
