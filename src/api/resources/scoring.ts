import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@signalbox/sdk';
import { emptyModel } from '../../scoring/learn.ts';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import { modelSchema, presentModel } from '../views/present-model.ts';
import { ref, tenantName } from '../views/schema.ts';

const parameters = Type.Object({ tenant: Type.Optional(tenantName) }, { additionalProperties: false });

/** By what alerts are scored. */
export function scoringRoutes({ reader, now }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/scoring/model',
      {
        schema: {
          operationId: 'getScoreModel',
          tags: ['alerts'],
          summary: 'Show what the relevance model of a tenant has learned',
          querystring: parameters,
          response: answers(ref(modelSchema), 400, 503),
        },
      },
      async (request) => {
        const tenant = request.query.tenant ?? 'default';
        return presentModel((await reader.model(tenant)) ?? emptyModel(tenant), now());
      },
    );
  };
}
