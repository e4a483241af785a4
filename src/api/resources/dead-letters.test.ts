import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeServices } from '../testing/fake-services.ts';
import { sampleDelivery, sampleQuarantine } from '../testing/sample-rows.ts';
import { ask, post, startApi } from '../testing/start-api.ts';

const SIGNAL = sampleQuarantine().id;

test('[BR-ERR-009] dead deliveries and held signals are one list, page by page, each once', async (t) => {
  const services = createFakeServices();
  services.rows.deliveries.push(
    sampleDelivery({ id: 'd2' }),
    sampleDelivery({ id: 'sent', status: 'delivered' }),
  );
  services.rows.quarantine.push(
    sampleQuarantine({ id: 'q2' }),
    sampleQuarantine({ id: 'settled', status: 'discarded' }),
  );
  const { url } = await startApi(t, services);
  for (const limit of [1, 2, 3, 4, 10]) {
    const seen: string[] = [];
    let address: string | undefined = `${url}/api/v1/dead-letters?limit=${limit}`;
    while (address !== undefined) {
      const page = (await ask(address)).json();
      assert.ok(page.items.length <= limit);
      seen.push(...page.items.map(({ id }: { id: string }) => id));
      address =
        page.next && `${url}/api/v1/dead-letters?limit=${limit}&cursor=${encodeURIComponent(page.next)}`;
    }
    assert.deepEqual(seen, ['d1', 'd2', SIGNAL, 'q2'], `by ${limit}`);
  }
});

test('[BR-ERR-009] each kind can be listed alone and shows why it is stuck', async (t) => {
  const { url } = await startApi(t, createFakeServices());
  const list = async (query: string) => (await ask(`${url}/api/v1/dead-letters?${query}`)).json();
  const [delivery] = (await list('kind=delivery')).items;
  assert.deepEqual([delivery.kind, delivery.reason], ['delivery', 'SB_REJECTED: pager.example answered 404']);
  const signals = (await list('kind=signal')).items;
  assert.deepEqual([signals.length, signals[0].signal.problem.field], [1, 'alerts[0].labels']);
  assert.equal((await list('cursor=x')).code, 'invalid_cursor');
});

test('[BR-ERR-009] [BR-ERR-015] a dead letter of either kind is re-driven or given up under one address', async (t) => {
  const services = createFakeServices();
  const { url } = await startApi(t, services);
  for (const [id, act] of [
    ['d1', 'redrive'],
    ['d1', 'discard'],
    [SIGNAL, 'redrive'],
    [SIGNAL, 'discard'],
  ] as const) {
    const answer = await post(`${url}/api/v1/dead-letters/${id}/${act}`);
    assert.deepEqual(
      [answer.status, answer.json().outcome],
      [200, act === 'redrive' ? 'redriven' : 'discarded'],
    );
  }
  assert.deepEqual(services.commands, [
    { kind: 'redrive_delivery', id: 'd1', by: 'api' },
    { kind: 'discard_delivery', id: 'd1' },
    { kind: 'settle_quarantine', id: SIGNAL, status: 'redriven' },
    { kind: 'settle_quarantine', id: SIGNAL, status: 'discarded' },
  ]);
});

test('what is settled is no dead letter any more', async (t) => {
  const services = createFakeServices();
  services.rows.deliveries[0] = sampleDelivery({ status: 'delivered' });
  const { url } = await startApi(t, services);
  assert.equal((await ask(`${url}/api/v1/dead-letters/d1`)).status, 404);
  assert.equal((await post(`${url}/api/v1/dead-letters/d1/redrive`)).status, 404);
  assert.deepEqual(services.commands, []);
});
