import type { BusinessHours } from '../calendar/business-hours.ts';
import type { PriorityPolicy } from '../model/priority-settings.ts';
import type { Condition } from '../rules/condition.ts';
import type { Subject } from '../rules/subject.ts';

/** One policy made ready. */
export interface CompiledPolicy {
  readonly id: string;
  /** In the list, from 1. */
  readonly position: number;
  readonly condition: Condition;
  readonly environments: readonly string[];
  readonly hours?: PriorityPolicy['hours'];
  readonly values: Readonly<Partial<Record<string, string>>>;
  readonly slo: Readonly<Partial<Record<string, string>>>;
  readonly compliance: readonly string[];
}

export interface CompiledPriority {
  readonly policies: readonly CompiledPolicy[];
  readonly businessHours: ReadonlyMap<string, BusinessHours>;
  /** Policies that may hold for an alert, in their order. */
  candidates(subject: Subject, environment: string): readonly CompiledPolicy[];
}
