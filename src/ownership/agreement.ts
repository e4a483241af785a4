import type { Leases } from '../store/lease.ts';

export interface AgreementOptions {
  readonly store: Leases;
  readonly node: string;
  /** Of the routes and receivers that this node runs with. */
  readonly signature: () => string;
  /** Of those that the groups in the store were made under; undefined in an empty store. */
  readonly stored: () => Promise<string | undefined>;
  readonly ttlMs: number;
}

/** Whether a node may fold and gather: all nodes that do must route alike, or an alert would be in a group that its owner does not know. */
export interface Agreement {
  /** Names of leases that go with the answer, to be held along with the others. */
  look(): Promise<{ readonly mayProcess: boolean; readonly names: readonly string[] }>;
  /** What is waited for; undefined while this node may process. */
  waitsFor(): string | undefined;
}

const DUTY = 'duty/regroup';

/**
 * Each node tells by a lease which routes it runs with. A node whose routes are not those of the groups stands aside while another one still
 * goes on with them. When the last of those has been reloaded, or is gone, one of the waiting nodes takes the duty to regroup; the rest follow
 * as soon as the store has their routes.
 */
export function createAgreement(options: AgreementOptions): Agreement {
  const { store, node, ttlMs } = options;
  let waiting: string | undefined;
  return {
    async look() {
      const mine = options.signature();
      const names = [`routes/${mine}/${node}`];
      const stored = await options.stored();
      waiting = undefined;
      if (stored === undefined || stored === mine) return { mayProcess: true, names };
      const others = await store.leases(`routes/${stored}/`);
      if (others.some(({ owner }) => owner !== node)) {
        waiting =
          'other nodes run with other routes or receivers; reload them with this configuration, or this one with theirs';
        return { mayProcess: false, names };
      }
      const [duty] = await store.takeLeases(node, [DUTY], ttlMs);
      if (duty) return { mayProcess: true, names: [...names, DUTY] };
      waiting = 'another node brings the groups in line with the new routes';
      return { mayProcess: false, names };
    },
    waitsFor: () => waiting,
  };
}
