import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyContextConfig } from 'fastify';
import { Type, type Static } from '@signalbox/sdk';
import { watchMethods } from '../allowed-methods.ts';
import type { Services } from '../services.ts';
import { passesFilters, readFilters, receiverLabels } from './filters.ts';
import { listAlertGroups, listGettableAlerts, type AlertsQuery } from './read-alerts.ts';
import { Refusal, refusalOf } from './refusal.ts';
import { expireSilence, findSilence, listSilences, postSilence } from './silences.ts';
import { describeStatus } from './status.ts';

const texts = Type.Optional(Type.Array(Type.String({ maxLength: 4096 }), { maxItems: 50 }));
/** Yes in one of many ways; whatever else is said is no, as there. */
const flag = Type.Optional(Type.String({ maxLength: 32 }));

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

const receiversQuery = Type.Object({ receiver_matchers: texts });

const silencesQuery = Type.Object({ active: flag, expired: flag, pending: flag, filter: texts });

const silenceId = Type.Object({ id: Type.String({ maxLength: 128 }) });

const postableSilence = Type.Object({
  id: Type.Optional(Type.String({ maxLength: 128 })),
  matchers: Type.Array(
    Type.Object({
      name: Type.String({ maxLength: 4096 }),
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
  // In place of Alertmanager whoever reaches the listener may ask, as there.
  const config: FastifyContextConfig = {
    origin: 'passed-on',
    ...(services.alertmanager ? { access: 'public' } : {}),
  };
  return async (app) => {
    app.setErrorHandler((error, _request, reply) => {
      const { status, message, code } = refusalOf(error);
      if (status === 404 && message === '') return reply.code(404).send();
      const body = code === undefined ? message : { code, message };
      return reply.code(status).type('application/json').send(JSON.stringify(body));
    });
    // Clients of Alertmanager name a type also where they send nothing.
    const parse = app.getDefaultJsonParser('error', 'error');
    app.removeContentTypeParser('application/json');
    app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
      if (text === '' && request.method !== 'POST') done(null);
      else void parse(request, text, done);
    });

    const methodsAt = watchMethods(app);
    app.setNotFoundHandler((request) => {
      const path = request.url.split('?', 1)[0]!;
      // Alerts are posted to the intake.
      const methods = [...methodsAt(path), ...(path.endsWith('/alerts') ? ['POST'] : [])].filter(
        (method) => method !== 'HEAD',
      );
      if (methods.length === 0) throw new Refusal(404, `path ${path} was not found`, 404);
      const allowed = methods.join(',');
      throw new Refusal(405, `method ${request.method} is not allowed, but [${allowed}] are`, 405);
    });

    app.get('/status', { schema: hidden, config }, async () => describeStatus(services));

    app.get(
      '/receivers',
      { schema: { ...hidden, querystring: receiversQuery }, config },
      async ({ query }) => {
        const about = 'failed to parse receiver_matchers param: ';
        const filters = readFilters(query.receiver_matchers ?? [], about);
        return Object.keys(services.settings().receivers)
          .map((name) => ({ labels: receiverLabels(services, name), name }))
          .filter(({ labels }) => passesFilters(filters, labels));
      },
    );

    app.get('/alerts', { schema: { ...hidden, querystring: alertsQuery }, config }, async ({ query }) => {
      await services.settled();
      return listGettableAlerts(services, withDefaults(query));
    });

    app.get(
      '/alerts/groups',
      { schema: { ...hidden, querystring: alertsQuery }, config },
      async ({ query }) => {
        await services.settled();
        return listAlertGroups(services, withDefaults(query));
      },
    );

    app.get('/silences', { schema: { ...hidden, querystring: silencesQuery }, config }, async ({ query }) =>
      listSilences(services, {
        filter: query.filter ?? [],
        active: isYes(query.active),
        expired: isYes(query.expired),
        pending: isYes(query.pending),
      }),
    );

    app.post('/silences', { schema: { ...hidden, body: postableSilence }, config }, async ({ body }) => ({
      silenceID: await postSilence(services, body),
    }));

    app.get('/silence/:id', { schema: { ...hidden, params: silenceId }, config }, async ({ params }) =>
      findSilence(services, params.id),
    );

    app.delete(
      '/silence/:id',
      { schema: { ...hidden, params: silenceId }, config },
      async ({ params }, reply) => {
        await expireSilence(services, params.id);
        return reply.code(200).send();
      },
    );
  };
}

function withDefaults(query: Static<typeof alertsQuery>): AlertsQuery {
  const { filter = [], receiver, receiver_matchers: receiverMatchers = [] } = query;
  return {
    active: isYes(query.active),
    silenced: isYes(query.silenced),
    inhibited: isYes(query.inhibited),
    muted: isYes(query.muted),
    filter,
    receiverMatchers,
    ...(receiver === undefined ? {} : { receiver }),
  };
}

const YES = new Set(['true', '1', 'yes', 'ok', 'y', 'on', 'selected', 'checked', 't', 'enabled']);

function isYes(text: string | undefined): boolean {
  return text === undefined || text === '' || YES.has(text.toLowerCase());
}
