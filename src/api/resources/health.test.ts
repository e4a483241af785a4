import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeServices } from '../testing/fake-services.ts';
import { ask, startApi, startHealth } from '../testing/start-api.ts';

/** As somebody from elsewhere: a name that is not loopback is enough to count as that. */
const stranger = { host: 'hub.example' };

test('/readyz names each part that is not ready, and is 503 only for those that the hub needs', async (t) => {
  const services = createFakeServices();
  const { url } = await startApi(t, services);
  const degraded = await ask(`${url}/readyz`);
  assert.deepEqual(
    [degraded.status, degraded.json()],
    [
      200,
      {
        status: 'ready',
        parts: [{ part: 'integration:pager', ready: false, required: false, detail: 'refused the token' }],
      },
    ],
  );
  assert.equal((await ask(`${url}/readyz?verbose`)).json().parts.length, 2);

  services.parts = [{ part: 'journal', ready: false, required: true, detail: 'the disk is full' }];
  const full = await ask(`${url}/readyz`);
  assert.deepEqual([full.status, full.json().parts[0].detail], [503, 'the disk is full']);
});

test('beyond this machine a bare status is for everybody, details and metrics need a token', async (t) => {
  const { url } = await startApi(t, createFakeServices({ apiTokens: ['t0ken'] }));
  const ofToken = { ...stranger, authorization: 'Bearer t0ken' };
  assert.deepEqual((await ask(`${url}/livez`, { headers: stranger })).json(), { status: 'alive' });
  assert.deepEqual((await ask(`${url}/readyz?verbose`, { headers: stranger })).json(), { status: 'ready' });
  assert.equal((await ask(`${url}/readyz`, { headers: ofToken })).json().parts.length, 1);
  assert.equal((await ask(`${url}/metrics`, { headers: stranger })).status, 401);
  assert.equal((await ask(`${url}/metrics`, { headers: ofToken })).text, 'signalbox_up 1\n');
  assert.equal((await ask(`${url}/metrics`)).status, 200, 'loopback needs no token');
});

test('without tokens nobody beyond this machine sees the metrics', async (t) => {
  const { url } = await startApi(t, createFakeServices());
  assert.equal((await ask(`${url}/metrics`, { headers: stranger })).status, 403);
});

test('[VPA-114] the status-only port answers health and metrics to everybody and nothing else to anybody', async (t) => {
  const url = await startHealth(t, createFakeServices({ apiTokens: ['t0ken'] }));
  assert.equal((await ask(`${url}/livez`, { headers: stranger })).status, 200);
  assert.equal((await ask(`${url}/readyz?verbose`, { headers: stranger })).json().parts.length, 2);
  const metrics = await ask(`${url}/metrics`, { headers: stranger });
  assert.match(String(metrics.headers['content-type']), /^text\/plain; version=0\.0\.4/);
  for (const path of ['/api/v1/alerts', '/api/openapi.json', '/hooks/prom', '/']) {
    const answer = await ask(url + path, { headers: { authorization: 'Bearer t0ken' } });
    assert.ok([401, 403, 404].includes(answer.status), `${path}: ${answer.status}`);
    assert.doesNotMatch(answer.text, /items|openapi/);
  }
});
