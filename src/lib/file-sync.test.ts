import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { createFileSync } from './file-sync.ts';

function createFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-file-sync-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('calls that come while the disk is busy share the next turn', async (t) => {
  const path = join(createFolder(t), 'log');
  writeFileSync(path, 'x');
  const { sync, close } = createFileSync(path);
  t.after(close);
  const first = sync();
  const second = sync();
  assert.notEqual(first, second);
  assert.equal(sync(), second);
  await first;
  await second;
  await sync();
});

test('a file that is not there is an error of the call, and the next call tries again', async (t) => {
  const path = join(createFolder(t), 'log');
  const { sync, close } = createFileSync(path);
  t.after(close);
  await assert.rejects(sync(), { code: 'ENOENT' });
  writeFileSync(path, 'x');
  await sync();
});

test('closing while the disk is busy lets the call end', async (t) => {
  const path = join(createFolder(t), 'log');
  writeFileSync(path, 'x');
  const { sync, close } = createFileSync(path);
  const running = sync();
  close();
  await running;
});
