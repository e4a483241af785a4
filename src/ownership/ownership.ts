import type { Fence } from '../store/lease.ts';

/** Which part of the work is this node's now. What is not its own it neither reads nor writes. */
export interface Ownership {
  /** Rises whenever something was gained or lost. */
  version(): number;
  /** Partitions of the journal that are folded here, and whose alerts expire here; ascending. */
  partitions(): readonly number[];
  /** Scopes whose groups are gathered and flushed here; undefined where all of them are. */
  scopes(): readonly number[] | undefined;
  /** Whether deliveries of an integration are sent from here. Asked just before each send as well. */
  delivers(integration: string): boolean;
  /**
   * Under which lease deliveries of an integration are sent, also while it is being handed over; undefined where this node has none. What was
   * begun under another one is somebody else's to end.
   */
  lease(integration: string): number | undefined;
  /**
   * Until when sends under that lease may begin, by `monotonicNow`, so that another thread can tell as well; later only when it was renewed. A lease
   * is given away no sooner than everything under way there is settled.
   */
  heldUntil(integration: string): number;
  /** What a commit that touches these must still hold. Empty where nothing is shared. */
  fences(touched: Touched): readonly Fence[];
  /** Looks again at once, because a commit was refused. */
  refresh(): Promise<void>;
}

/** Whether a send that was marked under this lease may begin now. */
export function mayBegin(
  ownership: Pick<Ownership, 'delivers' | 'lease'>,
  integration: string,
  lease: number,
): boolean {
  return ownership.delivers(integration) && ownership.lease(integration) === lease;
}

export interface Touched {
  readonly partitions?: Iterable<number>;
  readonly scopes?: Iterable<number>;
  readonly integrations?: Iterable<string>;
}

/** One process that shares with nobody: the lock of its data folder says so. */
export function ownEverything(partitions: number): Ownership {
  const all = Array.from({ length: partitions }, (_, partition) => partition);
  return {
    version: () => 0,
    partitions: () => all,
    scopes: () => undefined,
    delivers: () => true,
    lease: () => 0,
    heldUntil: () => Infinity,
    fences: () => [],
    refresh: () => Promise.resolve(),
  };
}
