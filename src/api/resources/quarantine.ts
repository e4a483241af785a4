import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@signalbox/sdk';
import { applyCommand } from '../apply-command.ts';
import { claimedUser } from '../claimed-user.ts';
import { answerPage, pageParameters, pageQuery } from '../page.ts';
import { Problem } from '../problem.ts';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import {
  presentQuarantined,
  presentQuarantinedDetail,
  quarantinedDetailSchema,
  quarantinedSchema,
  quarantineStatus,
  type QuarantinedDetailView,
} from '../views/present-quarantine.ts';
import { pageOf, ref, wordFilter } from '../views/schema.ts';
import { idParameter, noParameters } from './id-parameter.ts';

const listParameters = Type.Object(
  {
    ...pageParameters,
    status: Type.Optional(quarantineStatus),
    integration: wordFilter('Only what this integration took in.'),
  },
  { additionalProperties: false },
);

/** Authenticated signals that could not be understood. */
export function quarantineRoutes(services: Services): FastifyPluginAsyncTypebox {
  const { reader } = services;
  const show = async (id: string): Promise<QuarantinedDetailView> => {
    const row = await reader.quarantined(id);
    if (!row)
      throw new Problem('not_found', `There is no quarantined signal ${id}, or it is no longer kept.`);
    return presentQuarantinedDetail(row);
  };

  return async (app) => {
    app.get(
      '/quarantine',
      {
        schema: {
          operationId: 'listQuarantine',
          tags: ['dead letters'],
          summary: 'List quarantined signals',
          querystring: listParameters,
          response: answers(pageOf(ref(quarantinedSchema)), 400),
        },
      },
      async (request, reply) =>
        answerPage(request, reply, await reader.quarantine(pageQuery(request.query)), presentQuarantined),
    );

    app.get(
      '/quarantine/:id',
      {
        schema: {
          operationId: 'getQuarantined',
          tags: ['dead letters'],
          summary: 'Show a quarantined signal as it was received',
          params: idParameter,
          querystring: noParameters,
          response: answers(ref(quarantinedDetailSchema), 400, 404),
        },
      },
      async (request) => show(request.params.id),
    );

    app.post(
      '/quarantine/:id/redrive',
      {
        schema: {
          operationId: 'redriveQuarantined',
          tags: ['dead letters'],
          summary: 'Read a quarantined signal anew',
          description: 'For after its parser or mapping was corrected. 409 when it still can’t be read.',
          params: idParameter,
          querystring: noParameters,
          response: answers(ref(quarantinedDetailSchema), 400, 404, 409, 503),
        },
      },
      async (request) => {
        const { id } = request.params;
        await applyCommand(services.redriveQuarantined(id, claimedUser(request, undefined)));
        return show(id);
      },
    );

    app.post(
      '/quarantine/:id/discard',
      {
        schema: {
          operationId: 'discardQuarantined',
          tags: ['dead letters'],
          summary: 'Give a quarantined signal up',
          params: idParameter,
          querystring: noParameters,
          response: answers(ref(quarantinedDetailSchema), 400, 404, 409, 503),
        },
      },
      async (request) => {
        const { id } = request.params;
        await applyCommand(services.command({ kind: 'settle_quarantine', id, status: 'discarded' }));
        return show(id);
      },
    );
  };
}
