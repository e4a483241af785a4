import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from '@signalbox/sdk';
import { authoriseApi, callerOf, maySeeDetails } from '../authorise.ts';
import type { Readiness, Services } from '../services.ts';
import { oneOf } from '../views/schema.ts';

/** `status-only`: a listener of its own that shows nothing else, for the inside of a cluster (VPA-114). */
export type Exposure = 'api' | 'status-only';

const readySchema = Type.Object(
  {
    status: oneOf(['ready', 'not_ready'], 'Whether signals are taken and told.'),
    parts: Type.Optional(
      Type.Array(
        Type.Object({
          part: Type.String(),
          ready: Type.Boolean(),
          required: Type.Boolean(),
          detail: Type.String(),
        }),
        {
          description:
            'Each part that isn’t ready; with `verbose` all of them. Only for callers who may see details.',
        },
      ),
    ),
  },
  { $id: 'Readiness', description: 'What is and what isn’t ready.' },
);

const readyParameters = Type.Object(
  {
    verbose: Type.Optional(
      Type.Union([Type.Literal(''), Type.Boolean()], {
        description: 'Names the parts that are ready, too.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** For orchestrators and Prometheus. Bare statuses are for everybody; details only where nobody unknown can ask. */
export function healthRoutes(services: Services, exposure: Exposure): FastifyPluginAsyncTypebox {
  const isTrusted = ({ raw }: FastifyRequest): boolean =>
    exposure === 'status-only' || maySeeDetails(callerOf(raw), services.settings().server.apiTokens);

  return async (app) => {
    app.addSchema(readySchema);
    app.get(
      '/livez',
      {
        config: { access: 'public' },
        schema: {
          operationId: 'getLiveness',
          tags: ['health'],
          security: [],
          summary: 'Answers as long as the process does',
          response: { 200: Type.Object({ status: Type.Literal('alive') }, { description: 'Alive.' }) },
        },
      },
      async () => ({ status: 'alive' as const }),
    );

    app.get(
      '/readyz',
      {
        config: { access: 'public' },
        schema: {
          operationId: 'getReadiness',
          tags: ['health'],
          security: [],
          summary: 'Tells whether the hub is ready, and which part isn’t',
          querystring: readyParameters,
          response: {
            200: Type.Unsafe<object>({ $ref: 'Readiness#' }),
            503: Type.Unsafe<object>({ $ref: 'Readiness#' }),
          },
        },
      },
      async (request, reply) => {
        const parts = await services.readiness();
        const isReady = parts.every((part) => part.ready || !part.required);
        const { verbose } = request.query;
        const isVerbose = verbose === '' || verbose === true;
        reply.code(isReady ? 200 : 503);
        return {
          status: isReady ? 'ready' : 'not_ready',
          ...(isTrusted(request) && {
            parts: parts.filter((part) => isVerbose || !part.ready).map(presentPart),
          }),
        };
      },
    );

    app.get(
      '/metrics',
      {
        config: { access: 'public' },
        schema: {
          operationId: 'getMetrics',
          tags: ['health'],
          summary: 'Shows the metrics in Prometheus’ text format',
          produces: ['text/plain'],
          response: { 200: Type.String({ description: 'Text exposition format 0.0.4.' }) },
        },
      },
      async (request, reply) => {
        const refusal = isTrusted(request)
          ? undefined
          : authoriseApi(callerOf(request.raw), services.settings().server.apiTokens);
        if (refusal) throw refusal;
        return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await services.metrics());
      },
    );
  };
}

function presentPart({ part, ready, required, detail }: Readiness): Readiness {
  return { part, ready, required, detail };
}
