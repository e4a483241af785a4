import { compare, type KeyState, type Knowledge } from '../../bench/crash-model.ts';
import type { DeliveryFacts } from './database.ts';
import type { Arrival } from './receiver.ts';

/** What everybody knows when it is quiet again after a fault. */
export interface Evidence {
  /** Of the senders: what each key may be. */
  readonly knowledge: ReadonlyMap<string, Knowledge>;
  /** Of the hub: what each key is. */
  readonly alerts: ReadonlyMap<string, KeyState>;
  /** Of the receiver, in the order of arrival. */
  readonly arrivals: readonly Arrival[];
  /** Of the store: how often each delivery was tried, by what the nodes say. */
  readonly deliveries: ReadonlyMap<string, DeliveryFacts>;
}

/** Each list has a line per breach; all of them must be empty. */
export interface Breaches {
  /** Keys that are older than what was acknowledged. */
  readonly lost: readonly string[];
  /** Keys in a state that doesn't follow from what was said. */
  readonly wrong: readonly string[];
  /** Keys of which the receiver's last word isn't the alert's state. */
  readonly untold: readonly string[];
  /** Statements that arrived after a newer one of the same key. */
  readonly outOfOrder: readonly string[];
  /** Deliveries that arrived more often than a node says that it tried: nothing was in flight that would explain it. */
  readonly unexplained: readonly string[];
  /** Deliveries that a node says were delivered, and nobody got. */
  readonly imagined: readonly string[];
}

export interface Verdict extends Breaches {
  /** Requests that reached the receiver. */
  readonly delivered: number;
  /** Of these, beyond the first of each delivery. */
  readonly repeated: number;
}

/** Compares what the senders, the hub, the receiver and the store know. Pure. */
export function judge({ knowledge, alerts, arrivals, deliveries }: Evidence): Verdict {
  const lost: string[] = [];
  const wrong: string[] = [];
  const untold: string[] = [];
  const { last, outOfOrder } = readInOrder(arrivals);
  for (const [key, known] of knowledge) {
    const actual = alerts.get(key);
    const found = compare(known, actual);
    const expected = known.possible.map(describe).join(' or ');
    if (found !== 'right')
      (found === 'lost' ? lost : wrong).push(`${key}: expected ${expected}, is ${describe(actual)}`);
    const word = last.get(key)?.status;
    // Whoever never heard "firing" is not told "resolved".
    const isTold = actual?.status === 'firing' ? word === 'firing' : word !== 'firing';
    if (!isTold) untold.push(`${key}: is ${describe(actual)}, receiver heard ${word ?? 'nothing'}`);
  }
  const heard = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    const before = heard.get(arrival.delivery);
    if (before) before.push(arrival);
    else heard.set(arrival.delivery, [arrival]);
  }
  const unexplained = [...heard]
    .filter(([id, times]) => times.length > Math.max(1, deliveries.get(id)?.attempts ?? 0))
    .map(
      ([id, times]) =>
        `${id}: ${deliveries.get(id)?.attempts ?? 0} attempts, arrived ${times.map(describeArrival).join(', ')}`,
    );
  const imagined = [...deliveries]
    .filter(([id, { status }]) => status === 'delivered' && !heard.has(id))
    .map(([id]) => `${id}: marked as delivered, never arrived`);
  return {
    lost,
    wrong,
    untold,
    outOfOrder,
    unexplained,
    imagined,
    delivered: arrivals.length,
    repeated: arrivals.length - heard.size,
  };
}

function readInOrder(arrivals: readonly Arrival[]) {
  const last = new Map<string, { readonly status: string; readonly version: number }>();
  const outOfOrder: string[] = [];
  for (const arrival of arrivals) {
    for (const { key, version, status } of arrival.statements) {
      const before = last.get(key)?.version ?? 0;
      if (version < before)
        outOfOrder.push(
          `${key}: version ${version} after ${before}, delivery ${arrival.delivery} ${describeArrival(arrival)}`,
        );
      else last.set(key, { status, version });
    }
  }
  return { last, outOfOrder };
}

function describeArrival({ node, at }: Arrival): string {
  return `from ${node} at ${new Date(at).toISOString()}`;
}

function describe(state: KeyState | undefined): string {
  return state ? `${state.status} (version ${state.version})` : 'unknown';
}
