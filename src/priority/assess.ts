import type { Budget } from '@signalbox/sdk';
import type { Assessment } from '../model/assessment.ts';
import type { Circumstances } from '../model/rule-settings.ts';
import type { Cell, ProcedureSettings, ResponseLevel } from '../model/procedure-settings.ts';
import { compileCondition } from '../rules/condition.ts';
import type { Subject } from '../rules/subject.ts';
import { holds, placed, type BusinessHoursByName, type CompiledCircumstances } from './holds.ts';

export interface Assessed {
  /** Absent: the procedures have only criteria, and none holds. */
  readonly assessment?: Assessment;
  /** Conditions that failed for this alert, with the reason; they were passed over. */
  readonly troubles: readonly { readonly rule: string; readonly problem: string }[];
}

/** Procedures made ready. */
export interface Assess {
  /** Assesses one alert. Pure: the same procedures, alert and `now` give the same answer. */
  (subject: Subject, now: number): Assessed;
  /** Everything that can decide, by the names that assessments give. */
  readonly rules: readonly string[];
}

/** What all expressions together may cost one alert, about 20 ms. */
const STEPS_PER_ALERT = 200_000;

type Compiled<T> = T & CompiledCircumstances;

/**
 * Makes procedures ready; do it once and keep the result (BR-QUAL-008). The first criterion that holds decides; else the first impact and the first
 * urgency that hold, by the matrix. They were checked when the configuration was read, so what does not compile here is a bug and throws.
 *
 * @example
 * compileProcedures(settings, businessHours)(subject, now).assessment; // { level: 'SEV1', rule: 'extensive × high', … }
 */
export function compileProcedures(settings: ProcedureSettings, businessHours: BusinessHoursByName): Assess {
  const criteria = settings.criteria.map(compile);
  const impacts = settings.impact.map(compile);
  const urgencies = settings.urgency.map(compile);
  const assess = (alert: Subject, now: number): Assessed => {
    const { subject, environment } = placed(alert);
    const budget: Budget = { steps: STEPS_PER_ALERT };
    const troubles: Assessed['troubles'][number][] = [];
    const findFirst = <T extends { readonly id: string }>(list: readonly Compiled<T>[]) =>
      list.find((each) => {
        if (each.environments.length > 0 && !each.environments.includes(environment)) return false;
        const answer = holds(each, businessHours, subject, now, budget);
        if (typeof answer === 'string') troubles.push({ rule: each.id, problem: answer });
        return answer === true;
      });
    const criterion = findFirst(criteria);
    if (criterion) return { assessment: assessmentOf(settings, criterion, { rule: criterion.id }), troubles };
    const impact = findFirst(impacts)?.id;
    const urgency = findFirst(urgencies)?.id;
    if (impact === undefined || urgency === undefined) return { troubles };
    const why = { rule: cellName(impact, urgency), impact, urgency };
    return { assessment: assessmentOf(settings, settings.matrix[impact]![urgency]!, why), troubles };
  };
  return Object.assign(assess, { rules: ruleNames(settings) });
}

/** What reports call a cell of the matrix. */
function cellName(impact: string, urgency: string): string {
  return `${impact} × ${urgency}`;
}

function ruleNames({ criteria, impact, urgency }: ProcedureSettings): readonly string[] {
  const cells = impact.flatMap((row) => urgency.map((column) => cellName(row.id, column.id)));
  return [...new Set([...criteria.map(({ id }) => id), ...cells])];
}

function compile<T extends Circumstances>(circumstances: T): Compiled<T> {
  return { ...circumstances, condition: compileCondition(circumstances) };
}

function assessmentOf(
  { levels, source: document }: ProcedureSettings,
  { level: id, definedAt, source: section }: Cell & { readonly source?: string },
  why: Pick<Assessment, 'rule' | 'impact' | 'urgency'>,
): Assessment {
  const rank = levels.findIndex((level) => level.id === id);
  const { title, acknowledgeWithinMs, updateEveryMs, lead, runbookUrl, steps }: ResponseLevel = levels[rank]!;
  const source = section ?? document;
  return {
    level: id,
    rank,
    ...(title === undefined ? {} : { title }),
    ...why,
    definedAt,
    ...(source === undefined ? {} : { source }),
    ...(acknowledgeWithinMs === undefined ? {} : { acknowledgeWithinMs }),
    ...(updateEveryMs === undefined ? {} : { updateEveryMs }),
    ...(lead === undefined ? {} : { lead }),
    ...(runbookUrl === undefined ? {} : { runbookUrl }),
    ...(steps.length === 0 ? {} : { steps }),
  };
}
