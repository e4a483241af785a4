import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type, type Static } from '@signalbox/sdk';
import type { Problem } from '../problem.ts';
import type { Services } from '../services.ts';
import { toProblem } from '../to-problem.ts';
import { Refusal } from './filters.ts';
import { listAlertGroups, listGettableAlerts, type AlertsQuery } from './read-alerts.ts';
import { expireSilence, findSilence, listSilences, postSilence } from './silences.ts';
import { describeStatus } from './status.ts';

const texts = Type.Optional(Type.Array(Type.String({ maxLength: 4096 }), { maxItems: 50 }));
const flag = Type.Optional(Type.Boolean());

const alertsQuery = Type.Object({
  active: flag,
  silenced: flag,
  inhibited: flag,
  unprocessed: flag,
  muted: flag,
  filter: texts,
  receiver: Type.Optional(Type.String({ maxLength: 1024 })),
  receiver_matchers: texts,
});

const silencesQuery = Type.Object({ active: flag, expired: flag, pending: flag, filter: texts });

const silenceId = Type.Object({ id: Type.String({ maxLength: 128 }) });

const postableSilence = Type.Object({
  id: Type.Optional(Type.String({ maxLength: 128 })),
  matchers: Type.Array(
    Type.Object({
      name: Type.String({ minLength: 1, maxLength: 4096 }),
      value: Type.String({ maxLength: 65_536 }),
      isRegex: Type.Boolean(),
      isEqual: Type.Optional(Type.Boolean()),
    }),
    { minItems: 1, maxItems: 200 },
  ),
  startsAt: Type.String({ format: 'date-time' }),
  endsAt: Type.String({ format: 'date-time' }),
  createdBy: Type.String({ maxLength: 4096 }),
  comment: Type.String({ maxLength: 65_536 }),
  annotations: Type.Optional(Type.Record(Type.String(), Type.String())),
});

/**
 * Alertmanager's API v2, as its clients know it. It is described by Alertmanager's own document and left out of ours. It speaks of the tenant
 * `default` only, because Alertmanager knows no tenants.
 */
export function alertmanagerRoutes(services: Services): FastifyPluginAsyncTypebox {
  const hidden = { hide: true } as const;
  return async (app) => {
    app.setErrorHandler((error, _request, reply) => {
      const { status, message } = refusalOf(error);
      if (status === 404 && message === '') return reply.code(404).send();
      return reply.code(status).type('application/json').send(JSON.stringify(message));
    });

    app.get('/status', { schema: hidden }, async () => describeStatus(services));

    app.get('/receivers', { schema: hidden }, async () =>
      Object.keys(services.settings().receivers).map((name) => ({ name })),
    );

    app.get('/alerts', { schema: { ...hidden, querystring: alertsQuery } }, async ({ query }) => {
      await services.settled();
      return listGettableAlerts(services, withDefaults(query));
    });

    app.get('/alerts/groups', { schema: { ...hidden, querystring: alertsQuery } }, async ({ query }) => {
      await services.settled();
      return listAlertGroups(services, withDefaults(query));
    });

    app.get('/silences', { schema: { ...hidden, querystring: silencesQuery } }, async ({ query }) =>
      listSilences(services, {
        filter: query.filter ?? [],
        active: query.active ?? true,
        expired: query.expired ?? true,
        pending: query.pending ?? true,
      }),
    );

    app.post('/silences', { schema: { ...hidden, body: postableSilence } }, async ({ body }) => ({
      silenceID: await postSilence(services, body),
    }));

    app.get('/silence/:id', { schema: { ...hidden, params: silenceId } }, async ({ params }) =>
      findSilence(services, params.id),
    );

    app.delete('/silence/:id', { schema: { ...hidden, params: silenceId } }, async ({ params }, reply) => {
      await expireSilence(services, params.id);
      return reply.code(200).send();
    });
  };
}

function withDefaults(query: Static<typeof alertsQuery>): AlertsQuery {
  const { active = true, silenced = true, inhibited = true, muted = true, filter = [], receiver } = query;
  return { active, silenced, inhibited, muted, filter, ...(receiver === undefined ? {} : { receiver }) };
}

function refusalOf(error: unknown): { readonly status: number; readonly message: string } {
  if (error instanceof Refusal) return error;
  const problem: Problem = toProblem(error);
  // Wrong parameters are 400 there, also in a body.
  const status = problem.status === 422 ? 400 : problem.status;
  return { status, message: problem.message };
}
