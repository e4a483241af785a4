import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type, type Static } from '@signalbox/sdk';
import type { IncidentCommand } from '../../model/command.ts';
import { acknowledgeAlerts } from '../acknowledge-alerts.ts';
import { applyCommand } from '../apply-command.ts';
import { claimedUser } from '../claimed-user.ts';
import { answerPage, pageParameters, pageQuery } from '../page.ts';
import { Problem } from '../problem.ts';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import {
  incidentAlertSchema,
  incidentDetailSchema,
  incidentSchema,
  incidentStatus,
  presentIncident,
  presentIncidentAlert,
  presentIncidentDetail,
  type IncidentDetailView,
} from '../views/present-incident.ts';
import { oneOf, pageOf, ref, tenantName, wordFilter } from '../views/schema.ts';
import { idParameter, noParameters } from './id-parameter.ts';

const MAX_MEMBERS = 100;
const MAX_BULK = 100;

const listParameters = Type.Object(
  {
    ...pageParameters,
    tenant: Type.Optional(tenantName),
    status: Type.Optional(Type.Array(incidentStatus, { maxItems: 4, description: 'May be repeated.' })),
    severity: wordFilter('Only of this severity.'),
    assignee: wordFilter('Only those that this person takes care of.'),
    level: wordFilter('Only of this level of the incident response procedures.'),
    overdue: Type.Optional(
      Type.Boolean({ description: 'Only those that nobody acknowledged in time; `false`: only the others.' }),
    ),
  },
  { additionalProperties: false },
);

const person = (description: string) =>
  Type.String({ minLength: 1, maxLength: 128, description, examples: ['kim'] });
const said = {
  by: Type.Optional(
    person('Who asks; recorded as claimed. Default: the header `X-Signalbox-User`, else `api`.'),
  ),
};
const note = Type.Optional(Type.String({ minLength: 1, maxLength: 1000, description: 'For the timeline.' }));
const incidentId = Type.String({ pattern: '^[A-Za-z0-9._:-]{1,128}$', description: 'An incident.' });

/** The body may be left out altogether. */
const noted = Type.Unsafe<{ readonly by?: string; readonly note?: string } | null>({
  ...Type.Object({ ...said, note }, { additionalProperties: false }),
  type: ['object', 'null'],
});
const acknowledging = Type.Unsafe<{
  readonly by?: string;
  readonly note?: string;
  readonly acknowledge_alerts?: boolean;
} | null>({
  ...Type.Object(
    {
      ...said,
      note,
      acknowledge_alerts: Type.Optional(
        Type.Boolean({
          description:
            'Whether its firing alerts, at most 500 of them, are acknowledged as well, so that their own routes repeat nothing.',
          default: false,
        }),
      ),
    },
    { additionalProperties: false },
  ),
  type: ['object', 'null'],
});
const assigned = Type.Object(
  { ...said, assignee: person('Who takes care of it from now on.') },
  { additionalProperties: false, examples: [{ assignee: 'kim' }] },
);
const merging = Type.Object(
  { ...said, into: incidentId },
  { additionalProperties: false, examples: [{ into: 'i2' }] },
);

const ACTIONS = ['acknowledge', 'assign', 'resolve', 'reopen', 'close', 'merge'] as const;
const bulk = Type.Object(
  {
    ...said,
    action: oneOf(ACTIONS, 'What to do with each.'),
    ids: Type.Array(incidentId, { minItems: 1, maxItems: MAX_BULK, description: 'At most 100.' }),
    note,
    assignee: Type.Optional(person('For `assign`.')),
    into: Type.Optional(incidentId),
  },
  { additionalProperties: false, examples: [{ ids: ['i1'], action: 'close' }] },
);
const bulkResult = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        id: Type.String(),
        ok: Type.Boolean({ description: 'Whether it was done.' }),
        code: Type.Optional(
          Type.String({ description: 'Why not: `not_found`, `conflict` or `unavailable`.' }),
        ),
        detail: Type.Optional(Type.String({ description: 'The same in words.' })),
      }),
      { description: 'In the order of the ids.' },
    ),
  },
  { $id: 'IncidentBulkResult', description: 'What became of each; one that fails stops none of the others.' },
);

const NOTED = [
  ['resolve', 'Resolve it by hand', 'It opens again with the next alert inside `incidents.reopen_window`.'],
  ['reopen', 'Open it again', 'Also takes an acknowledgement back.'],
  ['close', 'Close it for good', 'Its alerts open a new incident when they fire again.'],
] as const;

/** What people respond to: correlated alerts with an owner, an acknowledgement and a timeline. */
export function incidentRoutes(services: Services, newId: () => string): FastifyPluginAsyncTypebox {
  const { reader } = services;
  const find = async (id: string) => {
    const incident = await reader.incident(id);
    if (!incident) throw new Problem('not_found', `There is no incident ${id}, or it is no longer kept.`);
    return incident;
  };
  const show = async (id: string): Promise<IncidentDetailView> => {
    const [incident, members] = await Promise.all([
      find(id),
      reader.incidentAlerts(id, { limit: MAX_MEMBERS }),
    ]);
    return presentIncidentDetail(incident, members.items);
  };
  const act = async (command: IncidentCommand): Promise<IncidentDetailView> => {
    await applyCommand(services.command(command));
    return show(command.id);
  };
  const tags = ['incidents'];
  const actionResponse = answers(ref(incidentDetailSchema), 400, 404, 409, 503);

  return async (app) => {
    app.addSchema(bulkResult);

    app.get(
      '/incidents',
      {
        schema: {
          operationId: 'listIncidents',
          tags,
          summary: 'List incidents',
          querystring: listParameters,
          response: answers(pageOf(ref(incidentSchema)), 400),
        },
      },
      async (request, reply) =>
        answerPage(request, reply, await reader.incidents(pageQuery(request.query)), presentIncident),
    );

    app.get(
      '/incidents/:id',
      {
        schema: {
          operationId: 'getIncident',
          tags,
          summary: 'Show an incident with its alerts, its timeline and the reasons',
          params: idParameter,
          querystring: noParameters,
          response: answers(ref(incidentDetailSchema), 400, 404),
        },
      },
      async (request) => show(request.params.id),
    );

    app.get(
      '/incidents/:id/alerts',
      {
        schema: {
          operationId: 'listIncidentAlerts',
          tags,
          summary: 'List the alerts of an incident',
          params: idParameter,
          querystring: Type.Object(pageParameters, { additionalProperties: false }),
          response: answers(pageOf(ref(incidentAlertSchema)), 400, 404),
        },
      },
      async (request, reply) => {
        const { id } = await find(request.params.id);
        const page = await reader.incidentAlerts(id, pageQuery(request.query));
        return answerPage(request, reply, page, presentIncidentAlert);
      },
    );

    app.post(
      '/incidents/:id/acknowledge',
      {
        schema: {
          operationId: 'acknowledgeIncident',
          tags,
          summary: 'Say that somebody has seen it',
          description:
            'It is not escalated while it is acknowledged. Answers after it is committed, and after its alerts are acknowledged where that is asked for.',
          querystring: noParameters,
          params: idParameter,
          body: acknowledging,
          response: actionResponse,
        },
      },
      async (request) => {
        const { note: text, acknowledge_alerts: withAlerts, by: claimed } = request.body ?? {};
        const by = claimedUser(request, claimed);
        const { id } = request.params;
        const more = text === undefined ? {} : { note: text };
        await applyCommand(services.command({ kind: 'incident', id, by, action: 'acknowledge', ...more }));
        if (withAlerts)
          await acknowledgeAlerts(services, await find(id), by, { requestId: request.id, newId });
        return show(id);
      },
    );

    for (const [action, summary, description] of NOTED) {
      app.post(
        `/incidents/:id/${action}`,
        {
          schema: {
            operationId: `${action}Incident`,
            tags,
            summary,
            description: `${description} Answers after it is committed.`,
            params: idParameter,
            querystring: noParameters,
            body: noted,
            response: actionResponse,
          },
        },
        async (request) => {
          const body = request.body ?? {};
          const by = claimedUser(request, body.by);
          const more = body.note === undefined ? {} : { note: body.note };
          return act({ kind: 'incident', id: request.params.id, by, action, ...more });
        },
      );
    }

    app.post(
      '/incidents/:id/assign',
      {
        schema: {
          operationId: 'assignIncident',
          tags,
          summary: 'Say who takes care of it',
          params: idParameter,
          querystring: noParameters,
          body: assigned,
          response: actionResponse,
        },
      },
      async (request) => {
        const { by, assignee } = request.body;
        const { id } = request.params;
        return act({ kind: 'incident', id, by: claimedUser(request, by), action: 'assign', assignee });
      },
    );

    app.post(
      '/incidents/:id/merge',
      {
        schema: {
          operationId: 'mergeIncident',
          tags,
          summary: 'Make its alerts those of another incident',
          description: 'It is closed and names the other one. Both must belong to one tenant.',
          params: idParameter,
          querystring: noParameters,
          body: merging,
          response: actionResponse,
        },
      },
      async (request) => {
        const { by, into } = request.body;
        const { id } = request.params;
        return act({ kind: 'incident', id, by: claimedUser(request, by), action: 'merge', into });
      },
    );

    app.post(
      '/incidents/bulk',
      {
        schema: {
          operationId: 'bulkIncidents',
          tags,
          summary: 'Do the same with many incidents',
          description: '`assign` needs `assignee`, `merge` needs `into`. Each is committed by itself.',
          querystring: noParameters,
          body: bulk,
          response: answers(ref(bulkResult), 400),
        },
      },
      async (request) => {
        const { ids, ...asked } = request.body;
        const by = claimedUser(request, asked.by);
        const items = [];
        for (const id of ids) {
          const outcome = await services.command(commandOf(id, by, asked));
          const { ok } = outcome;
          items.push(outcome.ok ? { id, ok } : { id, ok, code: outcome.code, detail: outcome.detail });
        }
        return { items };
      },
    );
  };
}

function commandOf(
  id: string,
  by: string,
  { action, note: text, assignee, into }: Omit<Static<typeof bulk>, 'ids' | 'by'>,
): IncidentCommand {
  const who = { kind: 'incident', id, by } as const;
  if (action === 'assign') return { ...who, action, assignee: demand('assignee', assignee) };
  if (action === 'merge') return { ...who, action, into: demand('into', into) };
  return { ...who, action, ...(text === undefined ? {} : { note: text }) };
}

function demand(field: string, value: string | undefined): string {
  if (value === undefined) throw new Problem('invalid_parameter', `The action needs "${field}".`, { field });
  return value;
}
