import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@signalbox/sdk';
import type { Integration } from '../../host/integration.ts';
import { callIntegration } from '../call-integration.ts';
import { createMemoryState } from '../memory-state.ts';
import { Problem } from '../problem.ts';
import { answers } from '../responses.ts';
import { sampleNotification, type SampleWishes } from '../sample-notification.ts';
import type { Services } from '../services.ts';
import { callResultSchema } from '../views/present-integration.ts';
import { alertStatus, priority, ref } from '../views/schema.ts';
import { idParameter, noParameters } from './id-parameter.ts';
import { findIntegration } from './integrations.ts';

/** Shorter than the time-out of the API itself, so that a slow vendor is told as its fault. */
const CALL_TIMEOUT_MS = 20_000;

const wishes = { status: Type.Optional(alertStatus), priority: Type.Optional(priority) };
const testBody = Type.Object(wishes, {
  additionalProperties: false,
  description: 'What the sample says; may be left out.',
});
const previewBody = Type.Object(
  {
    ...wishes,
    notification_id: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 128,
        description: 'Renders this notification instead of a sample.',
      }),
    ),
  },
  { additionalProperties: false, description: 'What to render; may be left out.' },
);

const renderedSchema = Type.Object(
  { content_type: Type.String({ examples: ['application/json'] }), body: Type.String() },
  { $id: 'Rendered', description: 'What the external system would get.' },
);

/** Trying an integration out: reach it, send a test through it, or look at what it would be sent. */
export function integrationCallRoutes(services: Services, newId: () => string): FastifyPluginAsyncTypebox {
  const sample = ({ id, settings }: Integration, wanted: Partial<SampleWishes>) =>
    sampleNotification(
      {
        id: newId(),
        tenant: settings.tenant,
        integration: id,
        externalURL: services.settings().server.externalURL,
        now: services.now(),
      },
      { status: wanted.status ?? 'firing', priority: wanted.priority ?? 'info' },
    );

  return async (app) => {
    app.addSchema(renderedSchema);
    app.addHook('preValidation', async (request) => {
      request.body ??= {};
    });

    app.post(
      '/integrations/:id/probe',
      {
        schema: {
          operationId: 'probeIntegration',
          tags: ['integrations'],
          summary: 'Reach the external system without an effect',
          params: idParameter,
          querystring: noParameters,
          response: answers(ref(callResultSchema), 400, 404),
        },
      },
      async (request) => {
        const integration = findIntegration(services, request.params.id);
        return callIntegration(integration, (signal) => integration.probe(signal), CALL_TIMEOUT_MS);
      },
    );

    app.post(
      '/integrations/:id/test',
      {
        schema: {
          operationId: 'testIntegration',
          tags: ['integrations'],
          summary: 'Send a test notification',
          description: 'Sent at once and once, past groups, routes and retries; nothing is recorded.',
          params: idParameter,
          querystring: noParameters,
          body: testBody,
          response: answers(ref(callResultSchema), 400, 404, 409, 422),
        },
      },
      async (request) => {
        const integration = findNotifier(services, request.params.id);
        const notification = sample(integration, request.body);
        const call = {
          idempotencyKey: notification.id,
          correlationId: request.id,
          state: createMemoryState(),
        };
        return callIntegration(
          integration,
          (signal) => integration.deliver(notification, { ...call, signal }),
          CALL_TIMEOUT_MS,
        );
      },
    );

    app.post(
      '/integrations/:id/preview',
      {
        schema: {
          operationId: 'previewIntegration',
          tags: ['integrations'],
          summary: 'Render a notification without sending it',
          params: idParameter,
          querystring: noParameters,
          body: previewBody,
          response: answers(ref(renderedSchema), 400, 404, 409, 422),
        },
      },
      async (request) => {
        const integration = findNotifier(services, request.params.id);
        const { notification_id: id, ...wanted } = request.body;
        const notification =
          id === undefined ? sample(integration, wanted) : await services.reader.notification(id);
        if (!notification)
          throw new Problem('not_found', `There is no notification ${id}.`, { field: 'notification_id' });
        const { contentType, body } = integration.render(notification);
        return { content_type: contentType, body };
      },
    );
  };
}

function findNotifier(services: Services, id: string): Integration {
  const integration = findIntegration(services, id);
  if (integration.connector.notifier) return integration;
  throw new Problem('not_a_notifier', `${id} only takes signals in; its connector cannot deliver.`);
}
