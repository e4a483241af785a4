import type { Receipt } from '@signalbox/sdk';
import type { Delivery } from '../model/delivery.ts';
import { isRunId, type WorkflowRun } from '../model/workflow-run.ts';
import { runChange } from '../pipeline/change.ts';
import type { Commit, DeliveryMove, Store } from '../store/port.ts';
import { transition, type RunEvent } from './transitions.ts';

/** A step of a delivery, with what the engine said where it took it. */
export interface StartMove {
  readonly delivery: Pick<Delivery, 'groupId' | 'integration'>;
  readonly move: DeliveryMove;
  readonly receipt?: Receipt;
}

export type FollowedStarts = Required<Pick<Commit, 'workflowRuns' | 'changes'>>;

/** What follows for runs from the steps of the deliveries that start them; to be committed together with those. */
export async function followStarts(
  store: Pick<Store, 'workflowRuns'>,
  moves: readonly StartMove[],
  tellsRuns: (integration: string) => boolean,
  now: number,
): Promise<FollowedStarts> {
  const starts = moves.filter(({ delivery }) => isRunId(delivery.groupId));
  if (starts.length === 0) return { workflowRuns: [], changes: [] };
  const found = await store.workflowRuns(starts.map(({ delivery }) => delivery.groupId));
  const known = new Map(found.map((run) => [run.id, run]));
  const runs = starts.flatMap((start): readonly WorkflowRun[] => {
    const run = known.get(start.delivery.groupId);
    const event = eventOf(start, tellsRuns(start.delivery.integration));
    const next = run && event && transition(run, event, now);
    return next ? [next] : [];
  });
  return { workflowRuns: runs, changes: runs.map((run) => runChange(run, now)) };
}

function eventOf({ move, receipt }: StartMove, isWatched: boolean): RunEvent | undefined {
  const { from, to, fault, summary } = move;
  const trouble = fault ? `${fault.code}: ${fault.message}` : undefined;
  switch (to) {
    case 'delivered': {
      const reference = receipt?.vendorId;
      const words = receipt?.summary ?? 'the engine took it';
      return { kind: 'take', words, isWatched, ...(reference === undefined ? {} : { reference }) };
    }
    case 'dead':
      return { kind: 'fail', words: `it could not be started: ${trouble ?? 'it was given up'}` };
    case 'unknown':
      return {
        kind: 'lose',
        words: 'the hub died while it was started, and by `on_unknown` it is not started again',
      };
    case 'superseded':
      return { kind: 'cancel', words: summary ?? 'what it was for is over' };
    case 'discarded':
      return { kind: 'cancel', words: 'a person gave it up' };
    case 'pending':
      if (from === 'dead' || from === 'unknown' || from === 'discarded') return { kind: 'retry' };
      return trouble === undefined && summary === undefined
        ? undefined
        : { kind: 'note', words: trouble === undefined ? summary! : `its start is tried again: ${trouble}` };
    case 'sending':
      return undefined;
  }
}
