// An installation on the move, with hubs and commands as processes of their own.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startSink, type Sink } from '../../test/fakes/sink.ts';
import { startHubProcess, type HubProcess } from '../../test/hub-process.ts';
import { waitUntil, waitUntilReady } from '../../test/interop/program.ts';
import { startKafka } from '../../test/servers/kafka.ts';
import { startPostgres } from '../../test/servers/postgres.ts';
import { alertmanagerBody, told } from '../../test/stories/told.ts';
import { openSqliteJournal } from '../journal/sqlite/journal.ts';
import { fillFolder, UNPROCESSED } from '../move/testing/fill.ts';
import { orderingKey } from '../model/fingerprint.ts';
import { runCli, temporaryFolder } from './testing/run-cli.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/signalbox.js', import.meta.url));

const postgres = await startPostgres({ fsync: false });
const kafka = 'missing' in postgres ? postgres : await startKafka({ brokers: 1 });
if ('missing' in postgres || 'missing' in kafka) {
  const reason = 'missing' in kafka ? kafka.missing : '';
  if (!('missing' in postgres)) await postgres.stop();
  test('an installation on the move', { skip: reason });
} else {
  after(() => Promise.all([postgres.stop(), kafka.stop()]));
  let prefixes = 0;
  const newServers = async (): Promise<Servers> => ({
    url: await postgres.newDatabase(),
    journalUrl: `kafka://${kafka.bootstrap.join(',')}/cli-${++prefixes}?partitions=4`,
  });

  describe('an installation on the move', () => {
    test('[HNP-027] hubs go on with what was open, once, on servers and back in a folder', async (t) => {
      const folder = await temporaryFolder(t);
      const servers = await newServers();
      const sink = await startSink();
      t.after(() => sink.close());
      const yaml = configOf(sink);

      const first = await startHub(t, folder, yaml);
      await send(first, alertmanagerBody({ name: 'Known' }));
      await untilTold(first, sink, 'firing: Known firing');
      await send(first, '{"alerts": 7}');
      sink.answerWith(503);
      await send(first, alertmanagerBody({ name: 'Open' }));
      await waitUntil(first.program, 'the delivery was tried', () => sink.requests.length > 1);
      await stop(first);
      sink.answerWith(200);
      await appendUnprocessed(join(folder, 'data'));

      const up = await runCli(['migrate', '--to', servers.url, '--journal', servers.journalUrl, '--json'], {
        folder,
      });
      assert.equal(up.code, 0, up.stderr);
      const before = sink.requests.length;
      const second = await startHub(t, await subfolder(folder, 'node'), yaml + storageOf(servers));
      await untilTold(second, sink, 'firing: Open firing', before);
      await untilTold(second, sink, 'firing: Unprocessed firing', before);
      await send(second, alertmanagerBody({ name: 'Known', status: 'resolved' }));
      await untilTold(second, sink, 'resolved: Known resolved', before);
      assert.equal((await quarantineOf(second)).length, 1);
      await stop(second);

      const servedBy = ['--from', servers.url, '--journal-from', servers.journalUrl];
      const down = await runCli(['migrate', ...servedBy, '--to', 'back/data'], { folder });
      assert.equal(down.code, 0, down.stderr);
      assert.match(down.stdout, /^Moved postgres:.* to back\/data: \d+ rows and 0 unprocessed records/);
      const third = await startHub(t, join(folder, 'back'), yaml);
      await send(third, alertmanagerBody({ name: 'Open', status: 'resolved' }));
      await untilTold(third, sink, 'resolved: Open resolved', before);
      assert.equal((await quarantineOf(third)).length, 1);
      await stop(third);
      assert.deepEqual(sink.requests.slice(before).map(told).sort(), [
        'firing: Open firing',
        'firing: Unprocessed firing',
        'resolved: Known resolved',
        'resolved: Open resolved',
      ]);
    });

    test('a hub refuses the folder that was moved, and says where everything went', async (t) => {
      const folder = await temporaryFolder(t);
      await fillFolder(join(folder, 'data'));
      const servers = await newServers();
      const moved = await runCli(['migrate', '--to', servers.url, '--journal', servers.journalUrl], {
        folder,
      });
      assert.equal(moved.code, 0, moved.stderr);
      const hub = await runCli(['serve', '--listen', '127.0.0.1:0'], { folder });
      assert.notEqual(hub.code, 0);
      assert.match(hub.stdout + hub.stderr, /everything was moved to postgres:/);
    });

    test('a move that was killed goes on when the same command runs again', async (t) => {
      const folder = await temporaryFolder(t);
      await fillFolder(join(folder, 'data'));
      const servers = await newServers();
      const args = ['migrate', '--to', servers.url, '--journal', servers.journalUrl, '--json'];
      const child = spawn(process.execPath, [LAUNCHER, ...args], {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const exited = once(child, 'exit');
      for await (const line of createInterface(child.stdout)) {
        const { what } = JSON.parse(line) as { what: string };
        if (what === 'alerts') break;
      }
      child.kill('SIGKILL');
      await exited;

      const again = await runCli(args, { folder });
      assert.equal(again.code, 0, again.stderr);
      const lines = again.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Line);
      const last = lines.at(-1)!;
      assert.equal(last.event, 'finished');
      assert.equal(last.resumed, true);
      assert.equal(last.compared?.['records']?.rows, UNPROCESSED);
      assert.ok(
        lines.slice(0, -1).every(({ event, done, total }) => event === 'progress' && done! <= total!),
      );
    });

    test('servers are backed up while a hub runs, and restored to servers and to a folder', async (t) => {
      const folder = await temporaryFolder(t);
      const sink = await startSink();
      t.after(() => sink.close());
      const servers = await newServers();
      const yaml = configOf(sink);
      const hub = await startHub(t, folder, yaml + storageOf(servers));
      await send(hub, alertmanagerBody({ name: 'Known' }));
      await untilTold(hub, sink, 'firing: Known firing');
      const taken = await runCli(['backup', '--to', 'backup', '--json'], { folder });
      assert.equal(taken.code, 0, taken.stderr);
      const { counts } = JSON.parse(taken.stdout) as { counts: Record<string, number> };
      assert.deepEqual([counts['alerts'], counts['groups']], [1, 1]);
      await stop(hub);

      const onto = await newServers();
      const urls = ['--config', 'other.yaml'];
      await writeFile(join(folder, 'other.yaml'), yaml + storageOf(onto));
      const restored = await runCli(['restore', '--from', 'backup', ...urls], { folder });
      assert.equal(restored.code, 0, restored.stderr);
      assert.match(restored.stdout, /^Restored backup of .* alerts 1, /);
      await writeFile(join(folder, 'embedded.yaml'), yaml);
      const embedded = await runCli(
        ['restore', '--from', 'backup', '--config', 'embedded.yaml', '--data', 'restored/data'],
        { folder },
      );
      assert.equal(embedded.code, 0, embedded.stderr);

      const [onServers, inFolder] = [await subfolder(folder, 'node'), join(folder, 'restored')];
      for (const [home, config] of [
        [onServers, yaml + storageOf(onto)],
        [inFolder, yaml],
      ] as const) {
        const before = sink.requests.length;
        const next = await startHub(t, home, config);
        await send(next, alertmanagerBody({ name: 'Known', status: 'resolved' }));
        await untilTold(next, sink, 'resolved: Known resolved', before);
        await stop(next);
      }
    });

    test('what contradicts itself is refused before anything is touched', async (t) => {
      const folder = await temporaryFolder(t);
      const url = 'postgres://127.0.0.1:1/nothing';
      for (const [args, message] of [
        [['--to', url], /say with --journal/],
        [['--to', 'there', '--journal', 'kafka://k/ops'], /a file beside the store/],
        [['--to', 'mysql://db/x'], /--to takes postgres:/],
        [['--from', url], /say with --to/],
        [['--to', url, '--journal', 'kafka://k/ops', '--dry-run'], /--dry-run/],
        [['--to', 'there', '--journal-from', 'kafka://k/ops'], /needs --from/],
      ] as const) {
        const { code, stderr } = await runCli(['migrate', ...args], { folder });
        assert.equal(code, 2, stderr);
        assert.match(stderr, message);
      }
      const nothing = await runCli(['migrate', '--to', 'there'], { folder });
      assert.equal(nothing.code, 1);
      assert.match(nothing.stderr, /there is no data folder .*: nothing to move/);
    });
  });
}

interface Servers {
  readonly url: string;
  readonly journalUrl: string;
}

interface Line {
  readonly event: string;
  readonly done?: number;
  readonly total?: number;
  readonly resumed?: boolean;
  readonly compared?: Readonly<Record<string, { readonly rows: number }>>;
}

function configOf({ url }: Sink): string {
  return `integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: '${url}' } }
receivers: { on-call: [{ integration: pager }] }
routes: { receiver: on-call, group_by: [alertname], group_wait: 0s, group_interval: 1s }
`;
}

function storageOf({ url, journalUrl }: Servers): string {
  return `storage: { url: '${url}' }\njournal: { url: '${journalUrl}' }\n`;
}

async function startHub(t: TestContext, folder: string, yaml: string): Promise<HubProcess> {
  const hub = await startHubProcess(folder, yaml);
  t.after(() => hub.program.child.kill('SIGKILL'));
  await waitUntilReady(hub.program, `${hub.url}/readyz`);
  return hub;
}

async function stop({ program }: HubProcess): Promise<void> {
  assert.deepEqual(await program.stop(), [0, null], program.output());
}

async function send({ url }: HubProcess, body: object | string): Promise<void> {
  const answer = await fetch(`${url}/hooks/prom`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  await answer.arrayBuffer();
}

function untilTold({ program }: HubProcess, sink: Sink, what: string, from = 0): Promise<void> {
  return waitUntil(program, `the receiver was told "${what}"`, () =>
    sink.requests.slice(from).some((request) => told(request) === what),
  );
}

async function quarantineOf({ url }: HubProcess): Promise<readonly unknown[]> {
  const answer = await fetch(`${url}/api/v1/quarantine`);
  return ((await answer.json()) as { items: unknown[] }).items;
}

/** A signal that was acknowledged just before the hub ended: the record of another one under another name. */
async function appendUnprocessed(dataPath: string): Promise<void> {
  const journal = await openSqliteJournal({
    path: join(dataPath, 'journal.db'),
    maxBytes: 1e9,
    newId: () => 'unused',
  });
  const records = await journal.read(0, 0, 100);
  const model = records.find(({ value }) => value.includes('"Known"'))!;
  const signal = /"signal":"([0-9a-f]{32})"/.exec(model.value)![1]!;
  const value = model.value.replaceAll('"Known"', '"Unprocessed"').replaceAll(signal, 'f'.repeat(32));
  await journal.append([{ key: orderingKey('default', 'unprocessed'), at: model.at, value }]);
  await journal.close();
}

async function subfolder(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  return path;
}
