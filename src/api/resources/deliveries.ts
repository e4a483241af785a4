import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@signalbox/sdk';
import { applyCommand } from '../apply-command.ts';
import { claimedUser } from '../claimed-user.ts';
import { answerPage, pageParameters, pageQuery } from '../page.ts';
import { Problem } from '../problem.ts';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import {
  deliveryDetailSchema,
  deliverySchema,
  deliveryStatus,
  presentAttempt,
  presentDelivery,
  type DeliveryDetailView,
} from '../views/present-delivery.ts';
import { pageOf, priority, ref, wordFilter } from '../views/schema.ts';
import { idParameter, noParameters } from './id-parameter.ts';

const listParameters = Type.Object(
  {
    ...pageParameters,
    status: Type.Optional(Type.Array(deliveryStatus, { maxItems: 7, description: 'May be repeated.' })),
    integration: wordFilter('Only through this integration.'),
    receiver: wordFilter('Only for this receiver.'),
    priority: Type.Optional(priority),
    notification_id: wordFilter('Only of this notification.'),
    group_id: wordFilter('Only of this group.'),
  },
  { additionalProperties: false },
);

/** Whether, when and how it got there; sending again and giving up by hand. */
export function deliveryRoutes(services: Services): FastifyPluginAsyncTypebox {
  const { reader } = services;
  const show = async (id: string): Promise<DeliveryDetailView> => {
    const delivery = await reader.delivery(id);
    if (!delivery) throw new Problem('not_found', `There is no delivery ${id}, or it is no longer kept.`);
    const attempts = await reader.attempts(id);
    return { ...presentDelivery(delivery), attempts: attempts.map(presentAttempt) };
  };

  return async (app) => {
    app.get(
      '/deliveries',
      {
        schema: {
          operationId: 'listDeliveries',
          tags: ['deliveries'],
          summary: 'List deliveries',
          querystring: listParameters,
          response: answers(pageOf(ref(deliverySchema)), 400),
        },
      },
      async (request, reply) => {
        const { notification_id: notificationId, group_id: groupId, ...filters } = request.query;
        const query = {
          ...pageQuery(filters),
          ...(notificationId !== undefined && { notificationId }),
          ...(groupId !== undefined && { groupId }),
        };
        return answerPage(request, reply, await reader.deliveries(query), presentDelivery);
      },
    );

    app.get(
      '/deliveries/:id',
      {
        schema: {
          operationId: 'getDelivery',
          tags: ['deliveries'],
          summary: 'Show a delivery and every attempt',
          params: idParameter,
          querystring: noParameters,
          response: answers(ref(deliveryDetailSchema), 400, 404),
        },
      },
      async (request) => show(request.params.id),
    );

    app.post(
      '/deliveries/:id/redrive',
      {
        schema: {
          operationId: 'redriveDelivery',
          tags: ['deliveries'],
          summary: 'Send again what was given up',
          description:
            'Under the same idempotency key and with a new deadline. Answers after it is committed; `approval_needed` where `approvals.redrive` names its integration.',
          params: idParameter,
          querystring: noParameters,
          response: answers(ref(deliveryDetailSchema), 400, 404, 409, 503),
        },
      },
      async (request) => {
        const { id } = request.params;
        await applyCommand(
          services.command({ kind: 'redrive_delivery', id, by: claimedUser(request, undefined) }),
        );
        return show(id);
      },
    );

    app.post(
      '/deliveries/:id/discard',
      {
        schema: {
          operationId: 'discardDelivery',
          tags: ['deliveries'],
          summary: 'Give a delivery up',
          params: idParameter,
          querystring: noParameters,
          response: answers(ref(deliveryDetailSchema), 400, 404, 409, 503),
        },
      },
      async (request) => {
        const { id } = request.params;
        await applyCommand(services.command({ kind: 'discard_delivery', id }));
        return show(id);
      },
    );
  };
}
