import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { createFakeServices, type FakeServices } from '../testing/fake-services.ts';
import { NOW } from '../testing/sample-rows.ts';
import { startApi } from '../testing/start-api.ts';

interface Message {
  readonly type: string;
  readonly cursor: number;
  readonly changes?: readonly { readonly seq: number; readonly kind: string; readonly data: unknown }[];
}

function addChanges(services: FakeServices, count: number, kind: 'alert' | 'delivery' = 'alert'): void {
  for (let index = 0; index < count; index++) {
    const seq = (services.rows.changes.at(-1)?.seq ?? 0) + 1;
    services.rows.changes.push({
      seq,
      at: NOW,
      tenant: 'default',
      kind,
      id: `${kind}-${seq}`,
      status: 'firing',
      data: { n: seq },
    });
  }
}

/** A client and a queue of what it got. */
async function connect(t: TestContext, url: string, query = '', headers: Record<string, string> = {}) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/stream${query}`, { headers });
  t.after(() => socket.terminate());
  const messages: Message[] = [];
  const waiting: (() => void)[] = [];
  socket.on('message', (data: Buffer) => {
    messages.push(JSON.parse(data.toString()) as Message);
    waiting.shift()?.();
  });
  const next = async (): Promise<Message> => {
    if (messages.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    return messages.shift()!;
  };
  /** Reads on until a change with this number was seen; answers the numbers of all changes on the way. */
  const until = async (last: number): Promise<number[]> => {
    const seen: number[] = [];
    while (seen.at(-1) !== last) seen.push(...((await next()).changes ?? []).map(({ seq }) => seq));
    return seen;
  };
  await once(socket, 'open');
  return { socket, next, until };
}

/** The answer to an upgrade that is refused. */
async function refused(url: string, query = '', headers: Record<string, string> = {}) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/stream${query}`, { headers });
  socket.on('error', () => {});
  const [, response] = await once(socket, 'unexpected-response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  socket.terminate();
  return {
    status: response.statusCode as number,
    headers: response.headers,
    body: JSON.parse(Buffer.concat(chunks).toString()),
  };
}

const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

test('[ADR4-018] a client sees every change after its cursor once and in order, first replayed, then live', async (t) => {
  const services = createFakeServices();
  addChanges(services, 25);
  const { url } = await startApi(t, services, { pageRows: 4 });
  const { until } = await connect(t, url, '?cursor=3');
  assert.deepEqual(await until(25), range(4, 25));
  addChanges(services, 9);
  services.changed();
  assert.deepEqual(await until(34), range(26, 34));
});

test('nothing is missed or doubled when changes come in during the replay', async (t) => {
  const services = createFakeServices();
  addChanges(services, 10);
  const { url } = await startApi(t, services, { pageRows: 3 });
  const { changes } = services.reader;
  let left = 20;
  services.reader.changes = async (cursor, limit) => {
    const page = await changes(cursor, limit);
    if (left-- > 0) {
      addChanges(services, 2);
      services.changed();
    }
    return page;
  };
  const clients = await Promise.all([connect(t, url, '?cursor=0'), connect(t, url, '?cursor=0')]);
  for (const { until } of clients) assert.deepEqual(await until(50), range(1, 50));
});

test('without a cursor only what comes from now on is sent, after a message that tells the cursor', async (t) => {
  const services = createFakeServices();
  addChanges(services, 5);
  const { url } = await startApi(t, services);
  const { next, until } = await connect(t, url);
  assert.deepEqual(await next(), { type: 'changes', cursor: 5, changes: [] });
  addChanges(services, 1);
  services.changed();
  assert.deepEqual(await until(6), [6]);
});

test('only the kinds that were asked for are sent', async (t) => {
  const services = createFakeServices();
  addChanges(services, 2, 'alert');
  addChanges(services, 1, 'delivery');
  const { url } = await startApi(t, services);
  const { next, until } = await connect(t, url, '?cursor=0&kinds=delivery');
  const first = await next();
  assert.deepEqual(
    [first.cursor, first.changes?.map(({ seq, kind, data }) => [seq, kind, data])],
    [3, [[3, 'delivery', { n: 3 }]]],
  );
  addChanges(services, 3, 'alert');
  addChanges(services, 1, 'delivery');
  services.changed();
  assert.deepEqual(await until(7), [7]);
});

test('a cursor that has expired or is from elsewhere gets a reset and goes on live', async (t) => {
  const services = createFakeServices();
  addChanges(services, 10);
  services.rows.changes.splice(0, 6);
  services.rows.oldestChange = 7;
  const { url } = await startApi(t, services);
  for (const cursor of [5, 4711]) {
    const { next } = await connect(t, url, `?cursor=${cursor}`);
    assert.deepEqual(await next(), { type: 'reset', cursor: 10 });
    assert.deepEqual(await next(), { type: 'changes', cursor: 10, changes: [] });
  }
  const { until } = await connect(t, url, '?cursor=6');
  assert.deepEqual(await until(10), range(7, 10));
});

test('a client that reads too slowly is sent away with 1013 and the others go on', async (t) => {
  const services = createFakeServices();
  const { url } = await startApi(t, services, { maxBufferedBytes: 64 * 1024 });
  const slow = await connect(t, url);
  const quick = await connect(t, url);
  await Promise.all([slow.next(), quick.next()]);
  slow.socket.pause();
  const closed = once(slow.socket, 'close');
  const big = { text: 'x'.repeat(1_000_000) };
  for (let seq = 1; seq <= 30; seq++) {
    addChanges(services, 1);
    services.rows.changes[0] = { ...services.rows.changes.at(-1)!, data: big };
    services.rows.changes.splice(1);
    services.rows.oldestChange = seq;
    services.changed();
    assert.deepEqual(await quick.until(seq), [seq]);
  }
  slow.socket.resume();
  assert.equal((await closed)[0], 1013);
});

test('who may not read the API may not follow the stream', async (t) => {
  const local = await startApi(t, createFakeServices());
  assert.deepEqual((await refused(local.url, '', { host: 'rebound.example' })).body.code, 'not_local');
  assert.equal((await refused(local.url, '', { origin: 'https://evil.example' })).body.code, 'cross_origin');

  const closed = await startApi(t, createFakeServices({ apiTokens: ['t0ken'] }));
  const answer = await refused(closed.url);
  assert.deepEqual(
    [answer.status, answer.headers['www-authenticate'], answer.headers['content-type'], answer.body.code],
    [401, 'Bearer realm="signalbox"', 'application/problem+json', 'unauthenticated'],
  );
  const { next } = await connect(t, closed.url, '', { authorization: 'Bearer t0ken' });
  assert.equal((await next()).type, 'changes');
});

test('a wrong query and a wrong address are refused before the upgrade', async (t) => {
  const { url } = await startApi(t, createFakeServices());
  const query = await refused(url, '?kinds=pigeon');
  assert.deepEqual([query.status, query.body.field], [400, 'kinds']);
  assert.equal((await refused(`${url}/elsewhere`)).status, 404);
});

test('clients over the cap are told to come later, and counted', async (t) => {
  const { url, metrics } = await startApi(t, createFakeServices(), { maxClients: 1 });
  const { next, socket } = await connect(t, url);
  await next();
  assert.match(await metrics.text(), /^signalbox_api_stream_clients 1$/m);
  const answer = await refused(url);
  assert.deepEqual([answer.status, answer.headers['retry-after']], [503, '5']);
  socket.close();
  await once(socket, 'close');
});

test('a token that a reload has taken away ends its connections', async (t) => {
  const services = createFakeServices({ apiTokens: ['old'] });
  const { url } = await startApi(t, services, { pingMs: 300 });
  const { next, socket } = await connect(t, url, '', { authorization: 'Bearer old' });
  await next();
  const closed = once(socket, 'close');
  const { settingsNow } = services;
  services.settingsNow = { ...settingsNow, server: { ...settingsNow.server, apiTokens: ['new'] } };
  assert.equal((await closed)[0], 1008);
});

test('a client that answers no ping is cut off', async (t) => {
  const { url } = await startApi(t, createFakeServices(), { pingMs: 10 });
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/stream`, { autoPong: false });
  await once(socket, 'open');
  const [code] = await once(socket, 'close');
  assert.equal(code, 1006);
});

test('when the hub stops its clients are told, and the stop waits for nobody for long', async (t) => {
  const api = await startApi(t, createFakeServices());
  const { next, socket } = await connect(t, api.url);
  await next();
  const closed = once(socket, 'close');
  await api.close();
  assert.equal((await closed)[0], 1001);
});

test('a read that fails closes a replay, and is repeated after the next change for who is live', async (t) => {
  const services = createFakeServices();
  const { url, logged } = await startApi(t, services);
  const live = await connect(t, url);
  await live.next();
  const { changes } = services.reader;
  services.reader.changes = async () => {
    throw new Error('busy');
  };
  const replay = await connect(t, url, '?cursor=0');
  assert.equal((await once(replay.socket, 'close'))[0], 1011);
  services.reader.changes = changes;
  addChanges(services, 1);
  services.changed();
  assert.deepEqual(await live.until(1), [1]);
  assert.ok(logged.some((line) => String(line['error']).includes('busy')));
});
