import {
  isGranted,
  type Approval,
  type ApprovalAction,
  type ApprovalDraft,
  type ApprovalState,
} from '../model/approval.ts';

/** Everything that can happen to an approval. */
export type ApprovalEvent =
  | {
      readonly kind: 'approve' | 'reject';
      readonly by: string;
      readonly comment?: string;
      /** With what the answer adds to it. */
      readonly action?: ApprovalAction;
    }
  /** One of several who have to agree did. */
  | { readonly kind: 'endorse'; readonly action: ApprovalAction }
  /** The deadline passed. */
  | { readonly kind: 'expire' }
  /** Its action is being done by somebody who may die over it; it is looked at again after `until`. */
  | { readonly kind: 'start'; readonly until: number }
  | { readonly kind: 'finish'; readonly ok: boolean; readonly detail: string };

/** The one table (design §2.9): the state after each event; what is not listed is refused. An answer is final. */
const TABLE: Readonly<Record<ApprovalState, Partial<Record<ApprovalEvent['kind'], ApprovalState>>>> = {
  pending: { endorse: 'pending', approve: 'approved', reject: 'rejected', expire: 'expired' },
  approved: { start: 'approved', finish: 'approved' },
  rejected: {},
  expired: { start: 'expired', finish: 'expired' },
};

export type Transition =
  | { readonly ok: true; readonly approval: Approval }
  | { readonly ok: false; readonly detail: string };

/** A new question, waiting until its deadline. */
export function openApproval(draft: ApprovalDraft, id: string, now: number): Approval {
  return { ...draft, id, version: 1, state: 'pending', requestedAt: now, dueAt: draft.deadlineAt };
}

/**
 * The approval after an event, one version on, or why not. An answer after the deadline comes too late, whether or not the clock has been
 * looked at since; an action is begun or ended only where it was granted and is not over. Pure.
 */
export function transition(approval: Approval, event: ApprovalEvent, now: number): Transition {
  const state = TABLE[approval.state][event.kind];
  if (state === undefined) return refuse(`is ${approval.state}`);
  const isOver = now >= approval.deadlineAt;
  switch (event.kind) {
    case 'approve':
    case 'reject': {
      if (isOver) return refuse('was not answered in time');
      const { by, comment, action = approval.action } = event;
      const answer = { by, ...(comment === undefined ? {} : { comment }) };
      return accept(decide({ ...approval, answer, ...(action ? { action } : {}) }, state, now));
    }
    case 'endorse':
      if (isOver) return refuse('was not answered in time');
      return accept({ ...approval, action: event.action });
    case 'expire':
      return isOver ? accept(decide(approval, state, now)) : refuse('still has time');
    case 'start':
      if (!isUndone(approval)) return refuse('has nothing left to be done');
      return accept({ ...approval, execution: { state: 'started', at: now }, dueAt: event.until });
    case 'finish': {
      if (!isUndone(approval)) return refuse('has nothing left to be done');
      const { ok, detail } = event;
      return accept(
        settle({ ...approval, execution: { state: ok ? 'done' : 'failed', at: now, detail } }, now),
      );
    }
  }
}

/** Granted, and its action is neither done nor given up. */
export function isUndone({ execution }: Approval): boolean {
  return execution?.state === 'waiting' || execution?.state === 'started';
}

function decide(approval: Approval, state: ApprovalState, now: number): Approval {
  const decided = { ...approval, state, decidedAt: now };
  if (!approval.action || !isGranted(decided)) return settle(decided, now);
  return { ...decided, execution: { state: 'waiting', at: now }, dueAt: now };
}

function settle({ dueAt: _, ...approval }: Approval, now: number): Approval {
  return { ...approval, settledAt: now };
}

function accept(approval: Approval): Transition {
  return { ok: true, approval: { ...approval, version: approval.version + 1 } };
}

function refuse(detail: string): Transition {
  return { ok: false, detail };
}
