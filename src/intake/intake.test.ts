import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { fingerprintOf } from '../model/fingerprint.ts';
import { parseReceipt } from '../model/receipt.ts';
import type { QuarantineRow } from '../store/port.ts';
import { ALERT, endpoint, plainSource, send, startIntake, type TestingServer } from './testing-server.ts';

const ALERTMANAGER_BODY = JSON.stringify({
  version: '4',
  groupKey: '{}:{alertname="DiskFull"}',
  status: 'firing',
  receiver: 'hub',
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'DiskFull', host: 'a' },
      annotations: { summary: 'Disk is full' },
    },
    { status: 'resolved', labels: { alertname: 'DiskFull', host: 'b' }, annotations: {} },
  ],
});

test("[BR-WH-001] takes Alertmanager's webhook and keeps what it says of each alert", async (t) => {
  const server = await startIntake(t, [endpoint()]);
  const answer = await send(server, {
    headers: { 'user-agent': 'Alertmanager/0.28.0' },
    body: ALERTMANAGER_BODY,
  });
  assert.equal(answer.status, 202);
  assert.deepEqual(server.alerts(), JSON.parse(ALERTMANAGER_BODY).alerts);
});

test('[BR-WH-002] [BR-WH-016] endpoints stand side by side, each with its own path, proof and limits', async (t) => {
  const server = await startIntake(t, [
    endpoint({ paths: ['/hooks/prom'] }),
    endpoint(
      {
        paths: ['/in/team-b/alerts'],
        auth: [{ kind: 'api_key', header: 'x-key', keys: ['b-key'] }],
        limits: { bodyBytes: 40 } as never,
      },
      plainSource,
      'team-b',
    ),
  ]);
  assert.equal((await send(server)).status, 202);
  const toB = { path: '/in/team-b/alerts', headers: { authorization: null, 'x-key': 'b-key' } };
  assert.equal((await send(server, { ...toB, body: '{"labels":{"alertname":"B"}}' })).status, 202);
  assert.equal((await send(server, toB)).status, 413, 'its own size limit');
  assert.equal((await send(server, { path: '/in/team-b/alerts' })).status, 401, "the other endpoint's token");
  assert.deepEqual(
    server.journal.records.map(({ body }) => body.meta.integration),
    ['prom', 'team-b'],
  );
});

test('[BR-WH-020] an endpoint answers on the paths of its old and new version, and the source sees which', async (t) => {
  const paths: string[] = [];
  const server = await startIntake(t, [
    endpoint(
      { paths: ['/hooks/v1/prom', '/hooks/prom'] },
      {
        parse(request) {
          paths.push(request.path);
          return [];
        },
      },
    ),
  ]);
  assert.equal((await send(server, { path: '/hooks/v1/prom' })).status, 202);
  assert.equal((await send(server, { path: '/hooks/prom' })).status, 202);
  assert.deepEqual(paths, ['/hooks/v1/prom', '/hooks/prom']);
});

test('[BR-WH-015] the answer is a receipt that names the place of the signal in the journal', async (t) => {
  const server = await startIntake(t, [endpoint()]);
  const { status, json } = await send(server);
  assert.equal(status, 202);
  const receipt = parseReceipt(json['receipt']);
  assert.deepEqual(receipt?.position, { partition: 0, offset: 0 });
  assert.equal(receipt?.signal, server.journal.records[0]?.body.meta.signal);
  assert.equal(json['status_url'], `http://hub.example/api/v1/receipts/${json['receipt']}`);
});

test('[BR-WH-014] [HNP-017] the answer waits for the disk and for no work that comes after it', async (t) => {
  let workBegun = 0;
  const server = await startIntake(t, [endpoint()], { onAppended: () => void workBegun++ });
  let write = (): void => undefined;
  server.journal.hold = new Promise((resolve) => (write = resolve));
  let status = 0;
  const answered = send(server).then((answer) => (status = answer.status));
  while (server.intake.inFlight() === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([status, workBegun], [0, 0], 'nothing is acknowledged or begun before it is written');
  write();
  await answered;
  assert.deepEqual([status, workBegun], [202, 1], 'the work is only announced, nobody waits for it');
});

test('[BR-REL-011] events hold what was sent, unchanged, and the record its hash', async (t) => {
  const server = await startIntake(t, [endpoint()]);
  const labels = { alertname: 'Größe "x" \\ / 🚨', empty: '', long: 'y'.repeat(5_000) };
  const body = JSON.stringify({ labels, annotations: { text: 'line\n\ttab' } });
  assert.equal((await send(server, { body })).status, 202);
  const record = server.journal.records[0]!;
  assert.equal(record.body.meta.hash, createHash('sha256').update(body).digest('base64url'));
  assert.deepEqual(server.alerts()[0], { status: 'firing', labels, annotations: { text: 'line\n\ttab' } });
});

test('[BR-WH-010] events of one alert share one record in their order; every alert has a record of its own', async (t) => {
  const server = await startIntake(t, [endpoint()]);
  const alert = (host: string, status: string) => ({ status, labels: { alertname: 'Up', host } });
  const alerts = [alert('a', 'firing'), alert('b', 'firing'), alert('a', 'resolved')];
  await send(server, { body: JSON.stringify({ alerts }) });
  const [first, second] = server.journal.records;
  const keyOf = (host: string) => `default/${fingerprintOf({ labels: { alertname: 'Up', host } })}`;
  assert.deepEqual([first?.key, second?.key], [keyOf('a'), keyOf('b')]);
  assert.deepEqual(
    first?.body.kind === 'events' && first.body.events.map(({ id, data }) => [id.slice(32), data.status]),
    [
      ['.0', 'firing'],
      ['.2', 'resolved'],
    ],
  );
  assert.deepEqual(
    server.journal.records.map(({ body }) => [body.meta.parts, body.meta.part]),
    [
      [2, 0],
      [2, 1],
    ],
  );
});

test('[BR-WH-006] [BR-WH-007] five hundred requests at once are all queued, each exactly once', async (t) => {
  const server = await startIntake(t, [endpoint()]);
  const answers = await Promise.all(
    Array.from({ length: 500 }, (_, index) =>
      send(server, { body: JSON.stringify({ labels: { alertname: 'Load', n: index } }) }),
    ),
  );
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([202]));
  assert.equal(new Set(server.alerts().map(({ labels }) => labels['n'])).size, 500);
  assert.equal(server.journal.records.length, 500);
});

test('labels of the endpoint are added where the sender has none and leave the ordering key alone', async (t) => {
  const server = await startIntake(t, [endpoint({ labels: { cluster: 'eu-1', host: 'never' } })]);
  await send(server);
  const [record] = server.journal.records;
  assert.deepEqual(server.alerts()[0]?.labels, { alertname: 'DiskFull', host: 'a', cluster: 'eu-1' });
  assert.equal(record?.key, `default/${fingerprintOf({ labels: { alertname: 'DiskFull', host: 'a' } })}`);
});

test('[BR-WH-017] allowed headers reach the events, credentials and all others do not', async (t) => {
  const seen: unknown[] = [];
  const source = {
    ...plainSource,
    headers: ['x-kind', 'ce-*', 'authorization'],
    parse(request: Parameters<typeof plainSource.parse>[0]) {
      seen.push(request.headers);
      return plainSource.parse(request, {}, new Date(0));
    },
  };
  const server = await startIntake(t, [
    endpoint({ passHeaders: ['x-team', 'authorization'], deliveryIdHeader: 'X-Delivery' }, source),
  ]);
  const headers = {
    'x-kind': 'k',
    'x-team': 'db',
    'x-other': 'o',
    'ce-id': '7',
    'x-delivery': 'd'.repeat(300),
  };
  await send(server, { headers });
  assert.deepEqual(seen, [{ 'x-kind': 'k', 'x-team': 'db', 'x-delivery': 'd'.repeat(300), 'ce-id': '7' }]);
  assert.deepEqual(server.alerts()[0]?.details, { headers: { 'x-team': 'db' } });
  assert.equal(server.journal.records[0]?.body.meta.deliveryId, 'd'.repeat(200), 'bounded');
});

test('a signal without events leaves one empty record, so that its receipt has a place', async (t) => {
  const server = await startIntake(t, [endpoint({}, { parse: () => [] })]);
  assert.equal((await send(server)).status, 202);
  const { body } = server.journal.records[0]!;
  assert.deepEqual(body.kind === 'events' && [body.events, body.meta.parts], [[], 1]);
});

test('[BR-WH-019] a request can be tried out without being taken in', async (t) => {
  const server = await startIntake(t, [endpoint({ labels: { cluster: 'eu-1' } })]);
  const kept = (body: string) => ({
    method: 'POST',
    path: '/hooks/prom?x=1',
    contentType: 'application/json',
    headers: {},
    body: Buffer.from(body).toString('base64'),
  });
  const tried = await server.intake.parse('prom', kept(ALERT));
  assert.deepEqual(tried.ok && tried.events[0]?.data.labels, {
    alertname: 'DiskFull',
    host: 'a',
    cluster: 'eu-1',
  });
  const refused = await server.intake.parse('prom', kept('{}'));
  assert.deepEqual(!refused.ok && [refused.problem.code, refused.problem.field], [
    'wrong_shape',
    'alerts[0].labels',
  ]);
  const unknown = await server.intake.parse('nobody', kept(ALERT));
  assert.equal(!unknown.ok && unknown.problem.code, 'not_found');
  assert.equal(server.journal.records.length, 0);
});

test('what is quarantined is taken in again, under its old id, after the source is mended', async (t) => {
  const broken = endpoint({ deliveryIdHeader: 'x-id' }, { parse: () => JSON.parse('{') as never });
  const server = await startIntake(t, [broken]);
  const answer = await send(server, {
    path: '/hooks/prom?zone=eu',
    headers: { 'x-id': 'd-1', 'content-encoding': 'gzip' },
    body: await gzip(ALERT),
  });
  assert.equal(answer.status, 422);
  assert.equal(answer.json['code'], 'unreadable_signal');
  assert.ok(server.logged.some((line) => line.includes('SyntaxError')));
  const row = quarantined(server);
  assert.equal(parseReceipt(answer.json['receipt'])?.signal, row.id);

  assert.equal((await server.intake.redrive(row)).ok, false, 'still broken');
  server.intake.replace([endpoint({ deliveryIdHeader: 'x-id' })]);
  assert.deepEqual(await server.intake.redrive(row), { ok: true });
  const again = server.journal.records[1]!.body;
  assert.deepEqual(again.kind === 'events' && again.events[0]?.id, `${row.id}.0`);
  assert.equal(again.meta.deliveryId, 'd-1');
  assert.equal(again.meta.receivedAt, new Date(row.receivedAt).toISOString());

  assert.equal((await server.intake.redrive({ ...row, status: 'redriven' })).ok, false, 'only once');
  server.journal.refusal = Object.assign(new Error('no disk'), { code: 'journal_unavailable' });
  const unwritten = await server.intake.redrive(row);
  assert.equal(!unwritten.ok && unwritten.code, 'unavailable');
});

function quarantined(server: TestingServer): QuarantineRow {
  const { body } = server.journal.records[0]!;
  assert.equal(body.kind, 'quarantine');
  assert.ok(body.kind === 'quarantine');
  return {
    id: body.meta.signal,
    tenant: body.meta.tenant,
    integration: body.meta.integration,
    receivedAt: Date.parse(body.meta.receivedAt),
    status: 'held',
    problem: body.problem,
    request: body.request,
  };
}

async function gzip(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

test('a reload switches all endpoints at once or not at all', async (t) => {
  const server = await startIntake(t, [endpoint()]);
  assert.throws(() =>
    server.intake.replace([
      endpoint({ paths: ['/new'] }),
      endpoint({ paths: ['/new'] }, plainSource, 'twin'),
    ]),
  );
  assert.equal((await send(server)).status, 202, 'the old ones still answer');
  server.intake.replace([endpoint({ paths: ['/new'] })]);
  assert.equal((await send(server)).status, 404);
  assert.equal((await send(server, { path: '/new' })).status, 202);
});

test('a drain refuses newcomers and waits for those under way', async (t) => {
  const server = await startIntake(t, [endpoint()]);
  let write = (): void => undefined;
  server.journal.hold = new Promise((resolve) => (write = resolve));
  const early = send(server);
  while (server.intake.inFlight() === 0) await new Promise((resolve) => setImmediate(resolve));
  let isDrained = false;
  const drained = server.intake.drain().then(() => (isDrained = true));
  const late = await send(server);
  assert.equal(late.status, 503);
  assert.equal(late.json['code'], 'shutting_down');
  assert.equal(isDrained, false);
  write();
  assert.equal((await early).status, 202);
  await drained;
});
