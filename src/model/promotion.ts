/** What has to happen before something of one environment may go to another. A way that no gate describes is closed. */
export interface Gate {
  readonly from: string;
  readonly to: string;
  /** Who may ask; anyone when absent. */
  readonly requestedBy?: readonly string[];
  /** How many different people have to agree, by role. */
  readonly approvals: readonly { readonly role: string; readonly count: number }[];
  /** How long a request stands open. */
  readonly expiresAfterMs: number;
}

export interface Person {
  readonly id: string;
  readonly roles: readonly string[];
}

export type PromotionState = 'requested' | 'approved' | 'promoted' | 'rejected' | 'withdrawn' | 'expired';

export interface Promotion {
  readonly id: string;
  readonly namespace: string;
  readonly gate: Gate;
  readonly state: PromotionState;
  readonly requestedBy: string;
  readonly requestedAt: number;
  readonly approvals: readonly { readonly by: string; readonly role: string; readonly at: number }[];
  /** Who closed it, when, and why. */
  readonly closed?: { readonly by: string; readonly at: number; readonly reason?: string };
}
