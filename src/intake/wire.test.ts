import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { endpoint, ALERT, send, startIntake, type TestingServer } from './testing-server.ts';
import { connectWire, rawRequest, type WireClient } from './testing-wire.ts';

const HEAD = ['host: hub', 'authorization: Bearer good-token', 'content-type: application/json'];
const LENGTH = `content-length: ${ALERT.length}`;
const GOOD = rawRequest([...HEAD, LENGTH], ALERT);

function open(t: TestContext, server: TestingServer): WireClient {
  const client = connectWire(server.port);
  t.after(() => client.socket.destroy());
  return client;
}

test('requests that are sent ahead on one connection are answered in their order', async (t) => {
  const server = await startIntake(t, [endpoint()]);
  const client = open(t, server);
  const bad = rawRequest(['host: hub', LENGTH], ALERT);
  client.write(Buffer.concat([GOOD, bad, GOOD]));
  const statuses = [];
  for (let index = 0; index < 3; index++) statuses.push((await client.next())?.status);
  assert.deepEqual(statuses, [202, 401, 202]);
});

test('a chunked body, in any pieces, is the body', async (t) => {
  const server = await startIntake(t, [endpoint()]);
  const client = open(t, server);
  const chunks = [...ALERT.matchAll(/.{1,7}/g)].map(([part]) => `${part.length.toString(16)}\r\n${part}\r\n`);
  client.write(rawRequest([...HEAD, 'transfer-encoding: chunked'], `${chunks.join('')}0\r\n\r\n`));
  assert.equal((await client.next())?.status, 202);
  assert.equal(server.alerts()[0]?.labels['alertname'], 'DiskFull');
});

test('a chunked body over the limit is cut off, and the sender still sees why', async (t) => {
  const server = await startIntake(t, [endpoint({ limits: { bodyBytes: 1_000 } as never })]);
  const client = open(t, server);
  client.write(rawRequest([...HEAD, 'transfer-encoding: chunked'], `5000\r\n${'x'.repeat(0x5000)}\r\n`));
  const answer = await client.next();
  assert.equal(answer?.status, 413);
  assert.equal(answer?.headers['connection'], 'close');
  client.write('0\r\n\r\n');
  assert.equal(await client.next(), undefined);
});

test('a body that is declared too large is refused before it is sent, and the sender that goes on sending sees it', async (t) => {
  const server = await startIntake(t, [endpoint()]);
  const client = open(t, server);
  client.write(rawRequest([...HEAD, 'content-length: 3000000'], Buffer.alloc(500_000)));
  assert.equal((await client.next())?.status, 413);
});

test('a connection can be used again after a refusal whose body was never looked at', async (t) => {
  const server = await startIntake(t, [endpoint()]);
  const client = open(t, server);
  client.write(rawRequest(['host: hub', 'content-length: 20'], 'half'));
  assert.equal((await client.next())?.status, 401);
  client.write('x'.repeat(16));
  client.write(GOOD);
  assert.equal((await client.next())?.status, 202);
});

test('absolute targets and queries find their endpoint; strange spellings of a path find none', async (t) => {
  const server = await startIntake(t, [endpoint()]);
  const client = open(t, server);
  const targets: [string, number][] = [
    ['http://hub/hooks/prom', 202],
    ['/hooks/prom?a=1&a=2&__proto__=3', 202],
    ['/hooks/prom/', 404],
    ['/hooks//prom', 404],
    ['/hooks/./prom', 404],
    ['/hooks/prom%00', 404],
    ['http://hub', 404],
    ['/hooks/prom;a=b', 404],
  ];
  for (const [target, status] of targets) {
    client.write(rawRequest([...HEAD, LENGTH], ALERT, `POST ${target} HTTP/1.1`));
    assert.equal((await client.next())?.status, status, target);
  }
});

test('a client that asks before it sends is told to go on', async (t) => {
  const server = await startIntake(t, [endpoint()]);
  const client = open(t, server);
  client.write(rawRequest([...HEAD, LENGTH, 'expect: 100-continue']));
  assert.equal((await client.next())?.status, 100);
  client.write(ALERT);
  assert.equal((await client.next())?.status, 202);
});

test('a client that goes away in the middle leaves nothing behind', async (t) => {
  const server = await startIntake(t, [endpoint()]);
  for (const part of [GOOD.subarray(0, 20), GOOD.subarray(0, GOOD.length - 5)]) {
    const client = open(t, server);
    await new Promise<void>((resolve) => void client.socket.write(part, () => resolve()));
    client.socket.resetAndDestroy();
  }
  assert.equal((await send(server)).status, 202);
  await server.intake.drain();
  assert.equal(server.journal.records.length, 1);
});

test('what is no HTTP, or two meanings at once, is answered 400 with a problem', async (t) => {
  const server = await startIntake(t, [endpoint()]);
  const cases: [Buffer, number][] = [
    [Buffer.from('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'), 400],
    [Buffer.from('HELLO\r\n\r\n'), 400],
    [rawRequest([...HEAD, LENGTH, 'content-length: 5'], ALERT), 400],
    [rawRequest([...HEAD, LENGTH, 'transfer-encoding: chunked'], ALERT), 400],
    [rawRequest([...HEAD, 'content-length: -1'], ALERT), 400],
    [rawRequest([...HEAD, 'transfer-encoding: chunked'], 'zz\r\n'), 400],
    [rawRequest([...HEAD, 'bad header: x\r\n y', LENGTH], ALERT), 400],
    [rawRequest(HEAD.slice(1), ALERT), 400],
    [rawRequest([...HEAD, `x-long: ${'x'.repeat(20_000)}`]), 431],
  ];
  for (const [bytes, status] of cases) {
    const client = open(t, server);
    client.write(bytes);
    const answer = await client.next();
    assert.equal(answer?.status, status, bytes.toString('latin1').slice(0, 150));
    if (answer.body === '') continue;
    assert.equal(answer.headers['content-type'], 'application/problem+json');
    assert.match(JSON.parse(answer.body).correlation_id, /^[0-9a-f]{32}$/);
  }
  assert.equal((await send(server)).status, 202);
});

test('repeated headers never add up to a credential', async (t) => {
  const server = await startIntake(t, [
    endpoint({ auth: [{ kind: 'api_key', header: 'x-key', keys: ['a, b'.slice(0, 1)] }] }),
  ]);
  const client = open(t, server);
  client.write(rawRequest(['host: hub', 'x-key: a', 'x-key: b', LENGTH], ALERT));
  assert.equal((await client.next())?.status, 401);
});
