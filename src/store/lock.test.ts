import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { acquireLock } from './lock.ts';

function createFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-lock-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'data');
}

test('a second server on the folder is refused, and told who has it', (t) => {
  const folder = createFolder(t);
  const lock = acquireLock(folder, 'process 1');
  assert.throws(() => acquireLock(folder, 'process 2'), {
    code: 'data_locked',
    message: /in use by process 1:/,
  });
  lock.release();
  lock.release();
  acquireLock(folder).release();
});

test('other folders are not locked', (t) => {
  const first = acquireLock(createFolder(t));
  const second = acquireLock(createFolder(t));
  first.release();
  second.release();
});

test('the lock holds between processes and goes with a killed one', async (t) => {
  const folder = createFolder(t);
  const program = `
    import { acquireLock } from ${JSON.stringify(new URL('./lock.ts', import.meta.url).href)};
    acquireLock(process.argv[1], 'the other one');
    process.stdout.write('locked');
    setInterval(() => undefined, 1_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  assert.throws(() => acquireLock(folder), { code: 'data_locked', message: /the other one/ });
  child.kill('SIGKILL');
  await once(child, 'exit');
  acquireLock(folder).release();
});
