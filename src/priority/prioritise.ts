import type { Budget, Priority } from '@signalbox/sdk';
import type { PolicyReason } from '../model/prepared.ts';
import type { Subject } from '../rules/subject.ts';
import { holds, placed } from './holds.ts';
import type { CompiledPolicy, CompiledPriority } from './policy.ts';

export interface Prioritised {
  /** Absent: by the severity. */
  readonly priority?: Priority;
  readonly criticality?: string;
  readonly slo?: string;
  readonly costCenter?: string;
  readonly businessUnit?: string;
  readonly compliance: readonly string[];
  /** In the order of the policies. */
  readonly reasons: readonly PolicyReason[];
  /** Policies whose condition failed for this alert, with the reason; they were passed over. */
  readonly troubles: readonly { readonly policy: string; readonly problem: string }[];
}

/** What all expressions together may cost one alert, about 20 ms. */
const STEPS_PER_ALERT = 200_000;

type Single = Exclude<PolicyReason['field'], 'compliance'>;
const SINGLE: readonly Single[] = ['priority', 'criticality', 'slo', 'cost_center', 'business_unit'];

/**
 * Asks the policies in their order. For each value the first one that holds and says something decides, so exceptions stand before what is
 * general; compliance tags of all that hold add up. Pure: the same policies, alert and `now` give the same answer.
 *
 * @example
 * prioritise(compiled, subject, now).reasons; // [{ field: 'priority', value: 'critical', policy: 'production-nights', position: 3 }]
 */
export function prioritise(compiled: CompiledPriority, subject: Subject, now: number): Prioritised {
  const { subject: seen, environment } = placed(subject);
  const found: Partial<Record<Single, string>> = {};
  const compliance: string[] = [];
  const reasons: PolicyReason[] = [];
  const troubles: { policy: string; problem: string }[] = [];
  const budget: Budget = { steps: STEPS_PER_ALERT };

  for (const policy of compiled.candidates(seen, environment)) {
    if (!hasNews(policy, environment, found, compliance)) continue;
    const answer = holds(policy, compiled.businessHours, seen, now, budget);
    if (typeof answer === 'string') troubles.push({ policy: policy.id, problem: answer });
    if (answer !== true) continue;
    const { id, position } = policy;
    for (const field of SINGLE) {
      const value = valueOf(policy, field, environment);
      if (value === undefined || found[field] !== undefined) continue;
      found[field] = value;
      reasons.push({ field, value, policy: id, position });
    }
    for (const value of policy.compliance) {
      if (compliance.includes(value)) continue;
      compliance.push(value);
      reasons.push({ field: 'compliance', value, policy: id, position });
    }
  }
  return {
    ...(found.priority === undefined ? {} : { priority: found.priority as Priority }),
    ...(found.criticality === undefined ? {} : { criticality: found.criticality }),
    ...(found.slo === undefined ? {} : { slo: found.slo }),
    ...(found.cost_center === undefined ? {} : { costCenter: found.cost_center }),
    ...(found.business_unit === undefined ? {} : { businessUnit: found.business_unit }),
    compliance,
    reasons,
    troubles,
  };
}

/** Whether a policy says something that no earlier one has said; if not, its conditions need not be looked at. */
function hasNews(
  policy: CompiledPolicy,
  environment: string,
  found: Readonly<Partial<Record<Single, string>>>,
  tags: readonly string[],
): boolean {
  for (const field of SINGLE)
    if (found[field] === undefined && valueOf(policy, field, environment) !== undefined) return true;
  return policy.compliance.some((tag) => !tags.includes(tag));
}

function valueOf({ values, slo }: CompiledPolicy, field: Single, environment: string): string | undefined {
  return field === 'slo' ? (slo[environment] ?? slo['default']) : values[field];
}
