import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqliteStoreReader } from '../store/sqlite/reader.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';
import { createFakeServices } from './testing/fake-services.ts';
import {
  NOW,
  sampleAlert,
  sampleDelivery,
  sampleNotificationRow,
  sampleQuarantine,
} from './testing/sample-rows.ts';
import { ask, startApi } from './testing/start-api.ts';

test('[BR-NOT-013] [BR-ERR-009] what the embedded store holds is listed, paged and shown', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-api-'));
  const path = join(folder, 'store.db');
  const store = await openSqliteStore({ path, now: () => NOW });
  const reader = await openSqliteStoreReader({ path });
  t.after(async () => {
    await reader.close();
    await store.close();
    await rm(folder, { recursive: true });
  });
  const fingerprints = ['00000000000000a1', '00000000000000a2', '00000000000000a3'];
  await store.commit({
    alerts: fingerprints.map((fingerprint, index) => sampleAlert({ fingerprint, changedAt: NOW + index })),
    notifications: [sampleNotificationRow()],
    deliveries: [sampleDelivery({ status: 'pending' })],
    quarantine: [sampleQuarantine()],
    changes: [{ at: NOW, tenant: 'default', kind: 'alert', id: fingerprints[0]!, status: 'firing' }],
  });
  await store.commit({ moves: [{ id: 'd1', from: 'pending', to: 'dead', settledAt: NOW }] });
  const { url } = await startApi(t, { ...createFakeServices(), reader });
  const json = async (address: string) => (await ask(`${url}/api/v1/${address}`)).json();

  const seen: string[] = [];
  let page = await json('alerts?limit=1&matcher=team%3Ddb');
  for (;;) {
    seen.push(...page.items.map(({ fingerprint }: { fingerprint: string }) => fingerprint));
    if (page.next === undefined) break;
    page = await json(`alerts?limit=1&matcher=team%3Ddb&cursor=${page.next}`);
  }
  assert.deepEqual(seen, fingerprints.toReversed());
  assert.equal((await json('alerts?cursor=stolen')).code, 'invalid_cursor');
  assert.equal((await json('deliveries/d1')).status, 'dead');
  assert.deepEqual(
    (await json('dead-letters')).items.map(({ id }: { id: string }) => id),
    ['d1', sampleQuarantine().id],
  );
  assert.equal((await json('notifications/n1')).deliveries.length, 1);
  assert.equal((await json('status')).alerts.firing, 3);
});
