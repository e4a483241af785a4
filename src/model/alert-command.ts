/** What a person or a tool asks of an alert. Each has a `by`, which is claimed and not proven, and may bring a comment. */
export type AlertAction =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'unacknowledge' }
  /** Without a name: nobody's any more. */
  | { readonly kind: 'assign'; readonly assignee?: string }
  | { readonly kind: 'snooze'; readonly until: number }
  | { readonly kind: 'unsnooze' }
  /** It is over, whatever its source says until now; when the source says "firing" again it fires again. */
  | { readonly kind: 'resolve' }
  /** Nobody needs to hear of this occurrence any more, also when its source goes on about it. */
  | { readonly kind: 'close' }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'comment' };

export const ALERT_ACTIONS = [
  'acknowledge',
  'unacknowledge',
  'assign',
  'snooze',
  'unsnooze',
  'resolve',
  'close',
  'reopen',
  'comment',
] as const satisfies readonly AlertAction['kind'][];

export interface AlertCommand {
  readonly tenant: string;
  readonly fingerprint: string;
  readonly action: AlertAction;
  readonly by?: string;
  readonly comment?: string;
}

export type RefusalCode = 'not_found' | 'conflict';

/** What came of it; kept with the command's receipt. */
export type CommandOutcome =
  /** `changed` is false when everything was so already. */
  | { readonly ok: true; readonly changed: boolean }
  | { readonly ok: false; readonly code: RefusalCode; readonly detail: string };
