import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@signalbox/sdk';
import { answerPage, pageParameters, pageQuery } from '../page.ts';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import { groupSchema, presentGroup } from '../views/present-group.ts';
import { pageOf, ref, wordFilter } from '../views/schema.ts';

const listParameters = Type.Object(
  { ...pageParameters, receiver: wordFilter('Only for this receiver.') },
  { additionalProperties: false },
);

/** How alerts are batched, and what each receiver was told. */
export function groupRoutes({ reader }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/groups',
      {
        schema: {
          operationId: 'listGroups',
          tags: ['alerts'],
          summary: 'List groups',
          querystring: listParameters,
          response: answers(pageOf(ref(groupSchema)), 400),
        },
      },
      async (request, reply) =>
        answerPage(request, reply, await reader.groups(pageQuery(request.query)), presentGroup),
    );
  };
}
