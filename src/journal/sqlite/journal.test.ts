import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test, { type TestContext } from 'node:test';
import { createIds } from '../../lib/id.ts';
import { journalSuite } from '../journal.suite.ts';
import type { NewRecord } from '../port.ts';
import { createDurableEnds } from './durable-ends.ts';
import { openSqliteJournal } from './journal.ts';
import { openSqliteJournalReader } from './reader.ts';

const newId = createIds(() => Date.now());
const MAX_BYTES = 2 ** 40;

journalSuite('sqlite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-journal-'));
  const path = join(folder, 'journal.db');
  return {
    open: ({ partitions = 1, maxBytes = MAX_BYTES } = {}) =>
      openSqliteJournal({ path, partitions, maxBytes, newId }),
    breakMedium() {
      const intruder = new DatabaseSync(path);
      intruder.exec('BEGIN IMMEDIATE');
      return () => intruder.close();
    },
    remove: async () => rmSync(folder, { recursive: true }),
  };
});

function createPath(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-journal-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'journal.db');
}

const kilobytes = (count: number): NewRecord[] => [{ key: 'k', at: 1, value: 'x'.repeat(count * 1024) }];

test('appends of one turn of the event loop share one transaction', async (t) => {
  const path = createPath(t);
  const journal = await openSqliteJournal({ path, maxBytes: MAX_BYTES, newId });
  t.after(() => journal.close());
  await journal.append(kilobytes(1));
  const before = statSync(`${path}-wal`).size;
  await Promise.all(Array.from({ length: 20 }, () => journal.append([{ key: 'k', at: 1, value: 'v' }])));
  // A transaction of its own would have cost each of the twenty a page in the log.
  assert.ok(statSync(`${path}-wal`).size - before < 5 * 4_200);
});

test('a reader in another handle sees what was acknowledged', async (t) => {
  const path = createPath(t);
  const journal = await openSqliteJournal({ path, partitions: 2, maxBytes: MAX_BYTES, newId });
  t.after(() => journal.close());
  const reader = await openSqliteJournalReader({ path });
  t.after(() => reader.close());
  assert.equal(reader.partitions, 2);
  assert.deepEqual(await reader.identity(), await journal.identity());
  const [position] = await journal.append([{ key: 'k', at: 7, value: 'v' }]);
  const { partition } = position!;
  assert.deepEqual(await reader.read(partition, 0, 10), await journal.read(partition, 0, 10));
  assert.equal(await reader.end(partition), 1);
  assert.equal(await reader.offsetAt(partition, 8), 1);
});

test('a reader of a journal that is not there says which file', async (t) => {
  const path = createPath(t);
  await assert.rejects(openSqliteJournalReader({ path }), {
    code: 'journal_unavailable',
    message: /journal\.db is gone/,
  });
});

test('[BR-REL-004] a full disk is reported, and appends work again when there is room', async (t) => {
  if (spawnSync('prlimit', ['--version']).error) return t.skip('prlimit (util-linux) is not installed');
  const path = createPath(t);
  const journal = await openSqliteJournal({ path, maxBytes: MAX_BYTES, newId });
  t.after(() => journal.close());
  await journal.append(kilobytes(64));
  const limitFiles = (bytes: string) =>
    execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
  t.after(() => limitFiles('unlimited'));
  limitFiles(String(statSync(`${path}-wal`).size + 8_192));
  await assert.rejects(journal.append(kilobytes(512)), { code: 'journal_unavailable' });
  await assert.rejects(journal.append(kilobytes(512)), { code: 'journal_unavailable' });
  limitFiles('unlimited');
  assert.deepEqual(await journal.append(kilobytes(512)), [{ partition: 0, offset: 1 }]);
  assert.deepEqual(
    (await journal.read(0, 0, 10)).map(({ value }) => value.length),
    [64 * 1024, 512 * 1024],
  );
});

test('a damaged file is reported as unavailable and not as a bug', async (t) => {
  const path = createPath(t);
  const journal = await openSqliteJournal({ path, maxBytes: MAX_BYTES, newId });
  await journal.append(kilobytes(64));
  await journal.close();
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(100, 0x5a), 0, 100, 0);
  closeSync(file);
  await assert.rejects(openSqliteJournal({ path, maxBytes: MAX_BYTES, newId }), {
    code: 'journal_unavailable',
  });
});

test('a file that was taken away is not replaced by an empty one', async (t) => {
  const path = createPath(t);
  const journal = await openSqliteJournal({ path, maxBytes: MAX_BYTES, newId });
  t.after(() => journal.close());
  await journal.append(kilobytes(1));
  const intruder = new DatabaseSync(path);
  intruder.exec('BEGIN IMMEDIATE');
  await assert.rejects(journal.append(kilobytes(1)), { code: 'journal_unavailable' });
  intruder.close();
  rmSync(path);
  await assert.rejects(journal.append(kilobytes(1)), { code: 'journal_unavailable', message: /is gone/ });
});

test('[BR-WH-007] what was acknowledged is there after the process was killed', async (t) => {
  const path = createPath(t);
  const program = `
    import { openSqliteJournal } from ${JSON.stringify(new URL('./journal.ts', import.meta.url).href)};
    let id = 0;
    const journal = await openSqliteJournal({ path: process.argv[1], maxBytes: 2 ** 40, newId: () => String(id++) });
    for (;;) {
      const calls = Array.from({ length: 8 }, () => journal.append([{ key: 'k', at: 1, value: 'v' }]));
      for (const [position] of await Promise.all(calls)) process.stdout.write(position.offset + '\\n');
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += String(chunk);
    if (printed.split('\n').length > 100) child.kill('SIGKILL');
  }
  const acknowledged = printed.split('\n').filter(Boolean).length;
  const journal = await openSqliteJournal({ path, maxBytes: MAX_BYTES, newId });
  t.after(() => journal.close());
  assert.ok(acknowledged >= 100);
  assert.ok((await journal.end(0)) >= acknowledged, 'an acknowledged record is missing');
});

test('a reader sees nothing that is not on the disk yet', async (t) => {
  const path = createPath(t);
  const journal = await openSqliteJournal({ path, partitions: 2, maxBytes: MAX_BYTES, newId });
  t.after(() => journal.close());
  const [position] = await journal.append([{ key: 'k', at: 1, value: 'v' }]);
  const { partition } = position!;
  assert.equal(journal.durable.of(partition), 1);
  const behind = createDurableEnds(2);
  const reader = await openSqliteJournalReader({ path, durable: behind.shared });
  t.after(() => reader.close());
  assert.deepEqual(await reader.read(partition, 0, 10), []);
  assert.equal(await reader.end(partition), 0);
  behind.publish([1, 1]);
  assert.equal((await reader.read(partition, 0, 10)).length, 1);
  assert.equal(await reader.end(partition), 1);
});

test('what an earlier process left in the log is on the disk before anything is read', async (t) => {
  const path = createPath(t);
  const options = { path, maxBytes: MAX_BYTES, newId };
  const before = await openSqliteJournal(options);
  // Keeps the log alive, as the death of the process would.
  const witness = await openSqliteJournalReader({ path });
  await before.append([{ key: 'k', at: 1, value: 'v' }]);
  await before.close();
  assert.notEqual(statSync(`${path}-wal`).size, 0);
  const after = await openSqliteJournal(options);
  t.after(async () => {
    await witness.close();
    await after.close();
  });
  assert.equal(after.durable.of(0), 1);
  assert.equal(statSync(`${path}-wal`).size, 0);
});

test('what a reader has read is copied from the log into the file, without the writer', async (t) => {
  const path = createPath(t);
  const journal = await openSqliteJournal({ path, maxBytes: MAX_BYTES, newId });
  t.after(() => journal.close());
  const reader = await openSqliteJournalReader({ path, durable: journal.durable.shared });
  t.after(() => reader.close());
  for (let batch = 0; batch < 10; batch++) await journal.append(kilobytes(1_024));
  const before = statSync(path).size;
  let read = 0;
  while (read < 10) read += (await reader.read(0, read, 3)).length;
  assert.ok(statSync(path).size - before > 7 * 2 ** 20);
});
