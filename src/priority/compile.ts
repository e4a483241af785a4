import { parseBusinessHours } from '../calendar/parse-business-hours.ts';
import type { PolicyValues, PriorityPolicy, PrioritySettings } from '../model/priority-settings.ts';
import { compileCondition } from '../rules/condition.ts';
import { compileProcedures } from './assess.ts';
import type { CompiledPolicy, CompiledPriority } from './policy.ts';
import { createIndex } from './policy-index.ts';

/**
 * Makes policies ready; do it once and keep the result. They were checked when the configuration was read, so what does not compile here
 * is a bug and throws.
 */
export function compilePriority(settings: PrioritySettings): CompiledPriority {
  const policies = settings.policies.map(compilePolicy);
  const businessHours = new Map(
    Object.entries(settings.businessHours).map(([name, hours]) => [name, parseBusinessHours(hours)]),
  );
  return {
    policies,
    businessHours,
    ...(settings.procedures ? { assess: compileProcedures(settings.procedures, businessHours) } : {}),
    candidates: createIndex(policies),
  };
}

function compilePolicy(policy: PriorityPolicy, index: number): CompiledPolicy {
  const { id, environments, hours, set } = policy;
  return {
    id,
    position: index + 1,
    condition: compileCondition(policy),
    environments,
    ...(hours === undefined ? {} : { hours }),
    values: valuesOf(set),
    slo: set.slo ?? {},
    compliance: set.compliance ?? [],
  };
}

function valuesOf({
  priority,
  criticality,
  costCenter,
  businessUnit,
}: PolicyValues): CompiledPolicy['values'] {
  return {
    ...(priority === undefined ? {} : { priority }),
    ...(criticality === undefined ? {} : { criticality }),
    ...(costCenter === undefined ? {} : { cost_center: costCenter }),
    ...(businessUnit === undefined ? {} : { business_unit: businessUnit }),
  };
}
