import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@signalbox/sdk';
import { explain } from '../../explanation/explain.ts';
import { loadFacts } from '../../explanation/load-facts.ts';
import { Problem } from '../problem.ts';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import { explanationSchema, presentExplanation } from '../views/present-explanation.ts';
import { fingerprint, ref, tenantName } from '../views/schema.ts';

/** Why an alert was or was not told (BR-AP-020). */
export function explainRoutes(services: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/alerts/:fingerprint/explain',
      {
        schema: {
          operationId: 'explainAlert',
          tags: ['alerts'],
          summary: 'Explain why an alert was or was not told, to whom, and what happens next',
          description:
            'From what is stored, in the order of the flow. What is no longer kept is said to be so; nothing is computed anew but what holds the alert at this moment.',
          params: Type.Object({ fingerprint }),
          querystring: Type.Object({ tenant: Type.Optional(tenantName) }, { additionalProperties: false }),
          response: answers(ref(explanationSchema), 400, 404),
        },
      },
      async (request) => {
        const { fingerprint: id } = request.params;
        const tenant = request.query.tenant ?? 'default';
        const facts = await loadFacts(services, tenant, id);
        if (!facts)
          throw new Problem('not_found', `Tenant ${tenant} has no alert with the fingerprint ${id}.`);
        return presentExplanation(explain(facts, services.now()));
      },
    );
  };
}
