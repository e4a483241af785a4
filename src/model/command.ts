/** What a person or a tool asks of the state's owner. Answered after it is applied (design §2.4). */
export type Command =
  | { readonly kind: 'redrive_delivery'; readonly id: string }
  | { readonly kind: 'discard_delivery'; readonly id: string }
  /** The signal was parsed anew and appended; the quarantined row is settled. */
  | { readonly kind: 'settle_quarantine'; readonly id: string; readonly status: 'redriven' | 'discarded' }
  | IncidentCommand;

/** `by` is who asks, as they say themselves. */
export type IncidentCommand = { readonly kind: 'incident'; readonly id: string; readonly by: string } & (
  | { readonly action: 'acknowledge' | 'resolve' | 'reopen' | 'close'; readonly note?: string }
  | { readonly action: 'assign'; readonly assignee: string }
  /** Its alerts become those of `into`, and it is closed. */
  | { readonly action: 'merge'; readonly into: string }
);

export type CommandResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'not_found' | 'conflict' | 'unavailable'; readonly detail: string };
