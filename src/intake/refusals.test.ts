import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { gunzipSync, brotliDecompressSync, gzipSync } from 'node:zlib';
import { test } from 'node:test';
import { Fault } from '@signalbox/sdk';
import { ALERT, endpoint, plainSource, send, startIntake, type Answer } from './testing-server.ts';

/** What every refusal must look like (RFC 9457). */
function assertProblem(answer: Answer, status: number, code: string): void {
  assert.equal(answer.status, status, answer.body.toString());
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  const { json } = answer;
  assert.equal(json['code'], code);
  assert.equal(json['type'], `/problems/${code}`);
  assert.equal(json['status'], status);
  assert.match(json['correlation_id'], /^[0-9a-f]{32}$/);
  assert.ok(json['title'] && json['detail']);
}

test('[BR-WH-011] [ADR6-046] each kind of request gets its own status code', async (t) => {
  const server = await startIntake(t, [endpoint({ limits: { bodyBytes: 1_000 } as never })]);
  const cases: [Parameters<typeof send>[1], number, string][] = [
    [{ headers: { authorization: null } }, 401, 'unauthenticated'],
    [{ path: '/hooks/nobody' }, 404, 'not_found'],
    [{ path: '//hooks/prom' }, 404, 'not_found'],
    [{ path: '/hooks/%70rom' }, 404, 'not_found'],
    [{ path: '/x/../hooks/prom' }, 404, 'not_found'],
    [{ method: 'GET' }, 405, 'method_not_allowed'],
    [{ method: 'PUT' }, 405, 'method_not_allowed'],
    [{ body: '{"labels":' }, 400, 'malformed_body'],
    [{ body: '' }, 400, 'malformed_body'],
    [{ body: Buffer.from([0x22, 0xff, 0x22]) }, 400, 'malformed_body'],
    [{ body: Buffer.from('{"labels":{}}', 'utf16le') }, 400, 'malformed_body'],
    [{ body: '['.repeat(40) + ']'.repeat(40) }, 400, 'too_deep'],
    [{ headers: { 'content-encoding': 'gzip' } }, 400, 'malformed_encoding'],
    [{ body: 'x'.repeat(1_001) }, 413, 'body_too_large'],
    [{ headers: { 'content-type': 'image/png' } }, 415, 'unsupported_media_type'],
    [{ headers: { 'content-type': null } }, 415, 'unsupported_media_type'],
    [{ headers: { 'content-type': 'application/json; charset=latin1' } }, 415, 'unsupported_media_type'],
    [{ headers: { 'content-encoding': 'compress' } }, 415, 'unsupported_encoding'],
    [{ headers: { 'content-encoding': 'gzip, gzip' } }, 415, 'unsupported_encoding'],
    [{ headers: { expect: 'a-miracle' } }, 417, 'expectation_failed'],
    [{ body: '[]' }, 422, 'wrong_shape'],
  ];
  for (const [given, status, code] of cases) assertProblem(await send(server, given), status, code);
  assert.equal((await send(server)).status, 202);
  assert.equal((await send(server, { method: 'GET' })).headers.allow, 'POST');
  const head = await send(server, { method: 'HEAD' });
  assert.deepEqual([head.status, head.body.length], [405, 0]);
});

test('[BR-WH-003] [BR-WH-012] [ADR6-043] a wrong shape is answered with the path of the field', async (t) => {
  const server = await startIntake(t, [endpoint()]);
  const body = JSON.stringify({ alerts: [{ labels: { alertname: 'ok' } }, { annotations: {} }] });
  const answer = await send(server, { body });
  assertProblem(answer, 422, 'wrong_shape');
  assert.equal(answer.json['field'], 'alerts[1].labels');
  const broken = await send(server, { body: '{\n  "labels": {,}\n}' });
  assert.match(broken.json['detail'], /line 2, column 14/);
  assert.doesNotMatch(broken.json['detail'], /labels/, 'the body is not quoted back');
});

test('an authenticated signal that can not be understood is kept and has a receipt', async (t) => {
  const server = await startIntake(t, [endpoint()]);
  const answer = await send(server, { path: '/hooks/prom?a=1', body: '{' });
  assertProblem(answer, 400, 'malformed_body');
  const { body, key } = server.journal.records[0]!;
  assert.equal(key, 'default/prom');
  assert.ok(body.kind === 'quarantine');
  assert.ok(answer.json['receipt'].startsWith(body.meta.signal));
  assert.ok(answer.json['status_url'].endsWith(answer.json['receipt']));
  assert.equal(body.problem.code, 'malformed_body');
  assert.deepEqual(body.request, {
    method: 'POST',
    path: '/hooks/prom?a=1',
    contentType: 'application/json',
    headers: {},
    body: Buffer.from('{').toString('base64'),
  });
});

test('what was refused before it was proven or measured is not kept', async (t) => {
  const server = await startIntake(t, [endpoint({ limits: { bodyBytes: 100 } as never })]);
  await send(server, { headers: { authorization: 'Bearer wrong' }, body: '{' });
  await send(server, { body: '{'.repeat(200) });
  await send(server, { headers: { 'content-type': 'image/png' }, body: '{' });
  assert.equal(server.journal.records.length, 0);
});

test('a full or broken journal is answered 503 with a time to come back, and nothing is acknowledged', async (t) => {
  const server = await startIntake(t, [endpoint()]);
  for (const [code, body] of [
    ['journal_full', ALERT],
    ['journal_unavailable', ALERT],
    ['journal_unavailable', 'not JSON: to be quarantined'],
  ] as const) {
    server.journal.refusal = Object.assign(new Error('disk /data/journal.db is gone'), { code });
    const answer = await send(server, { body });
    assertProblem(answer, 503, code);
    assert.ok(Number(answer.headers['retry-after']) > 0);
    assert.doesNotMatch(answer.body.toString(), /journal\.db/);
  }
  server.journal.refusal = undefined;
  assert.equal((await send(server)).status, 202, 'and it recovers');
  assert.equal(server.journal.records.length, 1);
});

test('a bug of ours is answered 503, logged under the correlation id, and leaks nothing', async (t) => {
  const server = await startIntake(t, [endpoint()]);
  server.journal.refusal = new TypeError('secret inside at /src/x.ts');
  const answer = await send(server);
  assertProblem(answer, 503, 'internal');
  assert.doesNotMatch(answer.body.toString(), /secret inside|x\.ts|TypeError/);
  assert.ok(
    server.logged.some(
      (line) => line.includes(answer.json['correlation_id']) && line.includes('secret inside'),
    ),
  );
});

test('a source that returns nonsense has the signal quarantined instead of making it durable', async (t) => {
  const nonsense: unknown[] = [undefined, [{}], [{ status: 'firing', labels: { n: 1 }, annotations: {} }]];
  for (const result of nonsense) {
    const server = await startIntake(t, [endpoint({}, { parse: () => result as never })]);
    assertProblem(await send(server), 422, 'unreadable_signal');
    assert.equal(server.journal.records[0]?.body.kind, 'quarantine');
  }
});

test('[BR-WH-009] a body that does not arrive in time is answered 408', async (t) => {
  const server = await startIntake(t, [endpoint({ limits: { timeoutMs: 20 } as never })]);
  const answer = await new Promise<{ status: number; code: string }>((resolve, reject) => {
    const request = httpRequest({
      port: server.port,
      path: '/hooks/prom',
      method: 'POST',
      headers: {
        authorization: 'Bearer good-token',
        'content-type': 'application/json',
        'content-length': 100,
      },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode!, code: JSON.parse(text).code }));
    });
    request.write('{"labels"');
  });
  assert.deepEqual(answer, { status: 408, code: 'body_too_slow' });
  assert.equal((await send(server)).status, 202);
});

test('[BR-WH-023] [ADR6-044] requests over the rate are refused with the time to come back', async (t) => {
  let now = 1_000_000;
  const limits = { ratePerSecond: 0.5, burst: 2 } as never;
  const server = await startIntake(t, [endpoint({ limits })], { now: () => now });
  assert.equal((await send(server, { headers: { authorization: 'Bearer wrong' } })).status, 401);
  assert.equal((await send(server)).status, 202);
  assert.equal((await send(server)).status, 202, 'the unproven request took nothing of the burst');
  const refused = await send(server);
  assertProblem(refused, 429, 'rate_limited');
  assert.equal(refused.headers['retry-after'], '2');
  server.intake.replace([endpoint({ limits })]);
  assert.equal((await send(server)).status, 429, 'a reload does not fill the bucket');
  now += 2_000;
  assert.equal((await send(server)).status, 202);
});

test('many large bodies at once are bounded in memory: 503, and none is lost silently', async (t) => {
  const server = await startIntake(t, [endpoint()], { maxHeldBytes: 100_000 });
  const large = JSON.stringify({ labels: { alertname: 'Big', text: 'x'.repeat(60_000) } });
  let write = (): void => undefined;
  server.journal.hold = new Promise((resolve) => (write = resolve));
  const first = send(server, { body: large });
  while (server.intake.inFlight() === 0) await new Promise((resolve) => setImmediate(resolve));
  const second = await send(server, { body: large });
  assertProblem(second, 503, 'overloaded');
  write();
  assert.equal((await first).status, 202);
  server.journal.hold = undefined;
  assert.equal((await send(server, { body: large })).status, 202, 'the memory is given back');
});

test('a body that inflates beyond its limit is refused, one within it is taken', async (t) => {
  const server = await startIntake(t, [endpoint({ limits: { inflatedBytes: 10_000 } as never })]);
  const bomb = gzipSync(JSON.stringify({ labels: { alertname: ' '.repeat(1_000_000) } }));
  assertProblem(
    await send(server, { headers: { 'content-encoding': 'gzip' }, body: bomb }),
    413,
    'body_too_large',
  );
  const small = await send(server, { headers: { 'content-encoding': 'GZIP' }, body: gzipSync(ALERT) });
  assert.equal(small.status, 202);
  assert.equal((await send(server, { headers: { 'content-encoding': 'identity' } })).status, 202);
});

test('[BR-WH-013] a large answer is compressed as the client accepts it, a small one is not', async (t) => {
  const fields = Array.from({ length: 60 }, (_, index) => `alerts[${index}].labels is missing`).join('; ');
  const source = {
    ...plainSource,
    parse(): never {
      throw new Fault('SB_REJECTED', fields);
    },
  };
  const server = await startIntake(t, [endpoint({}, source)]);
  const plain = await send(server);
  assert.equal(plain.json['detail'], fields);
  for (const [accepted, coding, inflate] of [
    ['gzip, br;q=0', 'gzip', gunzipSync],
    ['deflate, br', 'br', brotliDecompressSync],
  ] as const) {
    const packed = await send(server, { headers: { 'accept-encoding': accepted } });
    assert.equal(packed.headers['content-encoding'], coding);
    assert.equal(packed.headers.vary, 'accept-encoding');
    assert.ok(packed.body.length < plain.body.length / 3);
    assert.equal(JSON.parse(inflate(packed.body).toString()).detail, fields);
  }
  const small = await send(server, { method: 'GET', headers: { 'accept-encoding': 'gzip' } });
  assert.equal(small.headers['content-encoding'], undefined);
});
