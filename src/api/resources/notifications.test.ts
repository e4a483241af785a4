import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeServices } from '../testing/fake-services.ts';
import { ask, startApi } from '../testing/start-api.ts';

test('notifications are listed by receiver and group, short', async (t) => {
  const services = createFakeServices();
  const { notifications } = services.reader;
  const queries: unknown[] = [];
  services.reader.notifications = (query) => {
    queries.push(query);
    return notifications(query);
  };
  const { url } = await startApi(t, services);
  const [item] = (await ask(`${url}/api/v1/notifications?receiver=on-call&group_id=g1&limit=7`)).json().items;
  assert.deepEqual(queries, [{ receiver: 'on-call', groupId: 'g1', limit: 7 }]);
  assert.deepEqual([item.alert_count, 'alerts' in item], [5, false]);
});

test('[BR-NOT-013] one notification shows what was told and every delivery of it', async (t) => {
  const { url } = await startApi(t, createFakeServices());
  const one = (await ask(`${url}/api/v1/notifications/n1`)).json();
  assert.deepEqual([one.alerts[0].starts_at, one.truncated_alerts], ['2026-03-01T09:29:00Z', 4]);
  assert.deepEqual(
    one.deliveries.map((delivery: { id: string; status: string }) => [delivery.id, delivery.status]),
    [['d1', 'dead']],
  );
  assert.equal((await ask(`${url}/api/v1/notifications/n2`)).status, 404);
});
