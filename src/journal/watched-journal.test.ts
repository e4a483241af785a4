import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JournalFull, JournalUnavailable, RecordTooLarge, type Journal } from './port.ts';
import { watchJournal } from './watched-journal.ts';

/** A journal of which only `append` is looked at; it does as it is told. */
function watch() {
  const fate: { error?: Error; now: number } = { now: 1_000 };
  const journal = {
    partitions: 1,
    wayOf: (key: string) => (key === 'k' ? 0 : 1),
    append: () => (fate.error ? Promise.reject(fate.error) : Promise.resolve([])),
  } as unknown as Journal;
  const watched = watchJournal(journal, () => fate.now);
  const append = (size: number, key = 'k') =>
    watched.append([{ key, at: fate.now, value: 'x'.repeat(size) }]).catch(() => undefined);
  return { fate, append, trouble: () => watched.trouble() };
}

test('an append that fails is trouble since the first one, and one that goes well ends it', async () => {
  const { fate, append, trouble } = watch();
  fate.error = new JournalUnavailable('no leader');
  await append(10);
  fate.now += 500;
  await append(10);
  assert.deepEqual([trouble()?.reason, trouble()?.since], ['no leader', 1_000]);
  delete fate.error;
  await append(1);
  assert.equal(trouble(), undefined);
});

test('what one way takes does not end the trouble of another one', async () => {
  const { fate, append, trouble } = watch();
  fate.error = new JournalUnavailable('one broker is silent');
  await append(10, 'k');
  delete fate.error;
  await append(10, 'other');
  assert.equal(trouble()?.reason, 'one broker is silent');
  await append(10, 'k');
  assert.equal(trouble(), undefined);
});

test('a record that no journal would take is no trouble of the journal', async () => {
  const { fate, append, trouble } = watch();
  fate.error = new RecordTooLarge('2 MiB');
  await append(10);
  assert.equal(trouble(), undefined);
});

test('[BR-WH-011] a full journal stays in trouble while only smaller records fit; one of that size, or a minute without a refusal, ends it', async () => {
  const { fate, append, trouble } = watch();
  const full = async () => {
    fate.error = new JournalFull('full');
    await append(100);
    delete fate.error;
  };
  await full();
  await append(99);
  assert.equal(trouble()?.reason, 'full');
  await append(100);
  assert.equal(trouble(), undefined);
  await full();
  fate.now += 60_000;
  await append(1);
  assert.equal(trouble(), undefined);
});
