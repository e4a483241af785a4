import { TOKEN, type Hub } from './hub.ts';
import { awaitProcessed } from './hub-api.ts';
import { deal, sendLanes } from './sender.ts';
import { awaitDeliveries, type Sink } from './sink.ts';
import type { Statement } from './statement.ts';

const CONNECTIONS = 64;
const PRELOAD_PER_SIGNAL = 500;
const PRELOAD_MS = 900_000;
const STARTS_AT = '2026-01-15T10:00:00.000Z';

/** A hub that can be filled and used. All promises resolve when the hub is done with it, not when it was sent. */
export interface Fill {
  readonly hub: Hub;
  /** Opens alerts until there are so many; returns when all are delivered. */
  to(size: number): Promise<void>;
  /** New alerts, one per signal, to the delivery of the last. */
  fresh(count: number): Promise<void>;
  /** Resolves them, so that as many are open as before. */
  forget(): Promise<void>;
  /** Alerts that fire already, one per signal, to the processing of the last. */
  repeat(count: number): Promise<void>;
}

/** `teams`: how many values the label `team` takes. */
export function createFill(hub: Hub, sink: Sink, teams: number): Fill {
  let open = 0;
  let opened = 0;
  let fresh: string[] = [];
  let expected = 0;
  let repeats = 0;
  const target = { port: hub.port, token: TOKEN };

  async function deliver(statements: readonly Statement[], perSignal: number): Promise<void> {
    const signals: Statement[][] = [];
    for (let from = 0; from < statements.length; from += perSignal) {
      signals.push(statements.slice(from, from + perSignal));
    }
    expected += statements.length;
    await sendLanes(target, deal(signals, Math.min(CONNECTIONS, signals.length)));
    const { count } = await awaitDeliveries(sink, { expected, quietMs: 60_000, limitMs: PRELOAD_MS });
    if (count < expected) throw new Error(`${expected - count} of ${expected} notifications did not arrive`);
  }
  const name = (index: number): string => `open-${index}`;
  const fire = (key: string, version: number): Statement => {
    const team = Number(key.slice(key.indexOf('-') + 1)) % teams;
    return { key, version, status: 'firing', startsAt: STARTS_AT, labels: { team: `team-${team}` } };
  };
  const resolve = (key: string): Statement => ({
    ...fire(key, 2),
    status: 'resolved',
    endsAt: new Date().toISOString(),
  });

  return {
    hub,
    async to(size) {
      const keys = Array.from({ length: size - open }, (_, index) => name(open + index));
      open = size;
      await deliver(
        keys.map((key) => fire(key, 1)),
        PRELOAD_PER_SIGNAL,
      );
    },
    async fresh(count) {
      fresh = Array.from({ length: count }, (_, index) => `fresh-${opened + index}`);
      opened += count;
      await deliver(
        fresh.map((key) => fire(key, 1)),
        1,
      );
    },
    forget: () => deliver(fresh.map(resolve), PRELOAD_PER_SIGNAL),
    async repeat(count) {
      repeats++;
      // Spread over all open alerts, so that the newest, which are in every cache, are not favoured.
      const step = Math.max(1, Math.floor(open / count));
      const signals = Array.from({ length: count }, (_, index) => [
        fire(name((index * step) % open), repeats * 10_000 + index),
      ]);
      let last = '';
      await sendLanes(target, deal(signals, CONNECTIONS));
      await sendLanes(target, [[[fire(name(0), repeats * 10_000 + 9_999)]]], (receipt) => (last = receipt));
      await awaitProcessed(hub.url, last);
    },
  };
}
