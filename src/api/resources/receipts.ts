import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@signalbox/sdk';
import { findReceipt } from '../find-receipt.ts';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import { receiptSchema } from '../views/present-receipt.ts';
import { ref } from '../views/schema.ts';
import { noParameters } from './id-parameter.ts';

const parameters = Type.Object({
  id: Type.String({
    minLength: 1,
    maxLength: 100,
    description: 'The receipt from the answer of the webhook.',
  }),
});

/** What became of a signal after it was acknowledged. */
export function receiptRoutes({ reader, journal }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/receipts/:id',
      {
        schema: {
          operationId: 'getReceipt',
          tags: ['signals'],
          summary: 'Show what became of a signal',
          params: parameters,
          querystring: noParameters,
          response: answers(ref(receiptSchema), 400, 404),
        },
      },
      async (request) => findReceipt(request.params.id, reader, journal),
    );
  };
}
