import type { Breach } from './limit-settings.ts';
import { OWN_INTEGRATION } from './own-integration.ts';
import type { Promotion } from './promotion.ts';

/** `expired`: nobody answered in time, and the default of the approval holds. */
export const APPROVAL_STATES = ['pending', 'approved', 'rejected', 'expired'] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];

export const APPROVAL_DEFAULTS = ['reject', 'approve'] as const;
export type ApprovalDefault = (typeof APPROVAL_DEFAULTS)[number];

export const APPROVAL_SUBJECTS = ['dead_letter', 'namespace', 'request', 'workflow_run'] as const;

/** What approvals are for; `request` is asked by another tool, which looks for the answer itself. */
export const APPROVAL_USES = ['redrive', 'intervene', 'promote', 'limits', 'workflow', 'request'] as const;
export type ApprovalUse = (typeof APPROVAL_USES)[number];

/** What a decision is about. */
export interface ApprovalSubject {
  readonly kind: (typeof APPROVAL_SUBJECTS)[number];
  readonly id: string;
}

/** What is done once it is granted, as data, so that it can be done by another process than the one that asked. */
export type ApprovalAction =
  | { readonly kind: 'redrive_delivery'; readonly id: string }
  | { readonly kind: 'redrive_signal'; readonly id: string }
  /** Starts a run of a workflow that was decided before. */
  | { readonly kind: 'start_workflow'; readonly run: string }
  /** Makes another environment of a namespace; the promotion says who has to agree and who did. */
  | { readonly kind: 'promote'; readonly cluster: string; readonly promotion: Promotion }
  /** Lets a namespace have more than its limits. The hub says so; whoever asked does it. */
  | {
      readonly kind: 'exceed_limits';
      readonly cluster: string;
      readonly namespace: string;
      /** All that was asked for, by resource in their order. */
      readonly asked: Readonly<Record<string, string>>;
      readonly breaches: readonly Breach[];
    };

/** How far the action of a granted approval is. `waiting` and `started` end with `done` or `failed`, also after a crash. */
export interface Execution {
  readonly state: 'waiting' | 'started' | 'done' | 'failed';
  readonly at: number;
  /** Of `done` and `failed`: what came of it, in words. */
  readonly detail?: string;
}

/** What is asked; the rest follows from it. */
export interface ApprovalDraft {
  readonly tenant: string;
  /** For people, in one sentence. */
  readonly question: string;
  readonly subject: ApprovalSubject;
  /** Absent: only the answer is wanted. */
  readonly action?: ApprovalAction;
  readonly requestedBy: string;
  readonly deadlineAt: number;
  readonly onExpiry: ApprovalDefault;
}

/** A decision that waits for a person, or once did. */
export interface Approval extends ApprovalDraft {
  /** Begins with its time, so that ids sort as they were asked. */
  readonly id: string;
  /** Counts changes. Whoever writes names the version that was read, so that of two answers one stands. */
  readonly version: number;
  readonly state: ApprovalState;
  readonly requestedAt: number;
  /** Who said so; absent while it is pending and when it expired. */
  readonly answer?: { readonly by: string; readonly comment?: string };
  readonly decidedAt?: number;
  readonly execution?: Execution;
  /** Nothing follows any more: it may be forgotten some day. */
  readonly settledAt?: number;
  /** When it goes on by itself: at its deadline, or as soon as its action is to be done. The timer is this column. */
  readonly dueAt?: number;
}

/** Whether what was asked for may be done. */
export function isGranted({ state, onExpiry }: Pick<Approval, 'state' | 'onExpiry'>): boolean {
  return state === 'approved' || (state === 'expired' && onExpiry === 'approve');
}

export function useOf({ action, requestedBy }: Pick<Approval, 'action' | 'requestedBy'>): ApprovalUse {
  switch (action?.kind) {
    case 'redrive_delivery':
    case 'redrive_signal':
      return requestedBy === OWN_INTEGRATION ? 'intervene' : 'redrive';
    case 'promote':
      return 'promote';
    case 'exceed_limits':
      return 'limits';
    case 'start_workflow':
      return 'workflow';
    case undefined:
      return 'request';
  }
}
