import assert from 'node:assert/strict';
import { createConnection } from 'node:net';
import { describe, test } from 'node:test';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { StoreUnavailable } from '../store/port.ts';
import { createFakeServices } from './testing/fake-services.ts';
import { sampleAlert } from './testing/sample-rows.ts';
import { ask, post, startApi } from './testing/start-api.ts';

describe('who is served', () => {
  test('without tokens only programs of this machine are, by a loopback name and without a proxy', async (t) => {
    const { url } = await startApi(t, createFakeServices());
    const status = async (headers: Record<string, string>) =>
      (await ask(`${url}/api/v1/alerts`, { headers })).status;
    assert.equal(await status({}), 200);
    assert.equal(await status({ host: 'localhost:8080' }), 200);
    assert.equal(await status({ host: 'rebound.example' }), 403);
    assert.equal(await status({ 'x-forwarded-for': '203.0.113.9' }), 403);
  });

  test('with tokens everything of the API needs one, what does not exist included', async (t) => {
    const { url } = await startApi(t, createFakeServices({ apiTokens: ['old', 'new'] }));
    for (const path of [
      '/api/v1/alerts',
      '/api/openapi.json',
      '/api/v1/nothing',
      '/%61pi/v1/alerts',
      '//api/v1/alerts',
      '/',
    ]) {
      const refused = await ask(url + path);
      assert.deepEqual(
        [path, refused.status, refused.headers['www-authenticate']],
        [path, 401, 'Bearer realm="signalbox"'],
      );
      assert.equal((await ask(url + path, { headers: { authorization: 'Bearer wrong' } })).status, 401);
    }
    for (const token of ['old', 'new']) {
      assert.equal(
        (await ask(`${url}/api/v1/alerts`, { headers: { authorization: `Bearer ${token}` } })).status,
        200,
      );
    }
  });

  test('a page of another site can change nothing', async (t) => {
    const services = createFakeServices();
    const { url } = await startApi(t, services);
    const foreign = await post(`${url}/api/v1/deliveries/d1/discard`, undefined, {
      origin: 'https://evil.example',
    });
    assert.deepEqual([foreign.status, foreign.json().code], [403, 'cross_origin']);
    assert.deepEqual(services.commands, []);
    assert.equal((await post(`${url}/api/v1/deliveries/d1/discard`, undefined, { origin: url })).status, 200);
  });
});

describe('what is refused', () => {
  test('a problem has a stable type, a code, words for people, and the correlation id of the answer', async (t) => {
    const { url } = await startApi(t, createFakeServices());
    const answer = await ask(`${url}/api/v1/alerts?limit=0`, { headers: { 'x-correlation-id': 'mine-1' } });
    assert.equal(answer.headers['content-type'], 'application/problem+json');
    assert.equal(answer.headers['x-correlation-id'], 'mine-1');
    assert.deepEqual(answer.json(), {
      type: '/problems/invalid_parameter',
      title: 'A parameter is wrong',
      status: 400,
      code: 'invalid_parameter',
      detail: 'limit must be >= 1.',
      field: 'limit',
      correlation_id: 'mine-1',
    });
  });

  test('a method that an address does not take is 405 with those that it takes, an address that is none 404', async (t) => {
    const { url } = await startApi(t, createFakeServices());
    const other = async (method: string, path: string) => {
      const { status, headers } = await ask(url + path, { method });
      return [status, headers.allow];
    };
    assert.deepEqual(await other('DELETE', '/api/v1/alerts?limit=1'), [405, 'GET, HEAD']);
    assert.deepEqual(await other('PUT', '/api/v1/approvals'), [405, 'GET, HEAD, POST']);
    assert.deepEqual(await other('GET', '/api/v1/approvals/a_1/approve'), [405, 'POST']);
    assert.deepEqual(await other('GET', '/api/v1/alert'), [404, undefined]);
    assert.deepEqual(await other('POST', '/api/v1/alerts/'), [404, undefined]);
  });

  test('wrong parameters are named, all unknown ones at once', async (t) => {
    const { url } = await startApi(t, createFakeServices());
    const detail = async (query: string) => (await ask(`${url}/api/v1/alerts?${query}`)).json().detail;
    assert.equal(await detail('statuz=firing&x=1'), 'Not known here: “statuz”, “x”.');
    assert.match(await detail('status=burning'), /^status .*firing, resolved\.$/);
    assert.match(await detail('limit=many'), /^limit must be integer/);
    assert.match(await detail('limit=1&limit=2'), /^limit must be integer/);
    assert.match(await detail('limit='), /^limit must be integer/);
    assert.match(await detail('tenant='), /^tenant/);
  });

  test('what can’t be read is the caller’s mistake, never ours', async (t) => {
    const { url, logged } = await startApi(t, createFakeServices());
    const address = `${url}/api/v1/integrations/pager/test`;
    const json = { 'content-type': 'application/json' };
    const status = async (headers: Record<string, string>, body: string) =>
      (await ask(address, { method: 'POST', headers, body })).status;
    assert.equal(await status(json, '{"status":'), 400);
    assert.equal(await status(json, '{"__proto__":{"status":"firing"}}'), 400);
    assert.equal(await status(json, ''), 400);
    assert.equal(await status({ 'content-type': 'text/plain' }, '{}'), 415);
    assert.equal(await status({ 'content-type': 'application/xml' }, '<a/>'), 415);
    assert.equal(await status(json, JSON.stringify({ status: 'x'.repeat(1_100_000) })), 413);
    assert.equal((await ask(`${url}/api/v1/alerts/%zz`)).status, 400);
    assert.equal((await ask(`${url}/api/v1/alerts/${'f'.repeat(500)}`)).status, 404);
    assert.deepEqual(logged, []);
  });

  test('an error of the hub tells the caller nothing and the log everything', async (t) => {
    const services = createFakeServices();
    services.reader.counts = async () => {
      throw new Error('no such column: hidden');
    };
    const { url, logged } = await startApi(t, services);
    const answer = await ask(`${url}/api/v1/status`);
    assert.equal(answer.status, 500);
    assert.doesNotMatch(answer.text, /hidden|column/);
    assert.equal(logged.length, 1);
    assert.match(String(logged[0]?.['error']), /no such column: hidden[\s\S]*at /);
    assert.equal(logged[0]?.['correlation_id'], answer.json().correlation_id);
  });

  test('a store that refuses is 503 with a time to wait', async (t) => {
    const services = createFakeServices();
    services.reader.alerts = async () => {
      throw new StoreUnavailable('disk I/O error');
    };
    const { url } = await startApi(t, services);
    const answer = await ask(`${url}/api/v1/alerts`);
    assert.deepEqual(
      [answer.status, answer.headers['retry-after'], answer.json().code],
      [503, '5', 'unavailable'],
    );
  });
});

describe('every answer', () => {
  test('forbids browsers to cache, frame, sniff or run it, whether good or bad', async (t) => {
    const { url } = await startApi(t, createFakeServices());
    for (const path of ['/api/v1/alerts', '/api/v1/nothing', '/livez', '/metrics', '/%zz']) {
      const { headers } = await ask(url + path);
      assert.equal(headers['cache-control'], 'no-store', path);
      assert.equal(headers['x-content-type-options'], 'nosniff', path);
      assert.equal(headers['content-security-policy'], "default-src 'none'; frame-ancestors 'none'", path);
      assert.match(String(headers['x-correlation-id']), /^[0-9a-f]{32}$/, path);
      assert.equal(headers['access-control-allow-origin'], undefined, path);
    }
  });

  test('[BR-WH-013] is compressed when it is large and the client can read that', async (t) => {
    const services = createFakeServices();
    for (let index = 0; index < 50; index++) services.rows.alerts.push(sampleAlert());
    const { url } = await startApi(t, services);
    const plain = await ask(`${url}/api/v1/alerts`);
    assert.deepEqual(
      [plain.headers['content-encoding'], plain.headers['vary']],
      [undefined, 'accept-encoding'],
    );
    const inflate = { br: brotliDecompressSync, gzip: gunzipSync, zstd: zstdDecompressSync };
    for (const [encoding, decompress] of Object.entries(inflate)) {
      const packed = await ask(`${url}/api/v1/alerts`, { headers: { 'accept-encoding': encoding } });
      assert.equal(packed.headers['content-encoding'], encoding);
      assert.ok(packed.bytes.length * 5 < plain.bytes.length);
      assert.equal(decompress(packed.bytes).toString(), plain.text);
    }
    const small = await ask(`${url}/livez`, { headers: { 'accept-encoding': 'gzip' } });
    assert.equal(small.headers['content-encoding'], undefined);
  });

  test('is counted by route, not by address, and logged when the access log is on', async (t) => {
    const { url, metrics, logged } = await startApi(t, createFakeServices({ accessLog: true }));
    await ask(`${url}/api/v1/deliveries/d1`, { headers: { 'x-correlation-id': 'c-1' } });
    await ask(`${url}/api/v1/deliveries/d2`);
    await ask(`${url}/nothing/here`);
    const text = await metrics.text();
    assert.match(
      text,
      /^signalbox_api_requests_total\{method="GET",route="\/api\/v1\/deliveries\/:id",status="200"\} 1$/m,
    );
    assert.match(
      text,
      /^signalbox_api_requests_total\{method="GET",route="\/api\/v1\/deliveries\/:id",status="404"\} 1$/m,
    );
    assert.match(text, /^signalbox_api_requests_total\{method="GET",route="unmatched",status="404"\} 1$/m);
    assert.match(text, /^signalbox_api_request_duration_seconds_count\{.*route="unmatched".*\} 1$/m);
    const [line] = logged;
    assert.deepEqual(
      [line?.['msg'], line?.['route'], line?.['status'], line?.['correlation_id']],
      ['api request', '/api/v1/deliveries/:id', 200, 'c-1'],
    );
  });
});

test('a HEAD is a GET without its body', async (t) => {
  const { url } = await startApi(t, createFakeServices());
  const answer = await ask(`${url}/api/v1/alerts`, { method: 'HEAD' });
  assert.deepEqual([answer.status, answer.text], [200, '']);
});

test('a client that goes away in the middle of its body disturbs nobody', async (t) => {
  const { url, logged } = await startApi(t, createFakeServices());
  const socket = createConnection({ port: Number(new URL(url).port), host: '127.0.0.1' });
  const gone = new Promise((resolve) => socket.on('close', resolve));
  socket.write(
    'POST /api/v1/integrations/pager/test HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{"st',
  );
  await ask(`${url}/livez`);
  socket.destroy();
  await gone;
  assert.equal((await ask(`${url}/livez`)).status, 200);
  assert.deepEqual(
    logged.filter((line) => line['level'] === 'error'),
    [],
  );
});
