import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createLog } from '../../lib/log.ts';
import { createMetricSet } from '../../lib/metrics.ts';
import { openSqliteStoreReader } from '../../store/sqlite/reader.ts';
import { openSqliteStore } from '../../store/sqlite/store.ts';
import { sampleAlert, sampleChange } from '../../store/suite/samples.ts';
import { createPublishMetrics } from '../metrics.ts';
import type { Outlet, OutgoingEvent } from '../outlet.ts';
import type { PublishPorts } from '../publish-step.ts';

export const TTL_MS = 9_000;

/** A store with a clock that the test moves, and nodes that publish from it. */
export async function openPlace(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-publish-'));
  const path = join(folder, 'store.db');
  const clock = { now: 1_000_000 };
  const store = await openSqliteStore({ path, now: () => clock.now });
  await store.adopt({ cluster: 'c', generation: 'g' });
  const feed = await openSqliteStoreReader({ path });
  t.after(async () => {
    await feed.close();
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const set = createMetricSet('without-process');
  const metrics = createPublishMetrics(set);
  const portsOf = (node: string, outlet: Outlet, more: Partial<PublishPorts> = {}): PublishPorts => ({
    store,
    feed,
    outlet,
    node,
    ttlMs: TTL_MS,
    now: () => clock.now,
    monotonic: () => clock.now,
    log: createLog('silent'),
    metrics,
    ...more,
  });
  /** Alerts that fire, one change each. */
  const fire = (...names: readonly string[]) =>
    store.commit({
      alerts: names.map((name) => sampleAlert(name)),
      changes: names.map((name) => sampleChange(name)),
    });
  return { store, clock, portsOf, fire, metricsText: () => set.text() };
}

/** An outlet that keeps what it is given. */
export function createShelf() {
  const events: OutgoingEvent[] = [];
  const outlet: Outlet = {
    async publish(given) {
      events.push(...given);
    },
    close: () => {},
  };
  return { outlet, ids: () => events.map(({ event }) => event.id), events };
}
