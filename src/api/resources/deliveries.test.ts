import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeServices } from '../testing/fake-services.ts';
import { sampleDelivery } from '../testing/sample-rows.ts';
import { ask, post, startApi } from '../testing/start-api.ts';

test('[BR-NOT-013] the status of a delivery and of its every attempt is shown', async (t) => {
  const { url } = await startApi(t, createFakeServices());
  const delivery = (await ask(`${url}/api/v1/deliveries/d1`)).json();
  assert.equal(delivery.status, 'dead');
  assert.deepEqual(delivery.fault, { code: 'SB_REJECTED', message: 'pager.example answered 404' });
  assert.deepEqual(delivery.attempts, [
    {
      number: 1,
      started_at: '2026-03-01T09:29:40.000Z',
      ended_at: '2026-03-01T09:29:41.000Z',
      outcome: 'failed',
      code: 'SB_REJECTED',
      detail: 'pager.example answered 404',
    },
  ]);
});

test('[BR-NOT-013] deliveries are listed by one status or several', async (t) => {
  const services = createFakeServices();
  services.rows.deliveries.push(
    sampleDelivery({ id: 'd2', status: 'pending' }),
    sampleDelivery({ id: 'd3', status: 'delivered' }),
  );
  const { url } = await startApi(t, services);
  const find = async (query: string) =>
    (await ask(`${url}/api/v1/deliveries?${query}`)).json().items?.map(({ id }: { id: string }) => id);
  assert.deepEqual(await find('status=pending'), ['d2']);
  assert.deepEqual(await find('status=pending&status=dead'), ['d1', 'd2']);
  assert.deepEqual(await find('notification_id=n1'), ['d1', 'd2', 'd3']);
  const refused = (await ask(`${url}/api/v1/deliveries?status=lost`)).json();
  assert.equal(refused.status, 400);
  assert.match(refused.detail, /pending, sending, delivered/);
});

test('[BR-ERR-015] a delivery is sent again by hand; the answer comes after it was applied', async (t) => {
  const services = createFakeServices();
  const { url } = await startApi(t, services);
  services.command = async (command) => {
    services.commands.push(command);
    services.rows.deliveries[0] = sampleDelivery({ status: 'pending' });
    return { ok: true };
  };
  const answer = await post(`${url}/api/v1/deliveries/d1/redrive`);
  assert.deepEqual([answer.status, answer.json().status], [200, 'pending']);
  assert.deepEqual(services.commands, [{ kind: 'redrive_delivery', id: 'd1', by: 'api' }]);
});

test('what the state’s owner refuses is refused with its reason', async (t) => {
  const services = createFakeServices();
  const { url } = await startApi(t, services);
  const discard = async () => (await post(`${url}/api/v1/deliveries/d1/discard`)).json();
  services.answer = { ok: false, code: 'conflict', detail: 'it is being sent right now' };
  const conflict = await discard();
  assert.deepEqual(
    [conflict.status, conflict.code, conflict.detail],
    [409, 'conflict', 'it is being sent right now'],
  );
  services.answer = { ok: false, code: 'unavailable', detail: 'the disk is full' };
  assert.equal((await discard()).status, 503);
  services.answer = { ok: false, code: 'not_found', detail: 'there is no such delivery' };
  assert.equal((await discard()).status, 404);
});
