import { compiledRules } from '../classification/compiled-rules.ts';
import type { Settings } from '../model/settings.ts';
import type { RuleCount } from './tally.ts';

/** In the order in which alerts meet them. */
export const RULE_KINDS = ['classification', 'priority', 'filter', 'correlation'] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

export interface CountedRule extends RuleCount {
  readonly kind: RuleKind;
  readonly id: string;
}

type Ruled = Pick<Settings, 'rules' | 'classification' | 'priority' | 'correlation'>;

const NOTHING: RuleCount = { matches: 0, failures: 0 };

/**
 * Everything of the configuration that takes alerts by a condition, with what it did on one node since that started: what never did
 * anything is there with zeros, and what counted under another configuration is there as well.
 *
 * @param counts by the keys of the tally
 */
export function listCounts(
  settings: Ruled,
  counts: Readonly<Record<string, RuleCount>>,
): readonly CountedRule[] {
  const configured = idsOf(settings);
  return RULE_KINDS.flatMap((kind) => {
    const prefix = kind === 'filter' ? '' : `${kind}/`;
    const counted = Object.keys(counts).filter((key) => isOfKind(key, prefix));
    const ids = new Set([...configured[kind], ...counted.map((key) => key.slice(prefix.length))]);
    return [...ids].map((id): CountedRule => ({ kind, id, ...NOTHING, ...counts[prefix + id] }));
  });
}

function isOfKind(key: string, prefix: string): boolean {
  return prefix === '' ? !RULE_KINDS.some((kind) => key.startsWith(`${kind}/`)) : key.startsWith(prefix);
}

function idsOf({
  rules,
  classification,
  priority,
  correlation,
}: Ruled): Readonly<Record<RuleKind, readonly string[]>> {
  const compiled = classification && compiledRules(classification);
  return {
    classification: compiled
      ? [...compiled.rules.map(({ id }) => id), ...compiled.tenants.map(({ rule }) => rule.id)]
      : [],
    priority: priority?.policies.map(({ id }) => id) ?? [],
    filter: rules.map(({ id }) => id),
    correlation: correlation?.rules.map(({ id }) => id) ?? [],
  };
}
