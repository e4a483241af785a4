import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@signalbox/sdk';
import { answers } from '../responses.ts';
import { noParameters } from './id-parameter.ts';

/** The description of the API by itself. */
export function openApiDocumentRoutes(): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/api/openapi.json',
      {
        schema: {
          operationId: 'getOpenApi',
          tags: ['hub'],
          summary: 'Show this description as OpenAPI 3.1',
          querystring: noParameters,
          response: answers(
            Type.Unsafe<object>({ type: 'object', additionalProperties: true, description: 'OpenAPI 3.1.' }),
            400,
          ),
        },
      },
      async () => app.swagger(),
    );
  };
}
