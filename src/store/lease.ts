/**
 * Who owns what: the partitions that fold reads, the scopes that gather and flush own, the integrations that deliveries go to. A lease runs
 * by the store's clock, so nodes need not agree on the time. Embedded, the folder's lock says it all and no lease is taken.
 */
export interface Leases {
  /** The clock that leases run by, in milliseconds since the epoch. */
  clock(): Promise<number>;
  /**
   * Renews the leases that `owner` holds of these names and takes those that are free or have run out. Resolves with all that it holds of
   * them now; a name that somebody else holds is left out.
   */
  takeLeases(owner: string, names: readonly string[], ttlMs: number): Promise<readonly Lease[]>;
  /** Gives up what `owner` holds of these names, so that others need not wait for the end. */
  releaseLeases(owner: string, names: readonly string[]): Promise<void>;
  /** All leases that have not run out and whose name begins so, by name. */
  leases(prefix: string): Promise<readonly Lease[]>;
}

export interface Lease {
  /** `partition/3`, `scope/17`, `integration/pager`, `node/<id>`. */
  readonly name: string;
  readonly owner: string;
  /** Rises with every change of the owner: the fencing token. */
  readonly token: number;
}

/** A commit that names a lease is refused when the lease has passed on since. */
export type Fence = Pick<Lease, 'name' | 'token'>;

/** Somebody else owns it by now: throw away what was decided. Nothing was changed. */
export class StaleLease extends Error {
  readonly code = 'stale_lease';
}

/** The part of the state that a step may touch; left out, all of it. */
export interface Owned {
  readonly partitions: readonly number[];
  readonly scopes: readonly number[];
}
