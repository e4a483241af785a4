import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { embeddedOnly, startHub, until, type Hub } from '../harness.ts';
import { alertmanagerBody, list, processed, sorted } from '../stories/told.ts';

function yaml(sinkURL: string, rest = ''): string {
  return `
integrations:
  prom: { connector: alertmanager, limits: { body: 4MiB } }
  pager: { connector: webhook, config: { url: "${sinkURL}" } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_by: ['...'], group_wait: 0s, repeat_interval: 100d }
${rest}
`;
}

/** A small file system of its own; undefined, with the reason, where this user may not mount one. */
async function mountSmallDisk(
  megabytes: number,
): Promise<{ path: string; close(): Promise<void> } | { reason: string }> {
  const path = await mkdtemp(join(tmpdir(), 'signalbox-disk-'));
  const close = async () => rm(path, { recursive: true, force: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'pipe' });
  } catch (error) {
    await close();
    return { reason: `a small disk can not be mounted here: ${String(error).split('\n')[0]}` };
  }
  return {
    path,
    async close() {
      execFileSync('umount', ['-l', path]);
      await close();
    },
  };
}

const detail = (index: number) => ({ name: `Alert${index}`, labels: { filler: 'x'.repeat(20_000) } });

/** Sends until one is refused; resolves with the names that were acknowledged and the refusal. */
async function sendUntilRefused(hub: Hub, from: number) {
  const acknowledged: string[] = [];
  for (let index = from; index < from + 2_000; index++) {
    const answer = await hub.send('/hooks/prom', alertmanagerBody(detail(index)));
    if (answer.status !== 202) return { acknowledged, refusal: answer };
    acknowledged.push(`Alert${index}`);
  }
  throw new Error('nothing was refused');
}

async function namesOf(hub: Hub): Promise<string[]> {
  return (await list(hub, 'alerts?limit=500')).map(({ labels }) => labels.alertname);
}

test(
  '[BR-WH-011] [BR-WH-007] [KUB-013] [BR-REL-004] a full disk is answered with 503 and named in /readyz; what was acknowledged is there, and the hub goes on by itself when there is room',
  embeddedOnly('the disk is that of the data folder'),
  async (t) => {
    const disk = await mountSmallDisk(24);
    if ('reason' in disk) return t.skip(disk.reason);
    await using cleanup = new AsyncDisposableStack();
    cleanup.defer(() => disk.close());
    await using sink = await startSink();
    await using hub = await startHub({ yaml: yaml(sink.url), dataPath: join(disk.path, 'data') });
    await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'First' })));

    const filler = join(disk.path, 'filler');
    const { bavail, bsize } = await statfs(disk.path);
    await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - 1_000_000)));
    const { acknowledged, refusal } = await sendUntilRefused(hub, 0);
    assert.equal(refusal.status, 503);
    assert.match(refusal.headers.get('content-type') ?? '', /^application\/problem\+json/);
    assert.ok(refusal.headers.has('retry-after'));
    assert.doesNotMatch(refusal.text, /sqlite|tmp|at \w+ \(/i, 'no internals');
    const unready = await until('/readyz tells', async () => {
      const { status, json } = await hub.get('/readyz');
      return status === 503 && json;
    });
    const parts = unready.parts.filter(({ required }: { required: boolean }) => required);
    assert.ok(
      parts.some(({ part }: { part: string }) => part === 'journal' || part === 'store'),
      JSON.stringify(parts),
    );

    await rm(filler);
    await until('the hub is ready again', async () => (await hub.get('/readyz')).status === 200);
    const last = await hub.send('/hooks/prom', alertmanagerBody({ name: 'Last' }));
    assert.equal(last.status, 202);
    await processed(hub, last);
    await until('everything that was acknowledged is processed', async () => {
      const names = new Set(await namesOf(hub));
      return ['First', ...acknowledged, 'Last'].every((name) => names.has(name));
    });
    await sink.received(acknowledged.length + 2);
  },
);

test('[BR-WH-007] [BR-WH-011] a journal that reaches its cap refuses with 503 and Retry-After, and keeps everything it took', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink.url, 'journal: { max_bytes: 2MiB }') });
  const { acknowledged, refusal } = await sendUntilRefused(hub, 0);
  assert.equal(refusal.status, 503);
  assert.match(refusal.json.type, /journal_full/);
  assert.ok(Number(refusal.headers.get('retry-after')) > 0);
  assert.ok(acknowledged.length > 10);
  await until('all of it is processed', async () => (await namesOf(hub)).length === acknowledged.length);
  await sink.received(acknowledged.length);
  assert.equal((await hub.get('/readyz')).status, 503);
});

test(
  '[BR-REL-004] [HNP-037] a data folder that can not be written stops the start with its name, and the next start finds everything',
  embeddedOnly('the disk is that of the data folder'),
  async (t) => {
    const disk = await mountSmallDisk(24);
    if ('reason' in disk) return t.skip(disk.reason);
    await using cleanup = new AsyncDisposableStack();
    cleanup.defer(() => disk.close());
    await using sink = await startSink();
    const place = { yaml: yaml(sink.url), dataPath: join(disk.path, 'data') };
    {
      await using hub = await startHub(place);
      await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk' })));
      await hub.stop();
    }
    execFileSync('mount', ['-o', 'remount,ro', disk.path]);
    await assert.rejects(startHub(place), /read-?only|readonly/i);
    execFileSync('mount', ['-o', 'remount,rw', disk.path]);
    await using hub = await startHub(place);
    assert.deepEqual(await namesOf(hub), ['Disk']);
  },
);

test(
  '[BR-REL-004] [KUB-013] a store file that is garbage stops the start with its name; with a good copy back, the journal brings everything up to date',
  embeddedOnly('it breaks the file of the store'),
  async () => {
    await using sink = await startSink();
    await using hub = await startHub({ yaml: yaml(sink.url) });
    await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Old' })));
    await sink.received(1);
    await hub.stop();
    const store = join(hub.dataPath, 'store.db');
    await copyFile(store, `${store}.copy`);
    await hub.restart();
    await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'New' })));
    await hub.stop();

    await writeFile(store, Buffer.alloc(65_536, 'garbage'));
    await assert.rejects(hub.restart(), /store\.db/);
    await copyFile(`${store}.copy`, store);
    await hub.restart();
    await until('the journal was read again', async () => (await namesOf(hub)).length === 2);
    assert.deepEqual(sorted(await namesOf(hub)), ['New', 'Old']);
  },
);

test(
  '[BR-REL-011] [KUB-013] a journal that is garbage, or older than the state, stops the start; with the right file back nothing is missing',
  embeddedOnly('it breaks the file of the journal'),
  async () => {
    await using sink = await startSink();
    await using hub = await startHub({ yaml: yaml(sink.url) });
    const journal = join(hub.dataPath, 'journal.db');
    await hub.stop();
    await copyFile(journal, `${journal}.old`);
    await hub.restart();
    await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk' })));
    await sink.received(1);
    await hub.stop();
    await copyFile(journal, `${journal}.good`);

    await writeFile(journal, Buffer.alloc(65_536, 'garbage'));
    await assert.rejects(hub.restart(), /journal\.db/);
    await copyFile(`${journal}.old`, journal);
    await assert.rejects(hub.restart(), /journal/, 'positions beyond its end');
    await copyFile(`${journal}.good`, journal);
    await hub.restart();
    assert.deepEqual(await namesOf(hub), ['Disk']);
    assert.equal((await hub.get('/readyz')).status, 200);
  },
);
