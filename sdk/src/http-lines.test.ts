import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFault } from './fault.ts';
import { createTestCertificate } from './testing/certificate.ts';
import type { FakeStream } from './testing/fake-server.ts';
import { connect, faultOf, serve } from './testing/http-calls.ts';

test('lines come while the answer goes on, whole however the bytes are cut, and half a line at the end is dropped', async (t) => {
  const { promise: first, resolve: onFirst } = Promise.withResolvers<string>();
  const { promise: stream, resolve: onStream } = Promise.withResolvers<FakeStream>();
  const server = await serve(t, () => ({ stream: onStream }));
  const lines: string[] = [];
  let opened = 0;
  const read = connect(t)
    .http()
    .readLines(
      { method: 'GET', url: server.url },
      {
        onOpen: () => (opened += 1),
        onLine: (line) => {
          lines.push(line);
          onFirst(line);
        },
      },
    );
  const { write, end } = await stream;
  write('{"a":"hä');
  write('user"}\n\n{"b":');
  assert.equal(await first, '{"a":"häuser"}');
  write('1}\nhalf');
  end();
  await read;
  assert.deepEqual(lines, ['{"a":"häuser"}', '', '{"b":1}']);
  assert.equal(opened, 1);
});

test('a status outside 2xx is the fault that it is for every request, and nothing is read', async (t) => {
  for (const [status, code] of [
    [401, 'SB_AUTH'],
    [410, 'SB_REJECTED'],
    [429, 'SB_RATE_LIMITED'],
    [503, 'SB_UNAVAILABLE'],
  ] as const) {
    const server = await serve(t, () => ({ status, headers: { 'retry-after': '7' }, body: 'no\nno\n' }));
    const read = connect(t)
      .http()
      .readLines({ method: 'GET', url: server.url }, { onLine: () => assert.fail('a line was read') });
    const fault = await faultOf(read);
    assert.deepEqual([fault.code, fault.status], [code, status]);
  }
});

test('a stream that breaks off is SB_UNAVAILABLE, and does not count against the vendor', async (t) => {
  const server = await serve(t, () => ({
    stream: ({ write, cut }) => {
      write('one\n');
      setImmediate(cut);
    },
  }));
  const { http } = connect(t, { breaker: { failures: 1, cooldownMs: 60_000 } });
  for (let n = 0; n < 2; n += 1) {
    const fault = await faultOf(http().readLines({ method: 'GET', url: server.url }, { onLine: () => {} }));
    assert.equal(fault.code, 'SB_UNAVAILABLE');
  }
  assert.equal(server.requests.length, 2);
});

test('a vendor that is silent for too long is SB_UNAVAILABLE', async (t) => {
  const server = await serve(t, () => ({ stream: ({ write }) => write('one\n') }));
  const reader = { onLine: () => {}, silenceMs: 50 };
  const fault = await faultOf(connect(t).http().readLines({ method: 'GET', url: server.url }, reader));
  assert.equal(fault.code, 'SB_UNAVAILABLE');
  assert.match(fault.message, /stopped in the middle/);
});

test('a line over the limit ends the stream, also when its end never comes; one at the limit is read', async (t) => {
  for (const [text, read] of [
    [`${'x'.repeat(10)}\n${'x'.repeat(11)}\n`, 1],
    ['x'.repeat(11), 0],
  ] as const) {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const server = await serve(t, () => ({
      stream: (stream) => {
        stream.write(text);
        void stream.closed.then(resolve);
      },
    }));
    const lines: string[] = [];
    const reader = { lineBytes: 10, onLine: (line: string) => void lines.push(line) };
    const fault = await faultOf(connect(t).http().readLines({ method: 'GET', url: server.url }, reader));
    assert.equal(fault.code, 'SB_UNAVAILABLE');
    assert.equal(lines.length, read);
    await closed;
  }
});

test('an abort ends the stream at once and closes the connection', async (t) => {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const server = await serve(t, () => ({ stream: (stream) => void stream.closed.then(resolve) }));
  const abort = new AbortController();
  const reader = { onLine: () => {}, onOpen: () => abort.abort() };
  const read = connect(t).http(abort.signal).readLines({ method: 'GET', url: server.url }, reader);
  const fault = await faultOf(read);
  assert.match(fault.message, /cancelled/);
  await closed;
});

test('the reader has an end of its own, which leaves the call as it is', async (t) => {
  const server = await serve(t, ({ path }) => (path === '/watch' ? { stream: () => {} } : { body: {} }));
  const http = connect(t).http();
  const end = new AbortController();
  const reader = { onLine: () => {}, onOpen: () => end.abort(), signal: end.signal };
  const fault = await faultOf(http.readLines({ method: 'GET', url: `${server.url}/watch` }, reader));
  assert.equal(fault.code, 'SB_UNAVAILABLE');
  assert.equal((await http.request({ method: 'GET', url: server.url })).status, 200);
});

test('what the reader throws comes out as it is', async (t) => {
  const server = await serve(t, () => ({ stream: ({ write }) => write('one\n') }));
  const bug = new TypeError('a bug of the reader');
  const reader = {
    onLine: () => {
      throw bug;
    },
  };
  const read = connect(t).http().readLines({ method: 'GET', url: server.url }, reader);
  await assert.rejects(read, (error) => error === bug && !isFault(error));
});

test('streams take no connection of ordinary requests', async (t) => {
  const server = await serve(t, ({ path }) => (path === '/watch' ? { stream: () => {} } : { body: {} }));
  const { http } = connect(t, { connections: 1 });
  const abort = new AbortController();
  const { promise: open, resolve: onOpen } = Promise.withResolvers<void>();
  const watch = http(abort.signal).readLines(
    { method: 'GET', url: `${server.url}/watch` },
    { onLine: () => {}, onOpen },
  );
  await open;
  assert.equal((await http().request({ method: 'GET', url: `${server.url}/list` })).status, 200);
  abort.abort();
  await faultOf(watch);
});

test('a request may bring its own trust and client certificate, and nothing of them reaches another request', async (t) => {
  const certificate = createTestCertificate(['127.0.0.1']);
  const client = createTestCertificate(['client']);
  const server = await serve(t, () => ({ stream: ({ end }) => end() }), {
    tls: { ...certificate, clientCa: client.cert },
  });
  const { http } = connect(t);
  const request = { method: 'GET', url: server.url } as const;
  const tls = { ca: certificate.cert, cert: client.cert, key: client.key };
  assert.equal((await http().request({ ...request, tls })).status, 200);
  await http().readLines({ ...request, tls }, { onLine: () => {} });
  const refused = await faultOf(http().request(request));
  assert.match(refused.message, /certificate that does not verify/);
  const unknown = await faultOf(http().request({ ...request, tls: { insecure: true } }));
  assert.notEqual(unknown.code, 'SB_REJECTED');
  assert.equal(server.requests.length, 2);
});
