import type { ApprovalDefault, ApprovalUse } from './approval.ts';
import type { Gate } from './promotion.ts';

/** What needs a person's consent, and how long it waits for it (BR-AP-019). */
export interface ApprovalSettings {
  readonly deadlineMs: number;
  readonly onExpiry: ApprovalDefault;
  /** Nobody approves what they asked for themselves. */
  readonly fourEyes: boolean;
  /** Integrations whose dead letters are tried again only after an approval (BR-ERR-010). */
  readonly redrive: readonly string[];
  /** Integrations whose dead letters ask for a person by themselves (BR-ERR-007). */
  readonly intervene: readonly string[];
  /** Who has which role, by the names that people give. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  /** The ways from one environment to another (BR-AP-028). None: promotions are only recorded. */
  readonly gates: readonly Gate[];
  /** Who is told of those that wait; a use without an entry is told to nobody. */
  readonly telling: Partial<Readonly<Record<ApprovalUse, ApprovalTelling>>>;
}

export interface ApprovalTelling {
  readonly receiver: string;
  /** So long before the deadline they are told once more; 0: never. */
  readonly remindBeforeMs: number;
}
