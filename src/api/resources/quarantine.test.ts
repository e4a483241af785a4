import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeServices } from '../testing/fake-services.ts';
import { sampleQuarantine } from '../testing/sample-rows.ts';
import { ask, post, startApi } from '../testing/start-api.ts';

const { id } = sampleQuarantine();

test('a quarantined signal is listed without its request and shown with it, without credentials', async (t) => {
  const { url } = await startApi(t, createFakeServices());
  const { items } = (await ask(`${url}/api/v1/quarantine?status=held`)).json();
  assert.deepEqual([items.length, items[0].problem.code, 'request' in items[0]], [1, 'wrong_shape', false]);
  const one = await ask(`${url}/api/v1/quarantine/${id}`);
  assert.equal(one.json().request.content_type, 'application/json');
  assert.doesNotMatch(one.text, /hidden/);
});

test('a quarantined signal is read anew or given up; one that still can’t be read is a conflict', async (t) => {
  const services = createFakeServices();
  const { url } = await startApi(t, services);
  assert.equal((await post(`${url}/api/v1/quarantine/${id}/redrive`)).status, 200);
  assert.equal((await post(`${url}/api/v1/quarantine/${id}/discard`)).status, 200);
  assert.deepEqual(services.commands, [
    { kind: 'settle_quarantine', id, status: 'redriven' },
    { kind: 'settle_quarantine', id, status: 'discarded' },
  ]);
  services.answer = { ok: false, code: 'conflict', detail: 'alerts[0].labels must be an object of strings' };
  const still = (await post(`${url}/api/v1/quarantine/${id}/redrive`)).json();
  assert.deepEqual([still.status, still.detail], [409, 'alerts[0].labels must be an object of strings']);
});
