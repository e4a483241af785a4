import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { text } from 'node:stream/consumers';
import { startSink } from '../fakes/sink.ts';
import { embeddedOnly, startHub, until } from '../harness.ts';
import { startHubProcess } from '../hub-process.ts';
import { alertmanagerBody, found, told } from './told.ts';

const MINIMAL = `
integrations: { prom: { connector: alertmanager } }
receivers: { none: [] }
routes: { receiver: none }
`;

test(
  '[HNP-037] [HNP-038] [HNP-041] [HNP-043] [HNP-044] when the hub answers for the first time its configuration, schema, queue, handlers and background work are there',
  embeddedOnly('it reads the schema from the files'),
  async () => {
    await using hub = await startHub({ yaml: MINIMAL });
    const versions = ['journal', 'store'].map((name) => {
      using database = new DatabaseSync(join(hub.dataPath, `${name}.db`), { readOnly: true });
      return database.prepare('SELECT max(version) AS version FROM schema_versions').get()?.['version'];
    });
    assert.ok(
      versions.every((version) => Number(version) >= 1),
      'migrated before it listens',
    );
    const ready = await hub.get('/readyz?verbose');
    assert.deepEqual([ready.status, ready.json.status], [200, 'ready']);
    assert.equal((await hub.send('/hooks/prom', alertmanagerBody({ name: 'First' }))).status, 202);
    await found(hub, 'alerts');
  },
);

test(
  '[HNP-038] [HNP-090] a data folder of a newer program is refused before anything listens, and left as it is',
  embeddedOnly('it changes the file of the store'),
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-newer-'));
    await using cleanup = new AsyncDisposableStack();
    cleanup.defer(() => rm(folder, { recursive: true }));
    {
      await using hub = await startHub({ yaml: MINIMAL, dataPath: folder });
      await hub.stop();
    }
    const change = (sql: string) => {
      using database = new DatabaseSync(join(folder, 'store.db'));
      database.exec(sql);
    };
    change(
      `INSERT INTO schema_versions SELECT 999, 'from the future', applied_at FROM schema_versions LIMIT 1`,
    );
    await assert.rejects(startHub({ yaml: MINIMAL, dataPath: folder }), /schema 999.*newer program/s);
    change('DELETE FROM schema_versions WHERE version = 999');
    await using hub = await startHub({ yaml: MINIMAL, dataPath: folder });
    assert.equal((await hub.get('/readyz')).status, 200);
  },
);

test('[HNP-039] [HNP-040] [HNP-042] [HNP-045] [HNP-046] [VPA-114] [BR-TEST-003] each dependency is checked for itself at the start, and all results come back as one map, also on the health listener', async () => {
  await using sink = await startSink();
  await using strict = await startSink({ answer: () => ({ status: 401 }) });
  await using hub = await startHub({
    yaml: `
server: { health_listen: "127.0.0.1:0" }
integrations:
  prom: { connector: alertmanager }
  chat: { connector: slack, config: { token: xoxb-unknown, channel: C0123456789, api_url: "${strict.url}/api" } }
  mail: { connector: email, config: { host: 127.0.0.1, port: 9, from: hub@example.org, to: [ops@example.org] } }
  pager: { connector: webhook, config: { url: "${sink.url}" } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_wait: 0s }
`,
  });
  const health = hub.healthUrl!;
  const parts = await until('chat and mail are found out', async () => {
    const { json } = await hub.get('/readyz?verbose');
    const byName = new Map<string, { ready: boolean; required: boolean; detail: string }>(
      json.parts.map((part: { part: string }) => [part.part, part]),
    );
    const isKnown = ['chat', 'mail'].every((id) => byName.get(`integration:${id}`)?.ready === false);
    return isKnown && byName;
  });
  for (const name of ['journal', 'store', 'pipeline']) assert.equal(parts.get(name)?.ready, true, name);
  assert.match(parts.get('integration:chat')!.detail, /^refused: /, 'credentials are checked');
  assert.match(parts.get('integration:mail')!.detail, /^degraded: /, 'an exception becomes its result');
  assert.equal(parts.get('integration:pager')!.ready, true);

  assert.equal(
    (await hub.get('/readyz')).status,
    200,
    'who can not be reached starts degraded and stops nobody',
  );
  const inside = await fetch(`${health}/readyz`);
  assert.equal(inside.status, 200);
  const names = ((await inside.json()) as { parts: { part: string }[] }).parts.map(({ part }) => part);
  assert.deepEqual(names.toSorted(), ['integration:chat', 'integration:mail'], 'what is not ready is named');
  assert.equal((await fetch(`${health}/livez`)).status, 200);
  assert.match(await (await fetch(`${health}/metrics`)).text(), /signalbox_/);
  assert.equal((await fetch(`${health}/api/v1/alerts`)).status, 404, 'nothing else is served there');

  await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk' }));
  await sink.received(1);
});

test(
  '[HNP-050] a second server on the same data folder is refused by name, and may start when the first has stopped',
  embeddedOnly('it is about the lock of the data folder'),
  async () => {
    await using first = await startHub({ yaml: MINIMAL });
    await assert.rejects(startHub({ yaml: MINIMAL, dataPath: first.dataPath }), /process \d+/);
    assert.equal((await first.get('/readyz')).status, 200);
    await first.stop();
    await using second = await startHub({ yaml: MINIMAL, dataPath: first.dataPath });
    assert.equal((await second.get('/readyz')).status, 200);
  },
);

test('[HNP-047] [HNP-048] [HNP-049] [HNP-050] [HNP-051] [BR-REL-005] SIGTERM finishes the request and the delivery under way, keeps the rest for the next start, logs a clean stop and exits 0', async () => {
  const gate = Promise.withResolvers<undefined>();
  await using sink = await startSink({ answer: () => gate.promise });
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-life-'));
  cleanup.defer(() => rm(folder, { recursive: true }));
  const yaml = `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sink.url}" }, concurrency: 1, timeout: 1m }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_by: ['...'], group_wait: 0s, repeat_interval: 100d }
`;
  const first = await startHubProcess(folder, yaml);
  cleanup.defer(async () => void (await first.program.stop()));
  const headers = { 'content-type': 'application/json' };
  const send = (name: string) =>
    fetch(`${first.url}/hooks/prom`, {
      method: 'POST',
      headers,
      body: JSON.stringify(alertmanagerBody({ name })),
    });
  for (const name of ['A', 'B', 'C']) assert.equal((await send(name)).status, 202);
  await sink.received(1);

  const slow = request(`${first.url}/hooks/prom`, { method: 'POST', agent: false, headers });
  const body = JSON.stringify(alertmanagerBody({ name: 'D' }));
  slow.write(body.slice(0, 20));
  await until('the request has begun', async () => {
    const metrics = await (await fetch(`${first.url}/metrics`)).text();
    return /^signalbox_intake_in_flight 1$/m.test(metrics);
  });
  first.program.child.kill('SIGTERM');
  await until('it stops', () => first.program.output().includes('"stopping"'));
  await until('the door is shut', () =>
    fetch(`${first.url}/livez`).then(
      () => false,
      () => true,
    ),
  );
  slow.end(body.slice(20));
  const [response] = (await once(slow, 'response')) as [import('node:http').IncomingMessage];
  assert.equal(response.statusCode, 202);
  const { receipt } = JSON.parse(await text(response)) as { receipt: string };
  gate.resolve(undefined);
  assert.deepEqual(await once(first.program.child, 'exit'), [0, null]);
  assert.match(first.program.output(), /"stopped cleanly"/);

  const second = await startHubProcess(folder, yaml);
  cleanup.defer(async () => void (await second.program.stop()));
  await sink.received(4);
  const names = sink.requests.map((one) => /: (\w+) /.exec(told(one))?.[1] ?? '');
  assert.deepEqual(names.toSorted(), ['A', 'B', 'C', 'D'], 'each once');
  const answer = await fetch(`${second.url}/api/v1/receipts/${receipt}`);
  assert.equal(((await answer.json()) as { status: string }).status, 'processed');
});
