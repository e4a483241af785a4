import type { Receipt } from '@signalbox/sdk';
import type { Approval } from '../model/approval.ts';
import type { Attempt, Delivery } from '../model/delivery.ts';
import type { Change, Commit, DeliveryMove } from '../store/port.ts';
import type { FollowedStarts, StartMove } from '../workflows/follow-starts.ts';
import type { StateWrite } from './call-state.ts';
import type { ReadyDelivery } from './order.ts';

/** What one tick of the delivery machine is about to commit, and what follows from its success or failure. */
export interface Batch {
  readonly moves: DeliveryMove[];
  readonly attempts: Attempt[];
  readonly deliveries: Delivery[];
  readonly changes: Change[];
  /** Questions that dead letters ask by themselves. */
  readonly approvals: Approval[];
  readonly connectorState: StateWrite[];
  /** Steps that runs of workflows may follow. */
  readonly starts: StartMove[];
  readonly claims: ReadyDelivery[];
  /** Deliveries that are moved. */
  readonly moving: Set<string>;
  /** The leases of their integrations under which that was decided. */
  readonly leases: Map<string, number | undefined>;
  /** Integrations of which attempts are settled. */
  readonly settled: Set<string>;
  readonly onSuccess: (() => void)[];
  /** Called with whether the commit may have happened all the same. */
  readonly onFailure: ((isUnsure: boolean) => void)[];
}

export function emptyBatch(): Batch {
  return {
    moves: [],
    attempts: [],
    deliveries: [],
    changes: [],
    approvals: [],
    connectorState: [],
    starts: [],
    claims: [],
    moving: new Set(),
    leases: new Map(),
    settled: new Set(),
    onSuccess: [],
    onFailure: [],
  };
}

/**
 * @param lease of the delivery's integration
 * @param receipt what the vendor said, where it took it
 */
export function addMove(
  batch: Batch,
  delivery: Delivery,
  lease: number | undefined,
  move: DeliveryMove,
  receipt?: Receipt,
): void {
  const { integration } = delivery;
  batch.moves.push(move);
  batch.starts.push({ delivery, move, ...(receipt ? { receipt } : {}) });
  batch.moving.add(move.id);
  batch.leases.set(integration, lease);
}

export function toCommit(batch: Batch, { workflowRuns, changes }: FollowedStarts): Commit {
  const { moves, attempts, deliveries, approvals, connectorState } = batch;
  return {
    moves,
    attempts,
    deliveries,
    changes: [...batch.changes, ...changes],
    approvals,
    workflowRuns,
    connectorState,
  };
}
