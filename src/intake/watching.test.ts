import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAccessLog } from './access-log.ts';
import { endpoint, send, startIntake } from './testing-server.ts';

test('[BR-WH-025] every request leaves one access line, without credentials, query or body', async (t) => {
  let text = '';
  const accessLog = createAccessLog((lines) => (text += lines));
  const server = await startIntake(t, [endpoint()], { accessLog, trustedProxies: ['127.0.0.1'] });
  await send(server, { path: '/hooks/prom?key=secret-query', headers: { 'x-forwarded-for': '203.0.113.9' } });
  await send(server, { headers: { authorization: 'Bearer secret-token' }, body: '{"secret":"body"}' });
  await send(server, { method: 'GET' });
  await server.intake.drain();
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ integration, method, path, remote, status, outcome }) => [
      integration,
      method,
      path,
      remote,
      status,
      outcome,
    ]),
    [
      ['prom', 'POST', '/hooks/prom', '203.0.113.9', 202, 'accepted'],
      ['prom', 'POST', '/hooks/prom', '127.0.0.1', 401, 'unauthenticated'],
      ['prom', 'GET', '/hooks/prom', '127.0.0.1', 405, 'method_not_allowed'],
    ],
  );
  for (const line of lines) assert.match(line.request_id, /^[0-9a-f]{32}$/);
  assert.doesNotMatch(text, /secret/);
});

test('metrics tell signals, refusals, bytes, latency and the two rates of the requirements', async (t) => {
  const server = await startIntake(t, [endpoint()]);
  await send(server);
  await send(server);
  await send(server, { body: '{' });
  await send(server, { headers: { authorization: null } });
  const text = await server.metrics.text();
  for (const line of [
    'signalbox_intake_in_flight 0',
    'signalbox_intake_signals_total{integration="prom",outcome="accepted"} 2',
    'signalbox_intake_signals_total{integration="prom",outcome="quarantined"} 1',
    'signalbox_intake_refused_total{integration="prom",reason="unauthenticated"} 1',
    'signalbox_intake_acknowledge_seconds_count 2',
    'webhook_delivery_success_rate{integration="prom"} 0.5',
    'authentication_failure_rate{integration="prom"} 0.25',
  ]) {
    assert.ok(text.includes(`${line}\n`), line);
  }
});

test('the rates forget what is older than five minutes', async (t) => {
  let now = 1_000_000;
  const server = await startIntake(t, [endpoint()], { now: () => now });
  await send(server, { headers: { authorization: null } });
  assert.match(await server.metrics.text(), /authentication_failure_rate\{integration="prom"\} 1\n/);
  now += 400_000;
  await send(server);
  assert.match(await server.metrics.text(), /authentication_failure_rate\{integration="prom"\} 0\n/);
});
