import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@signalbox/sdk';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import { presentRule, ruleSchema } from '../views/present-rule.ts';
import { ref } from '../views/schema.ts';
import { noParameters } from './id-parameter.ts';

const listSchema = Type.Object(
  { items: Type.Array(ref(ruleSchema)) },
  { description: 'All rules, in the order in which they are tried.' },
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
        const counts = await ruleCounts();
        return { items: settings().rules.map((rule) => presentRule(rule, counts[rule.id])) };
      },
    );
  };
}
