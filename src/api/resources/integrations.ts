import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { redactConfig } from '@signalbox/sdk';
import { Type } from '@signalbox/sdk';
import type { Integration } from '../../host/integration.ts';
import { Problem } from '../problem.ts';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import { integrationSchema, presentIntegration, type IntegrationView } from '../views/present-integration.ts';
import { ref, wordFilter } from '../views/schema.ts';
import { idParameter, noParameters } from './id-parameter.ts';

const listParameters = Type.Object(
  { connector: wordFilter('Only instances of this connector.') },
  { additionalProperties: false },
);
const listSchema = Type.Object(
  { items: Type.Array(ref(integrationSchema)) },
  { description: 'All integrations, by id.' },
);

/** What the hub is connected to, and how well that works. */
export function integrationRoutes(services: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/integrations',
      {
        schema: {
          operationId: 'listIntegrations',
          tags: ['integrations'],
          summary: 'List integrations with their health',
          querystring: listParameters,
          response: answers(listSchema, 400),
        },
      },
      async (request) => {
        const { connector } = request.query;
        await services.refreshHealth();
        const all = [...services.host().integrations.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
        const chosen = all.filter((one) => connector === undefined || one.connector.id === connector);
        return { items: chosen.map(present) };
      },
    );

    app.get(
      '/integrations/:id',
      {
        schema: {
          operationId: 'getIntegration',
          tags: ['integrations'],
          summary: 'Show an integration',
          params: idParameter,
          querystring: noParameters,
          response: answers(ref(integrationSchema), 400, 404),
        },
      },
      async (request) => {
        await services.refreshHealth();
        return present(findIntegration(services, request.params.id));
      },
    );
  };
}

export function findIntegration(services: Services, id: string): Integration {
  const integration = services.host().integrations.get(id);
  if (!integration) throw new Problem('not_found', `There is no integration ${id}.`);
  return integration;
}

function present(integration: Integration): IntegrationView {
  return presentIntegration(
    integration,
    redactConfig(integration.connector.config, integration.settings.config),
  );
}
