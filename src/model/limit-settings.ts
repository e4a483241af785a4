import type { Priority } from '@signalbox/sdk';

/** How much namespaces of some kind may have. All conditions have to hold; a rule without any holds for all namespaces. */
export interface LimitRule {
  readonly id: string;
  readonly environments?: readonly string[];
  readonly tenants?: readonly string[];
  readonly businessUnits?: readonly string[];
  /** How much it matters to the business, as the policies of priority say it (BR-AP-031). */
  readonly criticalities?: readonly string[];
  readonly priorities?: readonly Priority[];
  readonly clusters?: readonly string[];
  /** Exact names. */
  readonly namespaces?: readonly string[];
  /** By resource, as in a ResourceQuota: `{ cpu: '8', memory: '32Gi', pods: '100' }`. */
  readonly limits: Readonly<Record<string, string>>;
}

/** More of a resource than there may be. */
export interface Breach {
  readonly resource: string;
  readonly asked: string;
  /** Absent when what was asked for can't be read. */
  readonly limit?: string;
  /** The rule that sets the limit. */
  readonly rule?: string;
  readonly message: string;
}
