import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { startHub } from './hub.ts';

/** A Node.js on the PATH that is too old for the hub itself. */
function findOlderNode(): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'node'))
    .filter((path) => existsSync(path))
    .find((path) => {
      const major = Number.parseInt(execFileSync(path, ['--version'], { encoding: 'utf8' }).slice(1), 10);
      return major >= 20 && major < 26;
    });
}

test('the hub, started by an older Node.js, takes a signal and ends cleanly on SIGTERM', async (t) => {
  const node = findOlderNode();
  if (node === undefined) return t.skip('there is no Node.js from 20 to 25 on the PATH');
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-older-node-'));
  cleanup.defer(() => rm(folder, { recursive: true }));
  const hub = await startHub({
    folder,
    node,
    configuration: {
      integrations: { in: { connector: 'generic' }, out: { connector: 'console' } },
      receivers: { all: [{ integration: 'out' }] },
      routes: { receiver: 'all' },
    },
  });
  cleanup.defer(async () => void (await hub.program.stop()));
  const answer = await fetch(`${hub.url}/hooks/in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ title: 'Disk almost full', severity: 'critical', instance: 'db-1' }),
  });
  assert.equal(answer.status, 202);
  assert.deepEqual(await hub.program.stop(), [0, null]);
});
