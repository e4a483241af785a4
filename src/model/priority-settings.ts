import type { Priority } from '@signalbox/sdk';
import type { ProcedureSettings } from './procedure-settings.ts';
import type { Circumstances } from './rule-settings.ts';

/**
 * How alerts get their business priority. All of it is plain data: it crosses threads as it is and counts for the revision;
 * `src/priority/compile.ts` makes it ready.
 */
export interface PrioritySettings {
  /** In the order in which they are asked. */
  readonly policies: readonly PriorityPolicy[];
  readonly slos: Readonly<Record<string, Slo>>;
  readonly businessHours: Readonly<Record<string, BusinessHoursText>>;
  readonly costCenters: Readonly<Record<string, CostCenter>>;
  /** Absent: nothing is assessed. */
  readonly procedures?: ProcedureSettings;
}

/** One rule of the organization: for which alerts it holds, and what it says of them. */
export interface PriorityPolicy extends Circumstances {
  readonly id: string;
  /** Where the organization says so, e.g. `SLA 2026, section 4`. */
  readonly source?: string;
  readonly set: PolicyValues;
}

/** What a policy says. Absent: nothing about it. */
export interface PolicyValues {
  readonly priority?: Priority;
  readonly criticality?: string;
  /** By environment; `default` for those that are not named. */
  readonly slo?: Readonly<Record<string, string>>;
  readonly costCenter?: string;
  readonly businessUnit?: string;
  /** Tags of all policies that hold add up. */
  readonly compliance?: readonly string[];
}

/** A service level objective. */
export interface Slo {
  readonly title?: string;
  /** Percent of good events or time, e.g. 99.9. */
  readonly objective: number;
  readonly windowMs: number;
}

/** Business hours as `parseBusinessHours` reads them, with the holidays of calendar files written out. */
export interface BusinessHoursText {
  readonly time_zone: string;
  readonly hours: Readonly<Record<string, readonly string[]>>;
  readonly holidays: readonly string[];
}

export interface CostCenter {
  readonly title?: string;
  readonly currency: string;
  /** Of one calendar month, in hundredths of the currency. Absent: only counted. */
  readonly budget?: number;
  /** Percent of the budget by environment, 100 in all at most; what is left is not allocated. */
  readonly allocation: Readonly<Record<string, number>>;
}
