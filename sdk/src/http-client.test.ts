import assert from 'node:assert/strict';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { isFault } from './fault.ts';
import { backOff, type HttpResult } from './http-client.ts';
import type { HttpRequest } from './http.ts';
import { connect, faultOf, never, serve } from './testing/http-calls.ts';

test('a request carries its JSON body, query, headers, correlation id, idempotency key and user agent', async (t) => {
  const server = await serve(t, () => ({ status: 201, headers: { 'x-id': '7' }, body: { ok: true } }));
  const answer = await connect(t)
    .http()
    .request({
      method: 'POST',
      url: `${server.url}/hook?a=1`,
      query: { token: 'q s' },
      headers: { Authorization: 'Bearer x' },
      body: { text: 'häuser' },
      idempotencyHeader: 'Idempotency-Key',
    });
  assert.equal(answer.status, 201);
  assert.equal(answer.headers['x-id'], '7');
  assert.deepEqual(answer.json(), { ok: true });
  const [request] = server.requests;
  assert.deepEqual(request?.query, { a: '1', token: 'q s' });
  assert.deepEqual(request.body, { text: 'häuser' });
  const { headers } = request;
  assert.equal(headers['content-type'], 'application/json');
  assert.equal(headers['authorization'], 'Bearer x');
  assert.equal(headers['x-correlation-id'], 'c-1');
  assert.equal(headers['idempotency-key'], 'd-1');
  assert.equal(headers['user-agent'], 'signalbox/1.2.3');
});

test('text and bytes are sent as they are, with the content type that the connector gives', async (t) => {
  const server = await serve(t);
  const { http } = connect(t);
  const headers = { 'Content-Type': 'text/plain' };
  for (const body of ['plain', Buffer.from('bytes')]) {
    await http().request({ method: 'PUT', url: server.url, headers, body });
  }
  assert.deepEqual(
    server.requests.map(({ text, headers: sent }) => [text, sent['content-type']]),
    [
      ['plain', 'text/plain'],
      ['bytes', 'text/plain'],
    ],
  );
});

test('connections are kept alive and used again', async (t) => {
  const ports = new Set<string>();
  const server = await serve(t, ({ headers }) => ({ body: { connection: headers['connection'] } }));
  const { http } = connect(t, { connections: 1 });
  for (let n = 0; n < 3; n += 1) {
    const answer = await http().request({ method: 'POST', url: server.url, body: {} });
    ports.add(String((answer.json() as { connection: string }).connection));
  }
  assert.deepEqual([...ports], ['keep-alive']);
});

const wrongAddresses: readonly [string, string][] = [
  ['relative', '/hook'],
  ['another protocol', 'ftp://vendor.example/x'],
  ['with credentials', 'https://user:pa55word@vendor.example/x'],
];
for (const [name, url] of wrongAddresses) {
  test(`an address that is ${name} is SB_CONFIG and its fault does not repeat it`, async (t) => {
    const fault = await faultOf(connect(t).http().request({ method: 'GET', url }));
    assert.equal(fault.code, 'SB_CONFIG');
    assert.equal(fault.field, 'url');
    assert.doesNotMatch(fault.message, /pa55word|\/x/);
  });
}

test('a header that HTTP does not allow is SB_CONFIG and its value is not in the fault', async (t) => {
  const server = await serve(t);
  const request: HttpRequest = { method: 'POST', url: server.url, headers: { 'x-key': 'pa55\nword' } };
  const fault = await faultOf(connect(t).http().request(request));
  assert.equal(fault.code, 'SB_CONFIG');
  assert.doesNotMatch(`${fault.stack} ${String(fault.cause)}`, /pa55/);
});

test('a redirect is not followed and is SB_CONFIG', async (t) => {
  const target = await serve(t);
  const server = await serve(t, () => ({ status: 302, headers: { location: target.url } }));
  const fault = await faultOf(connect(t).http().request({ method: 'GET', url: server.url }));
  assert.deepEqual([fault.code, fault.status], ['SB_CONFIG', 302]);
  assert.deepEqual(target.requests, []);
});

test('a fault names host and status, never path, query, header or answer', async (t) => {
  const server = await serve(t, ({ headers }) => ({ status: 400, body: `bad ${headers['authorization']}` }));
  const request: HttpRequest = {
    method: 'POST',
    url: `${server.url}/services/s3cret`,
    query: { key: 's3cret' },
    headers: { authorization: 's3cret' },
    body: 's3cret',
  };
  const fault = await faultOf(connect(t).http().request(request));
  assert.equal(fault.message, `${new URL(server.url).host} answered 400`);
  assert.doesNotMatch(`${fault.stack} ${String(fault.cause)}`, /s3cret/);
});

test('statuses that the connector accepts are answers', async (t) => {
  const server = await serve(t, () => ({ status: 404, body: 'gone' }));
  const { http } = connect(t);
  const answer = await http().request({ method: 'DELETE', url: server.url, accept: [404] });
  assert.deepEqual([answer.status, answer.text], [404, 'gone']);
});

test('an answer over the limit is SB_UNAVAILABLE, one at the limit is read', async (t) => {
  const server = await serve(t, ({ path }) => ({ body: 'x'.repeat(path === '/long' ? 1_001 : 1_000) }));
  const { http } = connect(t, { answerBytes: 1_000 });
  assert.equal((await http().request({ method: 'POST', url: `${server.url}/short` })).text.length, 1_000);
  const fault = await faultOf(http().request({ method: 'POST', url: `${server.url}/long` }));
  assert.deepEqual([fault.code, fault.status], ['SB_UNAVAILABLE', 200]);
});

test('an answer that is not JSON is SB_UNAVAILABLE when it is read as JSON, and is not quoted', async (t) => {
  const server = await serve(t, () => ({ body: '<html>s3cret</html>' }));
  const answer = await connect(t).http().request({ method: 'POST', url: server.url });
  assert.equal(answer.text, '<html>s3cret</html>');
  assert.throws(
    answer.json,
    (error) => isFault(error) && error.code === 'SB_UNAVAILABLE' && !/s3cret/.test(String(error.stack)),
  );
});

test('garbage instead of HTTP is SB_UNAVAILABLE', async (t) => {
  const server = createTcpServer((socket) => socket.on('error', () => {}).end('s3cret garbage\r\n\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const fault = await faultOf(
    connect(t)
      .http()
      .request({ method: 'POST', url: `http://127.0.0.1:${port}` }),
  );
  assert.equal(fault.code, 'SB_UNAVAILABLE');
  assert.equal(fault.cause, undefined, 'the parser keeps a piece of the answer in its error');
});

test('a signal that is aborted before, while connecting and while waiting ends the request at once', async (t) => {
  const { http } = connect(t);
  const before = await faultOf(
    http(AbortSignal.abort()).request({ method: 'POST', url: 'http://127.0.0.1:9' }),
  );
  assert.equal(before.code, 'SB_UNAVAILABLE');

  const server = await serve(t, () => 'silent');
  const abort = new AbortController();
  void server.nextRequest().then(() => abort.abort());
  const waiting = await faultOf(http(abort.signal).request({ method: 'POST', url: server.url }));
  assert.match(waiting.message, /cancelled/);

  // One connection, and it is taken: the second request waits for it and must not go out later.
  const narrow = connect(t, { connections: 1 });
  const holder = new AbortController();
  const held = server.nextRequest();
  const first = faultOf(narrow.http(holder.signal).request({ method: 'POST', url: server.url }));
  await held;
  const queued = new AbortController();
  const second = faultOf(narrow.http(queued.signal).request({ method: 'POST', url: `${server.url}/queued` }));
  queued.abort();
  assert.equal((await second).code, 'SB_UNAVAILABLE');
  holder.abort();
  await first;
  assert.ok(server.requests.every(({ path }) => path !== '/queued'));
});

test('the deadline of the signal is told apart from a cancelled call', async (t) => {
  const server = await serve(t, () => 'silent');
  const fault = await faultOf(
    connect(t).http(AbortSignal.timeout(20)).request({ method: 'POST', url: server.url }),
  );
  assert.equal(fault.code, 'SB_UNAVAILABLE');
  assert.match(fault.message, /did not answer in time/);
});

test('[BR-ERR-006] a read is repeated until it succeeds, anything else is one request', async (t) => {
  let fails = 2;
  const server = await serve(t, () => (fails-- > 0 ? { status: 503 } : { body: 'ok' }));
  const { http } = connect(t, { random: () => 0 });
  assert.equal((await http().request({ method: 'GET', url: server.url })).text, 'ok');
  assert.equal(server.requests.length, 3);
  fails = 1;
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
    fails = 1;
    assert.equal((await faultOf(http().request({ method, url: server.url }))).code, 'SB_UNAVAILABLE');
  }
  assert.equal(server.requests.length, 7);
});

test('a read is not repeated when it is refused, when its time is over, or when the vendor wants a longer wait', async (t) => {
  const server = await serve(t, ({ path }) => ({
    status: Number(path.slice(1)),
    headers: path === '/429' ? { 'retry-after': '60' } : {},
  }));
  const { http } = connect(t, { random: () => 1, now: () => 1_000 });
  for (const status of [400, 401, 404, 429]) {
    await faultOf(http().request({ method: 'GET', url: `${server.url}/${status}` }));
  }
  await faultOf(http(never, 1_100).request({ method: 'GET', url: `${server.url}/500` }));
  assert.equal(server.requests.length, 5);
});

test('an abort ends the wait between two reads', async (t) => {
  const server = await serve(t, () => ({ status: 500 }));
  const { http } = connect(t, { random: () => 1, reads: { tries: 5, initialMs: 60_000, maxMs: 60_000 } });
  const abort = new AbortController();
  const reading = faultOf(http(abort.signal).request({ method: 'GET', url: server.url }));
  await server.nextRequest();
  setImmediate(() => abort.abort());
  assert.equal((await reading).code, 'SB_UNAVAILABLE');
});

test('the wait before a repeat grows, is capped, is spread by full jitter and keeps Retry-After', () => {
  const retry = { tries: 9, initialMs: 100, maxMs: 1_000 };
  const ceilings = [1, 2, 3, 4, 5, 6].map((tries) => backOff(retry, tries, undefined, () => 1));
  assert.deepEqual(ceilings, [100, 200, 400, 800, 1_000, 1_000]);
  assert.equal(
    backOff(retry, 5, undefined, () => 0),
    0,
  );
  assert.equal(
    backOff(retry, 1, 700, () => 1),
    700,
  );
});

test('[BR-REL-007] [ADR6-050] after enough failures the vendor is left alone, then one trial decides', async (t) => {
  let nowMs = 0;
  let status = 500;
  const server = await serve(t, () => ({ status }));
  const { connections, http } = connect(t, { now: () => nowMs, breaker: { failures: 2, cooldownMs: 1_000 } });
  const post = () => http().request({ method: 'POST', url: server.url });
  await faultOf(post());
  await faultOf(post());
  const open = await faultOf(post());
  assert.deepEqual([open.code, open.retryAfterMs, server.requests.length], ['SB_UNAVAILABLE', 1_000, 2]);

  const probe = connections.forCall({ signal: never, correlationId: 'p', bypassBreaker: true });
  await faultOf(probe.request({ method: 'POST', url: server.url }));
  assert.equal(server.requests.length, 3, 'a probe goes out all the same');

  nowMs = 1_000;
  status = 200;
  await post();
  await post();
  assert.equal(server.requests.length, 5);
});

test('[BR-REL-007] refusals are answers and do not open the breaker', async (t) => {
  const server = await serve(t, () => ({ status: 400 }));
  const { http } = connect(t, { breaker: { failures: 1, cooldownMs: 1_000 } });
  for (let n = 0; n < 3; n += 1) {
    assert.equal((await faultOf(http().request({ method: 'POST', url: server.url }))).code, 'SB_REJECTED');
  }
  assert.equal(server.requests.length, 3);
});

test('a request above the vendor rate waits for a near slot and is SB_RATE_LIMITED for a far one', async (t) => {
  const server = await serve(t);
  const near = connect(t, { rate: { requests: 1, perMs: 20 } });
  await near.http().request({ method: 'POST', url: server.url });
  await near.http().request({ method: 'POST', url: server.url });
  assert.equal(server.requests.length, 2);

  const far = connect(t, { rate: { requests: 1, perMs: 60_000 }, now: () => 5 });
  await far.http().request({ method: 'POST', url: server.url });
  const fault = await faultOf(far.http().request({ method: 'POST', url: server.url }));
  assert.deepEqual([fault.code, fault.retryAfterMs, server.requests.length], ['SB_RATE_LIMITED', 60_000, 3]);
});

test('[VPA-113] every single request is told to the hook with host, status, fault and correlation id', async (t) => {
  const results: HttpResult[] = [];
  const server = await serve(t, ({ path }) => ({ status: path === '/ok' ? 204 : 429 }));
  const { http } = connect(t, { now: () => 5, onResult: (result) => results.push(result) });
  await http().request({ method: 'POST', url: `${server.url}/ok?token=s3cret` });
  await faultOf(http().request({ method: 'POST', url: `${server.url}/busy` }));
  const { host } = new URL(server.url);
  const same = { host, method: 'POST', durationMs: 0, correlationId: 'c-1' };
  assert.deepEqual(results, [
    { ...same, status: 204 },
    { ...same, status: 429, fault: 'SB_RATE_LIMITED' },
  ]);
});

test('closing ends requests that are under way', async (t) => {
  const server = await serve(t, () => 'silent');
  const { connections, http } = connect(t);
  const pending = faultOf(http().request({ method: 'POST', url: server.url }));
  await server.nextRequest();
  await connections.close();
  assert.equal((await pending).code, 'SB_UNAVAILABLE');
});
