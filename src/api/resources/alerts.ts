import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@signalbox/sdk';
import { answerPage, pageParameters, pageQuery } from '../page.ts';
import { Problem } from '../problem.ts';
import { readMatchers } from '../read-matchers.ts';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import { alertDetailSchema, alertSchema, presentAlert, presentDecision } from '../views/present-alert.ts';
import { lifecycleState } from '../views/present-lifecycle.ts';
import { presentGroup } from '../views/present-group.ts';
import { alertStatus, fingerprint, pageOf, ref, tenantName, wordFilter } from '../views/schema.ts';

const MAX_DECISIONS = 100;
const MAX_INCIDENTS = 10;

const listParameters = Type.Object(
  {
    ...pageParameters,
    tenant: Type.Optional(tenantName),
    status: Type.Optional(alertStatus),
    state: Type.Optional(lifecycleState),
    assignee: wordFilter('Only those that this person takes care of.'),
    severity: wordFilter('Only of this severity.'),
    level: wordFilter('Only of this level of the incident response procedures.'),
    overdue: Type.Optional(
      Type.Boolean({ description: 'Only those that nobody acknowledged in time; `false`: only the others.' }),
    ),
    integration: wordFilter('Only those that this integration last spoke about.'),
    matcher: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 2048 }), {
        maxItems: 20,
        description: 'Label matchers as Alertmanager writes them; may be repeated, all must hold.',
        examples: [['team="db"', 'instance=~"db-.*"']],
      }),
    ),
  },
  { additionalProperties: false },
);

const oneParameters = Type.Object({ tenant: Type.Optional(tenantName) }, { additionalProperties: false });

/** The current state of what is wrong, and why it was or wasn't told. */
export function alertRoutes({ reader, suppressions }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/alerts',
      {
        schema: {
          operationId: 'listAlerts',
          tags: ['alerts'],
          summary: 'List alerts',
          querystring: listParameters,
          response: answers(pageOf(ref(alertSchema)), 400),
        },
      },
      async (request, reply) => {
        const { matcher, ...filters } = request.query;
        const matchers = readMatchers(matcher ?? []);
        const page = await reader.alerts({ ...pageQuery(filters), matchers });
        const reasonsOf = await suppressions(page.items);
        return answerPage(request, reply, page, (alert) => presentAlert(alert, reasonsOf(alert)));
      },
    );

    app.get(
      '/alerts/:fingerprint',
      {
        schema: {
          operationId: 'getAlert',
          tags: ['alerts'],
          summary: 'Show an alert, why it was or was not told, and its groups',
          params: Type.Object({ fingerprint }),
          querystring: oneParameters,
          response: answers(ref(alertDetailSchema), 400, 404),
        },
      },
      async (request) => {
        const { fingerprint: id } = request.params;
        const tenant = request.query.tenant ?? 'default';
        const alert = await reader.alert(tenant, id);
        if (!alert)
          throw new Problem('not_found', `Tenant ${tenant} has no alert with the fingerprint ${id}.`);
        const [decisions, groups, incidents, reasonsOf] = await Promise.all([
          reader.decisions(tenant, id, MAX_DECISIONS),
          reader.groupsOf(tenant, id),
          reader.incidentsOf(tenant, id, MAX_INCIDENTS),
          suppressions([alert]),
        ]);
        return {
          ...presentAlert(alert, reasonsOf(alert)),
          decisions: decisions.map(presentDecision),
          groups: groups.map(presentGroup),
          incidents: incidents.map((incident) => incident.id),
        };
      },
    );
  };
}
