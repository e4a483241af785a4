import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@signalbox/sdk';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import { rfc3339 } from '../views/rfc3339.ts';
import { timestamp } from '../views/schema.ts';

const parameters = Type.Object(
  {
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 500,
        default: 50,
        description: 'How many former revisions at most.',
      }),
    ),
  },
  { additionalProperties: false },
);

const configSchema = Type.Object(
  {
    revision: Type.String({
      description: 'The active configuration: a hash that changes whenever its meaning does.',
    }),
    revisions: Type.Array(Type.Object({ id: Type.String(), at: timestamp('When it became active.') }), {
      description: 'The history, newest first.',
    }),
  },
  { description: 'Which configuration is in force.' },
);

/** Which configuration is in force, and which were before. */
export function configRoutes(services: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/config',
      {
        schema: {
          operationId: 'getConfig',
          tags: ['hub'],
          summary: 'Show the active configuration’s revision and its history',
          querystring: parameters,
          response: answers(configSchema, 400),
        },
      },
      async (request) => {
        const revisions = await services.reader.revisions(request.query.limit ?? 50);
        return {
          revision: services.settings().revision,
          revisions: revisions.map(({ id, at }) => ({ id, at: rfc3339(at) })),
        };
      },
    );
  };
}
