import type { Attempt, Delivery } from '../model/delivery.ts';
import type { Change, Commit, DeliveryMove } from '../store/port.ts';
import type { StateWrite } from './call-state.ts';
import type { ReadyDelivery } from './ready-queue.ts';

/** What one tick of the delivery machine is about to commit, and what follows from its success or failure. */
export interface Batch {
  readonly moves: DeliveryMove[];
  readonly attempts: Attempt[];
  readonly deliveries: Delivery[];
  readonly changes: Change[];
  readonly connectorState: StateWrite[];
  readonly claims: ReadyDelivery[];
  /** Integrations of which attempts are settled. */
  readonly settled: Set<string>;
  readonly onSuccess: (() => void)[];
  readonly onFailure: (() => void)[];
}

export function emptyBatch(): Batch {
  return {
    moves: [],
    attempts: [],
    deliveries: [],
    changes: [],
    connectorState: [],
    claims: [],
    settled: new Set(),
    onSuccess: [],
    onFailure: [],
  };
}

export function toCommit({ moves, attempts, deliveries, changes, connectorState }: Batch): Commit {
  return { moves, attempts, deliveries, changes, connectorState };
}
