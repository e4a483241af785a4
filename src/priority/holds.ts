import { isFault, isMissingField, type Budget } from '@signalbox/sdk';
import { isOpen, type BusinessHours } from '../calendar/business-hours.ts';
import type { Circumstances } from '../model/rule-settings.ts';
import type { Condition } from '../rules/condition.ts';
import type { Subject } from '../rules/subject.ts';

/** What counts for an environment that nobody knows (BR-QUAL-002). */
export const UNKNOWN_ENVIRONMENT_IS = 'production';

/** Circumstances made ready; where they have environments, whoever asks looks at those. */
export interface CompiledCircumstances {
  readonly condition: Condition;
  readonly environments: readonly string[];
  readonly hours?: Circumstances['hours'];
}

export type BusinessHoursByName = ReadonlyMap<string, BusinessHours>;

/** The subject with the environment that counts. */
export function placed(subject: Subject): { readonly subject: Subject; readonly environment: string } {
  const environment = subject.facts.environment ?? UNKNOWN_ENVIRONMENT_IS;
  return {
    environment,
    subject: subject.facts.environment ? subject : { ...subject, facts: { ...subject.facts, environment } },
  };
}

/** Whether condition and hours hold; a text says why that can't be told. A field that only is not there means no. */
export function holds(
  { condition, hours }: CompiledCircumstances,
  businessHours: BusinessHoursByName,
  subject: Subject,
  now: number,
  budget: Budget,
): boolean | string {
  try {
    if (!condition.test(subject, budget)) return false;
  } catch (error) {
    if (isMissingField(error)) return false;
    return isFault(error) ? error.message : String(error);
  }
  return !hours || isOpen(businessHours.get(hours.name)!, now) === hours.isOpen;
}
