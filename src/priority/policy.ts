import type { Subject } from '../rules/subject.ts';
import type { Assess } from './assess.ts';
import type { BusinessHoursByName, CompiledCircumstances } from './holds.ts';

/** One policy made ready. */
export interface CompiledPolicy extends CompiledCircumstances {
  readonly id: string;
  /** In the list, from 1. */
  readonly position: number;
  readonly values: Readonly<Partial<Record<string, string>>>;
  readonly slo: Readonly<Partial<Record<string, string>>>;
  readonly compliance: readonly string[];
}

export interface CompiledPriority {
  readonly policies: readonly CompiledPolicy[];
  readonly businessHours: BusinessHoursByName;
  /** Absent: there are no procedures. */
  readonly assess?: Assess;
  /** Policies that may hold for an alert, in their order. */
  candidates(subject: Subject, environment: string): readonly CompiledPolicy[];
}
