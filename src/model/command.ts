import type { ApprovalDefault } from './approval.ts';
import type { NamespaceNews } from './namespace.ts';
import type { Silence } from './silence.ts';

/** What a person or a tool asks of the state's owner. Answered after it is applied (design §2.4). */
export type Command =
  | DeliveryCommand
  | IncidentCommand
  | NamespaceCommand
  | SilenceCommand
  | ApprovalCommand
  | WorkflowCommand;

/** About what waits for a person. */
export type DeliveryCommand =
  /** Where re-drives need an approval, `by` is who asks for it. */
  | { readonly kind: 'redrive_delivery'; readonly id: string; readonly by?: string }
  | { readonly kind: 'discard_delivery'; readonly id: string }
  /** The signal was parsed anew and appended; the quarantined row is settled. */
  | { readonly kind: 'settle_quarantine'; readonly id: string; readonly status: 'redriven' | 'discarded' };

/** `by` is who asks, as they say themselves. */
export type IncidentCommand = { readonly kind: 'incident'; readonly id: string; readonly by: string } & (
  | { readonly action: 'acknowledge' | 'resolve' | 'reopen' | 'close'; readonly note?: string }
  | { readonly action: 'assign'; readonly assignee: string }
  /** Its alerts become those of `into`, and it is closed. */
  | { readonly action: 'merge'; readonly into: string }
);

/** What a tool that makes, changes or deletes namespaces says about one. */
export type NamespaceCommand = { readonly kind: 'namespace'; readonly news: NamespaceNews };

/** What a person asks for; bounds and matchers were checked before. */
export type SilenceDraft = Omit<Silence, 'id' | 'updatedAt'>;

/** Silences and maintenance windows. */
export type SilenceCommand =
  | {
      readonly kind: 'put_silence';
      /** Of the silence that is changed; absent: a new one. */
      readonly id?: string;
      readonly newId: string;
      readonly draft: SilenceDraft;
    }
  | { readonly kind: 'expire_silence'; readonly id: string };

/** Answers, and the word of whoever carries an action out elsewhere. */
export type ApprovalCommand =
  | {
      readonly kind: 'answer_approval';
      readonly id: string;
      readonly answer: 'approve' | 'reject';
      readonly by: string;
      readonly comment?: string;
    }
  /** Whether a quarantined signal may be read anew; where that needs an approval it is asked for. */
  | { readonly kind: 'ask_redrive'; readonly signal: string; readonly by: string }
  /** Asks whether a namespace may become another environment. */
  | {
      readonly kind: 'request_promotion';
      readonly tenant: string;
      readonly cluster: string;
      readonly namespace: string;
      readonly to: string;
      readonly by: string;
    }
  /** Asks whether a namespace may have more than its limits. */
  | {
      readonly kind: 'request_limits';
      readonly tenant: string;
      readonly cluster: string;
      readonly namespace: string;
      readonly asked: Readonly<Record<string, string>>;
      readonly by: string;
    }
  /** Another tool asks, and looks for the answer itself. */
  | {
      readonly kind: 'request_approval';
      readonly tenant: string;
      /** What it is about, in the tool's own words. */
      readonly subject: string;
      readonly question: string;
      readonly by: string;
      /** Default: `approvals.deadline`. */
      readonly deadlineMs?: number;
      /** Default: `approvals.on_expiry`. */
      readonly onExpiry?: ApprovalDefault;
      readonly idempotencyKey?: string;
    }
  | { readonly kind: 'finish_approval'; readonly id: string; readonly ok: boolean; readonly detail: string };

/** Hands an alert over by a rule of the configuration, whatever the rule's condition says of it. */
export type WorkflowCommand = {
  readonly kind: 'start_workflow';
  readonly rule: string;
  readonly tenant: string;
  readonly fingerprint: string;
  readonly by: string;
};

export type CommandResult =
  /** `id`: of what was made or changed, where the caller can't know it. */
  | { readonly ok: true; readonly id?: string }
  /** `approval_needed`: nothing was done yet, and it is done once the `approval` is approved. */
  | {
      readonly ok: false;
      readonly code: 'not_found' | 'conflict' | 'unavailable' | 'approval_needed';
      readonly detail: string;
      readonly approval?: string;
    };
