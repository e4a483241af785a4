import type { Logger } from '../lib/log.ts';
import type { Alert } from '../model/alert.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';
import { StaleLease, type Lease } from '../store/lease.ts';
import type { Store, StoreIdentity } from '../store/port.ts';
import type { ChangeRow, StoreReader } from '../store/reader.ts';
import { toAlertEvent } from './alert-event.ts';
import type { PublishMetrics } from './metrics.ts';
import type { Outlet, OutgoingEvent } from './outlet.ts';

export interface PublishPorts {
  readonly store: Pick<
    Store,
    'identity' | 'alerts' | 'connectorState' | 'commit' | 'takeLeases' | 'releaseLeases'
  >;
  readonly feed: Pick<StoreReader, 'changes'>;
  readonly outlet: Outlet;
  /** The owner of this node's leases. */
  readonly node: string;
  readonly ttlMs: number;
  readonly now: () => number;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic: () => number;
  readonly log: Logger;
  readonly metrics: PublishMetrics;
  /** Changes per turn. Default 500. */
  readonly pageRows?: number;
}

/** `more`: there may be more at once. `idle`: everything is published. `elsewhere`: another node does it. */
export type PublishOutcome = 'more' | 'idle' | 'elsewhere';

export interface PublishStep {
  /** One page of the feed. After a failure nothing is forgotten: the next turn begins where this one did. */
  run(): Promise<PublishOutcome>;
  /** Gives the duty up, so that another node need not wait. */
  release(): Promise<void>;
}

export const DUTY = 'duty/publish';
export const CURSOR_KEY = 'publish/cursor';
const PAGE_ROWS = 500;
/** A lease is renewed when this share of it is over. */
const RENEW_AFTER = 1 / 3;

/**
 * Publishes the changes in the order of the feed: read a page, hand it to the brokers, move the cursor. The cursor is written last and under
 * the lease, so a crash in between publishes the page again, and a node that has lost the duty can't move it.
 */
export function createPublishStep(ports: PublishPorts): PublishStep {
  const { store, feed, outlet, node, ttlMs, now, monotonic, log, metrics, pageRows = PAGE_ROWS } = ports;
  let lease: Lease | undefined;
  let askedAt = -Infinity;
  /** Known while the lease is held: nobody else moves it then. */
  let cursor: number | undefined;
  let hub: StoreIdentity | undefined;

  async function hold(): Promise<Lease | undefined> {
    if (lease && monotonic() - askedAt < ttlMs * RENEW_AFTER) return lease;
    const at = monotonic();
    const [got] = await store.takeLeases(node, [DUTY], ttlMs);
    if (got?.token !== lease?.token) cursor = undefined;
    lease = got;
    askedAt = at;
    return lease;
  }

  async function readCursor(): Promise<number> {
    return Number((await store.connectorState(OWN_INTEGRATION, CURSOR_KEY, now())) ?? 0);
  }

  async function moveTo(next: number, held: Lease): Promise<void> {
    const state = { integration: OWN_INTEGRATION, key: CURSOR_KEY, value: String(next) };
    await store.commit({
      fences: [held],
      connectorState: [{ ...state, expiresAt: Number.MAX_SAFE_INTEGER }],
    });
    cursor = next;
  }

  async function describe(rows: readonly ChangeRow[]): Promise<readonly OutgoingEvent[]> {
    const changes = rows.filter(({ kind }) => kind === 'alert');
    if (changes.length === 0) return [];
    hub ??= await store.identity();
    const wanted = changes.map(({ tenant, id }) => ({ tenant, fingerprint: id }));
    const alerts = new Map((await store.alerts(unique(wanted))).map((alert) => [keyOf(alert), alert]));
    const events: OutgoingEvent[] = [];
    for (const change of changes) {
      const alert = alerts.get(keyOf({ tenant: change.tenant, fingerprint: change.id }));
      if (alert) events.push({ topic: 'alerts', event: toAlertEvent(change, alert, hub) });
    }
    if (events.length < changes.length) miss(changes.length - events.length, 'their alerts are gone');
    return events;
  }

  function miss(count: number, reason: string): void {
    metrics.missed.inc(count);
    log.error('changes were not published', { count, reason });
  }

  /** Where the feed really goes on, when the cursor is not a place in it any more. */
  function findPlace(from: number, oldest: number, newest: number): number | undefined {
    if (from > newest) {
      log.warn('the store is older than what was published; all that it keeps is published again', {
        cursor: from,
      });
      return oldest - 1;
    }
    if (from >= oldest - 1) return undefined;
    // A store that never published has no cursor, and owes nobody what it forgot before.
    if (from > 0) miss(oldest - 1 - from, 'the store kept them no longer: see storage.retention.changes');
    return oldest - 1;
  }

  async function runHeld(held: Lease): Promise<PublishOutcome> {
    cursor ??= await readCursor();
    const { rows, oldest, newest } = await feed.changes(cursor, pageRows);
    const place = findPlace(cursor, oldest, newest);
    if (place !== undefined) {
      await moveTo(place, held);
      return 'more';
    }
    metrics.lag.set(newest - cursor);
    const last = rows.at(-1);
    if (!last) return 'idle';
    const events = await describe(rows);
    if (events.length > 0) await outlet.publish(events);
    await moveTo(last.seq, held);
    metrics.published.inc({ topic: 'alerts' }, events.length);
    metrics.lag.set(newest - last.seq);
    return rows.length < pageRows ? 'idle' : 'more';
  }

  return {
    async run() {
      const held = await hold();
      if (!held) return 'elsewhere';
      try {
        return await runHeld(held);
      } catch (error) {
        cursor = undefined;
        if (!(error instanceof StaleLease)) throw error;
        lease = undefined;
        return 'elsewhere';
      }
    },
    async release() {
      lease = undefined;
      cursor = undefined;
      await store.releaseLeases(node, [DUTY]);
    },
  };
}

type Key = Pick<Alert, 'tenant' | 'fingerprint'>;

function keyOf({ tenant, fingerprint }: Key): string {
  return `${tenant}\0${fingerprint}`;
}

function unique(keys: readonly Key[]): readonly Key[] {
  return [...new Map(keys.map((key) => [keyOf(key), key])).values()];
}
