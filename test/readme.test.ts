import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startHub } from './interop/hub.ts';
import { waitUntil } from './interop/program.ts';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');

/** The request that the README's line makes, sent to the hub of the test. */
function requestOf(line: string, url: string): [url: string, init: RequestInit] {
  const [, type, body, path] =
    /-H 'content-type: (\S+)' -d '(.+)' http:\/\/127\.0\.0\.1:8080(\/\S+)/.exec(line) ?? [];
  assert.ok(type && body && path, `this is not the line that is expected: ${line}`);
  return [url + path, { method: 'POST', headers: { 'content-type': type }, body }];
}

test('[BR-NOT-003] [BR-WH-015] the README leads to a first notification: the pasted line is acknowledged and the console tells', async () => {
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-readme-'));
  cleanup.defer(() => rm(folder, { recursive: true }));
  const hub = await startHub({ folder });
  cleanup.defer(async () => void (await hub.program.stop()));

  const line = readme.split('\n').find((candidate) => candidate.startsWith('curl ')) ?? '';
  const answer = await fetch(...requestOf(line, hub.url));
  assert.equal(answer.status, 202);
  const { status_url } = (await answer.json()) as { status_url: string };
  await waitUntil(hub.program, 'the console tells of the alert', () =>
    notificationsIn(hub.program.output()).some((text) => text.includes('Disk almost full')),
  );
  const receipt = await fetch(new URL(new URL(status_url, hub.url).pathname, hub.url));
  assert.equal(((await receipt.json()) as { status: string }).status, 'processed');
});

/** Lines that are neither the log nor the greeting, which holds the same words. */
function notificationsIn(output: string): readonly string[] {
  return output.split('\n').filter((line) => !line.includes('"level"') && !line.includes('curl '));
}
