import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '@signalbox/sdk';
import { createFakeServices } from '../testing/fake-services.ts';
import { ask, post, startApi } from '../testing/start-api.ts';

test('[BR-MON-004] every integration is listed with its health', async (t) => {
  const { url } = await startApi(t, createFakeServices());
  const { items } = (await ask(`${url}/api/v1/integrations`)).json();
  assert.deepEqual(
    items.map(({ id }: { id: string }) => id),
    ['pager', 'prom'],
  );
  assert.deepEqual(items[0].health, {
    status: 'degraded',
    since: '2026-03-01T09:29:59.000Z',
    successes: 4,
    failures: 1,
    last_fault: {
      code: 'SB_UNAVAILABLE',
      message: 'pager.example answered 503',
      at: '2026-03-01T09:29:59.000Z',
    },
  });
});

test('a secret setting is never answered', async (t) => {
  const { url } = await startApi(t, createFakeServices());
  const one = await ask(`${url}/api/v1/integrations/pager`);
  assert.equal(one.json().config.url, 'https://pager.example');
  for (const path of [
    '/api/v1/integrations',
    '/api/v1/integrations/pager',
    '/api/v1/status',
    '/api/v1/config',
  ]) {
    assert.doesNotMatch((await ask(url + path)).text, /never-to-be-seen/, path);
  }
});

test('[BR-CFG-008] an integration can be probed; its fault is an answer, not an error', async (t) => {
  const services = createFakeServices();
  const { url } = await startApi(t, services);
  const good = await post(`${url}/api/v1/integrations/pager/probe`);
  assert.deepEqual([good.status, good.json().ok], [200, true]);
  services.onCall = () => {
    throw new Fault('SB_AUTH', 'pager.example refused the token', { field: 'config.token' });
  };
  const bad = await post(`${url}/api/v1/integrations/pager/probe`);
  assert.deepEqual(
    [bad.status, bad.json().ok, bad.json().fault],
    [200, false, { code: 'SB_AUTH', message: 'pager.example refused the token', field: 'config.token' }],
  );
});

test('[BR-NOT-023] a test notification goes out at once through the integration, and says that it is a test', async (t) => {
  const services = createFakeServices();
  const { url } = await startApi(t, services);
  const answer = await post(
    `${url}/api/v1/integrations/pager/test`,
    { status: 'resolved', priority: 'critical' },
    { 'x-correlation-id': 'try-1' },
  );
  assert.deepEqual(
    [answer.json().ok, answer.json().summary, answer.json().vendor_id],
    [true, '202 Accepted', 'v-1'],
  );
  const [sent] = services.sent;
  assert.deepEqual([sent?.notification.status, sent?.notification.priority], ['resolved', 'critical']);
  assert.match(sent?.notification.commonAnnotations['summary'] ?? '', /test notification/);
  assert.deepEqual([sent?.call.correlationId, sent?.call.idempotencyKey], ['try-1', sent?.notification.id]);
  await sent?.call.state.set('thread', '1');
  assert.equal(await sent?.call.state.get('thread'), '1');
});

test('a test without a body sends the sample; a wrong wish is refused with its field', async (t) => {
  const services = createFakeServices();
  const { url } = await startApi(t, services);
  assert.equal((await post(`${url}/api/v1/integrations/pager/test`)).json().ok, true);
  const wrong = (await post(`${url}/api/v1/integrations/pager/test`, { status: 'gone' })).json();
  assert.deepEqual([wrong.status, wrong.code, wrong.field], [422, 'invalid_body', 'status']);
  const unknown = (await post(`${url}/api/v1/integrations/pager/test`, { colour: 'red' })).json();
  assert.deepEqual([unknown.status, unknown.field], [422, 'colour']);
  assert.equal(services.sent.length, 1);
});

test('an integration that only takes signals in cannot be sent anything', async (t) => {
  const { url } = await startApi(t, createFakeServices());
  assert.equal((await post(`${url}/api/v1/integrations/prom/test`)).json().code, 'not_a_notifier');
  assert.equal((await post(`${url}/api/v1/integrations/nobody/test`)).json().code, 'not_found');
});

test('a preview renders a stored notification or a sample and sends nothing', async (t) => {
  const services = createFakeServices();
  const { url } = await startApi(t, services);
  const preview = async (body?: unknown) =>
    (await post(`${url}/api/v1/integrations/pager/preview`, body)).json();
  assert.deepEqual(await preview({ notification_id: 'n1' }), {
    content_type: 'application/json',
    body: '{"id":"n1"}',
  });
  assert.equal((await preview()).content_type, 'application/json');
  assert.deepEqual([(await preview({ notification_id: 'gone' })).status, services.sent.length], [404, 0]);
});
