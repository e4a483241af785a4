import type { Priority } from '@signalbox/sdk';
import { isOpen, type BusinessHours } from '../calendar/business-hours.ts';
import type { Labels } from '../model/matcher.ts';
import type { Facts } from '../model/prepared.ts';
import { priorityOf } from '../model/severity.ts';
import type { CompiledPolicy, CompiledPriority } from './compile.ts';

/** What policies look at. */
export interface PrioritySubject {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly severity: string;
  readonly integration: string;
  readonly facts: Facts;
}

/** One value with the policy that set it (BR-QUAL-017). */
export interface PriorityReason {
  readonly field: 'priority' | 'criticality' | 'slo' | 'cost_center' | 'business_unit' | 'compliance';
  readonly value: string;
  readonly policy: string;
  /** Of the policy in the list, from 1. */
  readonly position: number;
}

export interface Prioritised {
  /** Absent: by the severity. */
  readonly priority?: Priority;
  readonly criticality?: string;
  readonly slo?: string;
  readonly costCenter?: string;
  readonly businessUnit?: string;
  readonly compliance: readonly string[];
  readonly reasons: readonly PriorityReason[];
  /** Policies whose condition could not be evaluated for this alert, with the reason; they were passed over. */
  readonly troubles: readonly { readonly policy: string; readonly problem: string }[];
}

/** What counts for an environment that nobody knows (BR-QUAL-002). */
export const UNKNOWN_ENVIRONMENT_IS = 'production';

type Single = Exclude<PriorityReason['field'], 'compliance'>;
const SINGLE: readonly Single[] = ['priority', 'criticality', 'slo', 'cost_center', 'business_unit'];

/**
 * Asks the policies in their order. For each value the first one that holds and says something decides, so exceptions stand before what is
 * general; compliance tags of all that hold add up. Pure: the same policies, alert and `now` give the same answer, with the reasons in
 * the order of the policies.
 *
 * @example
 * prioritise(compiled, { labels: { team: 'shop' }, annotations: {}, severity: 'warning', integration: 'prom', facts: {} }, now).priority;
 */
export function prioritise(compiled: CompiledPriority, subject: PrioritySubject, now: number): Prioritised {
  const environment = subject.facts.environment ?? UNKNOWN_ENVIRONMENT_IS;
  const found: Partial<Record<Single, string>> = {};
  const compliance: string[] = [];
  const reasons: PriorityReason[] = [];
  const troubles: { policy: string; problem: string }[] = [];
  let bindings: Readonly<Record<string, unknown>> | undefined;

  for (const policy of compiled.candidates(subject.labels, environment)) {
    const news = newsOf(policy, environment, found, compliance);
    if (news.length === 0 || !fits(compiled, policy, subject.labels, now)) continue;
    if (policy.when) {
      bindings ??= bindingsOf(subject, environment, now);
      const answer = policy.when(bindings);
      if (typeof answer === 'string') troubles.push({ policy: policy.id, problem: answer });
      if (answer !== true) continue;
    }
    for (const [field, value] of news) {
      reasons.push({ field, value, policy: policy.id, position: policy.position });
      if (field === 'compliance') compliance.push(value);
      else found[field] = value;
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

/** What a policy says that no earlier one has said. Nothing: its conditions need not be looked at. */
function newsOf(
  { values, slo, compliance }: CompiledPolicy,
  environment: string,
  found: Readonly<Partial<Record<Single, string>>>,
  tags: readonly string[],
): readonly (readonly [PriorityReason['field'], string])[] {
  const news: (readonly [PriorityReason['field'], string])[] = [];
  for (const field of SINGLE) {
    if (found[field] !== undefined) continue;
    const value = field === 'slo' ? (slo[environment] ?? slo['default']) : values[field];
    if (value !== undefined) news.push([field, value]);
  }
  for (const tag of compliance) if (!tags.includes(tag)) news.push(['compliance', tag]);
  return news;
}

/** The cheap conditions; candidates are in the right environment already. */
function fits(
  { businessHours }: CompiledPriority,
  { matchers, hours }: CompiledPolicy,
  labels: Labels,
  now: number,
): boolean {
  for (const { name, test } of matchers) if (!test(labels[name] ?? '')) return false;
  return !hours || isOpen(businessHours.get(hours.name) as BusinessHours, now) === hours.isOpen;
}

/** The names that expressions know; the same as in rules. `alert.priority` is what the severity says. */
function bindingsOf(
  { labels, annotations, severity, integration, facts }: PrioritySubject,
  environment: string,
  now: number,
): Readonly<Record<string, unknown>> {
  return {
    alert: { labels, annotations, severity, priority: priorityOf(severity) },
    facts: { ...facts, environment },
    integration,
    now: new Date(now),
  };
}
