import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@signalbox/sdk';
import { Problem } from '../problem.ts';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import { brokenConnectorSchema, connectorSchema, presentConnector } from '../views/present-connector.ts';
import { ref } from '../views/schema.ts';
import { idParameter, noParameters } from './id-parameter.ts';

const listSchema = Type.Object(
  { items: Type.Array(ref(connectorSchema)), broken: Type.Array(ref(brokenConnectorSchema)) },
  { description: 'All connectors, and those that could not be loaded.' },
);

/** What the hub can be connected to, and how each is configured. */
export function connectorRoutes(services: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/connectors',
      {
        schema: {
          operationId: 'listConnectors',
          tags: ['integrations'],
          summary: 'List connectors with the schema of their settings',
          querystring: noParameters,
          response: answers(listSchema, 400),
        },
      },
      async () => {
        const { connectors, broken } = services.host();
        return {
          items: connectors.map(presentConnector),
          broken: broken.map(({ id, reason }) => ({ id, reason })),
        };
      },
    );

    app.get(
      '/connectors/:id',
      {
        schema: {
          operationId: 'getConnector',
          tags: ['integrations'],
          summary: 'Show a connector',
          params: idParameter,
          querystring: noParameters,
          response: answers(ref(connectorSchema), 400, 404),
        },
      },
      async (request) => {
        const { id } = request.params;
        const connector = services.host().connectors.find((candidate) => candidate.id === id);
        if (!connector) throw new Problem('not_found', `There is no connector ${id}.`);
        return presentConnector(connector);
      },
    );
  };
}
