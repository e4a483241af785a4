import type { WorkflowStatus } from '@signalbox/sdk';
import { isOver, type RunStatus, type WorkflowRun } from '../model/workflow-run.ts';
import { nextAskMs } from './ask-pace.ts';

/** Everything that can happen to a run. `words` are for people, in a line. */
export type RunEvent =
  /** Its start is delivered from now on; `approvedBy` where a person agreed. */
  | { readonly kind: 'begin'; readonly deliveryId: string; readonly approvedBy?: string }
  /** The start waits, or is tried again. */
  | { readonly kind: 'note'; readonly words: string }
  /** The engine took it. */
  | {
      readonly kind: 'take';
      readonly reference?: string;
      readonly words: string;
      readonly isWatched: boolean;
    }
  /** It could not be started. */
  | { readonly kind: 'fail'; readonly words: string }
  /** Nobody can tell whether it was started, or how it ended. */
  | { readonly kind: 'lose'; readonly words: string }
  | { readonly kind: 'refuse'; readonly words: string }
  | { readonly kind: 'cancel'; readonly words: string }
  /** A person has its start tried once more. */
  | { readonly kind: 'retry' }
  /** What the engine says. */
  | ({ readonly kind: 'report' } & WorkflowStatus)
  /** The engine could not be asked. */
  | { readonly kind: 'miss'; readonly words: string };

/** The one table (design §2.9): which events a run takes in which state. What is not listed is refused. */
const TABLE: Readonly<Record<RunStatus, readonly RunEvent['kind'][]>> = {
  waiting: ['begin', 'refuse', 'cancel', 'fail'],
  starting: ['begin', 'note', 'take', 'fail', 'lose', 'cancel'],
  running: ['report', 'miss', 'lose'],
  started: [],
  succeeded: [],
  failed: ['retry'],
  refused: [],
  canceled: ['retry'],
  unknown: ['retry'],
};

/** The run one version on, or undefined where the table refuses. Pure. */
export function transition(run: WorkflowRun, event: RunEvent, now: number): WorkflowRun | undefined {
  if (!TABLE[run.status].includes(event.kind)) return undefined;
  const next = apply(run, event, now);
  if (!next) return undefined;
  const changedAt = next.status === run.status ? run.changedAt : now;
  const { dueAt, endedAt: _, ...rest } = { ...next, version: run.version + 1, changedAt };
  if (isOver(rest)) return { ...rest, endedAt: now };
  return rest.status === 'running' && dueAt !== undefined ? { ...rest, dueAt } : rest;
}

function apply(run: WorkflowRun, event: RunEvent, now: number): WorkflowRun | undefined {
  switch (event.kind) {
    case 'begin': {
      const { deliveryId, approvedBy } = event;
      return { ...run, status: 'starting', deliveryId, ...(approvedBy === undefined ? {} : { approvedBy }) };
    }
    case 'retry':
      // What the engine has had is not started again.
      return run.deliveryId === undefined || run.startedAt !== undefined
        ? undefined
        : { ...run, status: 'starting' };
    case 'note':
      return { ...run, words: event.words };
    case 'take': {
      const { reference, words, isWatched } = event;
      const taken = { ...run, words, startedAt: now, ...(reference === undefined ? {} : { reference }) };
      if (reference === undefined || !isWatched) return { ...taken, status: 'started' };
      return { ...taken, status: 'running', dueAt: now + nextAskMs(0) };
    }
    case 'report': {
      const { state, words } = event;
      const asked = run.asked + 1;
      const said = { ...run, asked, ...(words === undefined ? {} : { words }) };
      return { ...said, status: state, dueAt: now + nextAskMs(asked) };
    }
    case 'miss': {
      const asked = run.asked + 1;
      return { ...run, asked, words: event.words, dueAt: now + nextAskMs(asked) };
    }
    case 'fail':
      return { ...run, status: 'failed', words: event.words };
    case 'lose':
      return { ...run, status: 'unknown', words: event.words };
    case 'refuse':
      return { ...run, status: 'refused', words: event.words };
    case 'cancel':
      return { ...run, status: 'canceled', words: event.words };
  }
}
