import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@signalbox/sdk';
import { answerPage, pageParameters, pageQuery } from '../page.ts';
import { Problem } from '../problem.ts';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import { presentDelivery } from '../views/present-delivery.ts';
import {
  notificationDetailSchema,
  notificationSchema,
  presentNotification,
  presentNotificationDetail,
} from '../views/present-notification.ts';
import { pageOf, ref, wordFilter } from '../views/schema.ts';
import { idParameter, noParameters } from './id-parameter.ts';

const MAX_DELIVERIES = 100;

const listParameters = Type.Object(
  {
    ...pageParameters,
    receiver: wordFilter('Only to this receiver.'),
    group_id: wordFilter('Only of this group.'),
  },
  { additionalProperties: false },
);

/** What was said, to whom. */
export function notificationRoutes({ reader }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/notifications',
      {
        schema: {
          operationId: 'listNotifications',
          tags: ['notifications'],
          summary: 'List notifications',
          querystring: listParameters,
          response: answers(pageOf(ref(notificationSchema)), 400),
        },
      },
      async (request, reply) => {
        const { group_id: groupId, ...filters } = request.query;
        const query = { ...pageQuery(filters), ...(groupId !== undefined && { groupId }) };
        return answerPage(request, reply, await reader.notifications(query), presentNotification);
      },
    );

    app.get(
      '/notifications/:id',
      {
        schema: {
          operationId: 'getNotification',
          tags: ['notifications'],
          summary: 'Show a notification and how it travels',
          params: idParameter,
          querystring: noParameters,
          response: answers(ref(notificationDetailSchema), 400, 404),
        },
      },
      async (request) => {
        const { id } = request.params;
        const notification = await reader.notification(id);
        if (!notification)
          throw new Problem('not_found', `There is no notification ${id}, or it is no longer kept.`);
        const deliveries = await reader.deliveries({ notificationId: id, limit: MAX_DELIVERIES });
        return {
          ...presentNotificationDetail(notification),
          deliveries: deliveries.items.map(presentDelivery),
        };
      },
    );
  };
}
