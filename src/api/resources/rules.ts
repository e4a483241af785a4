import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@signalbox/sdk';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import { listCounts } from '../../rules/list-counts.ts';
import { RULE_KINDS } from '../../rules/tally.ts';
import { presentRule, presentRuleCount, ruleCountSchema, ruleSchema } from '../views/present-rule.ts';
import { oneOf, ref } from '../views/schema.ts';
import { noParameters } from './id-parameter.ts';

const listSchema = Type.Object(
  { items: Type.Array(ref(ruleSchema)) },
  { description: 'All rules, in the order in which they are tried.' },
);

const countListSchema = Type.Object(
  { items: Type.Array(ref(ruleCountSchema)) },
  { description: 'By kind, in the order in which alerts meet them.' },
);
const countFilter = Type.Object(
  {
    kind: Type.Optional(oneOf(RULE_KINDS, 'Only rules of this kind.')),
    matched: Type.Optional(
      Type.Boolean({ description: 'Only those that matched, or with `false` those that never did.' }),
    ),
  },
  { additionalProperties: false },
);

/** Which rules there are, and what they did. */
export function ruleRoutes({ settings, ruleCounts }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/rules',
      {
        schema: {
          operationId: 'listRules',
          tags: ['rules'],
          summary: 'List rules with how often they matched on this node',
          querystring: noParameters,
          response: answers(listSchema, 400),
        },
      },
      async () => {
        const { filter } = await ruleCounts();
        return { items: settings().rules.map((rule) => presentRule(rule, filter.get(rule.id))) };
      },
    );

    app.get(
      '/rules/counts',
      {
        schema: {
          operationId: 'listRuleCounts',
          tags: ['rules'],
          summary: 'List how often rules of all kinds matched on this node',
          description:
            'Rules, policies of business priority, rules that classify and correlate, routes, inhibition rules, time intervals, and the conditions of enrichments and workflows, with those that never matched.',
          querystring: countFilter,
          response: answers(countListSchema, 400),
        },
      },
      async ({ query }) => {
        const all = listCounts(settings(), await ruleCounts());
        const items = all.filter(
          ({ kind, matches }) =>
            (query.kind === undefined || query.kind === kind) &&
            (query.matched === undefined || query.matched === matches > 0),
        );
        return { items: items.map(presentRuleCount) };
      },
    );
  };
}
