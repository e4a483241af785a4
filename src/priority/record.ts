import { FAILED, type Facts, type Made } from '../model/prepared.ts';
import type { Assessed } from './assess.ts';
import type { Prioritised } from './prioritise.ts';

/** What is stored with the alert; a business unit that a policy names goes before one that the namespace says. */
export function factsOf({
  criticality,
  slo,
  costCenter,
  businessUnit,
  compliance,
  reasons,
}: Prioritised): Facts {
  return {
    ...(criticality === undefined ? {} : { criticality }),
    ...(slo === undefined ? {} : { slo }),
    ...(costCenter === undefined ? {} : { costCenter }),
    ...(businessUnit === undefined ? {} : { businessUnit }),
    ...(compliance.length === 0 ? {} : { compliance }),
    ...(reasons.length === 0 ? {} : { reasons }),
  };
}

/** One decision for each policy that set something, and for each that failed (BR-QUAL-013). */
export function decisionsOf({ reasons, troubles }: Prioritised): readonly Made[] {
  const said = new Map<string, string[]>();
  for (const { field, value, policy } of reasons)
    said.getOrInsertComputed(policy, () => []).push(`${field} ${value}`);
  return [
    ...Array.from(said, ([rule, values]) => made(rule, values.join(', '))),
    ...troubles.map(({ policy, problem }) => made(policy, FAILED + problem)),
  ];
}

/** Which level it has by which rule, and what failed on the way (BR-QUAL-008). */
export function assessmentDecisions({ assessment, troubles }: Assessed): readonly Made[] {
  return [
    ...(assessment ? [made(assessment.rule, `level ${assessment.level} (${assessment.definedAt})`)] : []),
    ...troubles.map(({ rule, problem }) => made(rule, FAILED + problem)),
  ];
}

function made(rule: string, outcome: string): Made {
  return { stage: 'prioritise', rule, outcome };
}
