import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import { directoryCheckSchema, presentDirectoryCheck } from '../views/present-directory.ts';
import { ref } from '../views/schema.ts';
import { noParameters } from './id-parameter.ts';

/** What the directory of the organization says of the configuration's names (BR-QUAL-011). */
export function classificationDirectoryRoutes({ directory, now }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/classification/directory',
      {
        schema: {
          operationId: 'getDirectoryCheck',
          tags: ['hub'],
          summary: 'Compare the names of the configuration with the directory',
          description:
            'As this node read the directory last; the request reads nothing. Every owner, team, tenant, business unit, cost center and person that the configuration names is looked up.',
          querystring: noParameters,
          response: answers(ref(directoryCheckSchema), 400),
        },
      },
      async () => presentDirectoryCheck(directory(), now()),
    );
  };
}
