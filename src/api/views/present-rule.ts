import { Type, type Static } from '@signalbox/sdk';
import { formatMatcher } from '../../model/create-matcher.ts';
import type { RuleSettings } from '../../model/rule-settings.ts';
import { isLate } from '../../rules/compile-rules.ts';
import { compileCondition } from '../../rules/condition.ts';
import type { CountedRule } from '../../rules/list-counts.ts';
import { RULE_KINDS, type RuleCount } from '../../rules/tally.ts';
import { rfc3339 } from './rfc3339.ts';
import { fingerprint, oneOf, priority, stringMap, tenantName, timestamp } from './schema.ts';

export const ruleSchema = Type.Object(
  {
    id: Type.String({
      description: 'By which decisions and metrics call it.',
      examples: ['quiet-batch-jobs'],
    }),
    when: Type.Optional(Type.String({ description: 'Its condition in CEL.' })),
    matchers: Type.Array(Type.String(), { description: 'Its matchers, which must all match.' }),
    filter: Type.Optional(Type.String({ description: 'The integration that decides whether it holds.' })),
    hold: Type.Optional(Type.String({ description: 'It holds, with this reason.' })),
    set: Type.Object(
      {
        priority: Type.Optional(priority),
        labels: stringMap('Labels that it sets; an empty text removes one.', { team: 'shop' }),
        annotations: stringMap('Annotations that it sets.', {}),
      },
      { description: 'What it changes.' },
    ),
    stop: Type.Boolean({ description: 'Whether rules after it are left out.' }),
    is_late: Type.Boolean({
      description:
        'Whether it reads what enrichment and priority find out, and so is tried after those that do not.',
    }),
    matches: Type.Integer({
      minimum: 0,
      description: 'Statements that it matched on this node since it started.',
    }),
    failures: Type.Integer({ minimum: 0, description: 'Statements on which it failed.' }),
    last_match: Type.Optional(
      Type.Object(
        { at: timestamp('When.'), tenant: tenantName, fingerprint },
        { description: 'The newest alert that it matched.' },
      ),
    ),
  },
  { $id: 'Rule', description: 'A rule of the configuration with what it did.' },
);
export type RuleView = Static<typeof ruleSchema>;

export const ruleCountSchema = Type.Object(
  {
    kind: oneOf(
      RULE_KINDS,
      'What it decides: environment and tenant, what is asked of others, business priority, what `rules` do, who is told, what is handed to workflow engines, incidents, which alerts hold others and are held for them, and when nobody is told.',
    ),
    id: Type.String({
      description: 'By which decisions call it; of a route its key.',
      examples: ['tier-1-services'],
    }),
    matches: ruleSchema.properties.matches,
    failures: ruleSchema.properties.failures,
    last_match: ruleSchema.properties.last_match,
  },
  { $id: 'RuleCount', description: 'What one rule of any kind did.' },
);
export type RuleCountView = Static<typeof ruleCountSchema>;

export function presentRuleCount({ kind, id, ...count }: CountedRule): RuleCountView {
  return { kind, id, ...presentCount(count) };
}

export function presentRule(rule: RuleSettings, count: RuleCount | undefined): RuleView {
  const { id, when, matchers = [], filter, hold, set, stop } = rule;
  return {
    id,
    ...(when === undefined ? {} : { when }),
    matchers: matchers.map(formatMatcher),
    ...(filter === undefined ? {} : { filter }),
    ...(hold === undefined ? {} : { hold }),
    set,
    stop,
    is_late: isLate(compileCondition(rule)),
    ...presentCount(count),
  };
}

function presentCount(count: RuleCount | undefined) {
  const { matches = 0, failures = 0, last } = count ?? {};
  return { matches, failures, ...(last ? { last_match: { ...last, at: rfc3339(last.at) } } : {}) };
}
