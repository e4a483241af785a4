import { compileExpression, isFault } from '@signalbox/sdk';
import type { BusinessHours } from '../calendar/business-hours.ts';
import { parseBusinessHours } from '../calendar/parse-business-hours.ts';
import { createMatcher } from '../model/create-matcher.ts';
import type { Labels, Matcher } from '../model/matcher.ts';
import type { PolicyValues, PriorityPolicy, PrioritySettings } from '../model/priority-settings.ts';

/** The names that conditions of policies know. */
export const POLICY_VARIABLES = ['alert', 'facts', 'integration', 'now'];

/** One policy made ready. */
export interface CompiledPolicy {
  readonly id: string;
  readonly position: number;
  readonly matchers: readonly Matcher[];
  /** Whether it holds; a text says why that can't be told. */
  readonly when?: (bindings: Readonly<Record<string, unknown>>) => boolean | string;
  readonly environments: readonly string[];
  readonly hours?: PriorityPolicy['hours'];
  readonly values: Readonly<Partial<Record<string, string>>>;
  readonly slo: Readonly<Partial<Record<string, string>>>;
  readonly compliance: readonly string[];
}

export interface CompiledPriority {
  readonly policies: readonly CompiledPolicy[];
  readonly businessHours: ReadonlyMap<string, BusinessHours>;
  /** Policies that may hold, in their order. What a map can rule out is left out. */
  candidates(labels: Labels, environment: string): readonly CompiledPolicy[];
}

/**
 * Makes policies ready; do it once and keep the result. They were checked when the configuration was read, so what does not compile here
 * is a bug and throws.
 */
export function compilePriority(settings: PrioritySettings): CompiledPriority {
  const policies = settings.policies.map(compilePolicy);
  return {
    policies,
    businessHours: new Map(
      Object.entries(settings.businessHours).map(([name, hours]) => [name, parseBusinessHours(hours)]),
    ),
    candidates: createIndex(policies),
  };
}

const ready = new WeakMap<PrioritySettings, CompiledPriority>();

/** The same, kept for as long as the settings are. */
export function readyPriority(settings: PrioritySettings): CompiledPriority {
  let compiled = ready.get(settings);
  if (!compiled) ready.set(settings, (compiled = compilePriority(settings)));
  return compiled;
}

function compilePolicy(policy: PriorityPolicy, index: number): CompiledPolicy {
  const { id, matchers, when, environments, hours, set } = policy;
  return {
    id,
    position: index + 1,
    matchers: matchers.map(({ name, op, value }) => createMatcher(name, op, value)),
    ...(when === undefined ? {} : { when: compileCondition(when) }),
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

function compileCondition(source: string): NonNullable<CompiledPolicy['when']> {
  const expression = compileExpression(source, { variables: POLICY_VARIABLES });
  return (bindings) => {
    try {
      const answer = expression.evaluate(bindings);
      return typeof answer === 'boolean' ? answer : 'the condition is neither true nor false';
    } catch (error) {
      if (isFault(error)) return error.message;
      throw error;
    }
  };
}

/**
 * Files each policy under one thing that a map can look up: the value of a label that has to be equal, else its environments. An alert meets only the
 * policies filed under its own values and those that are filed under nothing.
 */
function createIndex(policies: readonly CompiledPolicy[]): CompiledPriority['candidates'] {
  const byLabel = new Map<string, Map<string, CompiledPolicy[]>>();
  const byEnvironment = new Map<string, CompiledPolicy[]>();
  const others: CompiledPolicy[] = [];
  for (const policy of policies) {
    const key = policy.matchers.find(({ op, value }) => op === '=' && value !== '');
    if (key) {
      const values = byLabel.getOrInsertComputed(key.name, () => new Map<string, CompiledPolicy[]>());
      values.getOrInsertComputed(key.value, () => []).push(policy);
    } else if (policy.environments.length > 0) {
      for (const name of new Set(policy.environments))
        byEnvironment.getOrInsertComputed(name, () => []).push(policy);
    } else {
      others.push(policy);
    }
  }
  return (labels, environment) => {
    const lists = [others, byEnvironment.get(environment) ?? []];
    for (const [name, values] of byLabel) {
      const filed = values.get(labels[name] ?? '');
      if (filed) {
        lists.push(
          filed.filter(({ environments }) => environments.length === 0 || environments.includes(environment)),
        );
      }
    }
    const filled = lists.filter(({ length }) => length > 0);
    if (filled.length < 2) return filled[0] ?? [];
    return filled.flat().sort((left, right) => left.position - right.position);
  };
}
