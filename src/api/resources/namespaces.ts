import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@signalbox/sdk';
import type { NamespaceNews } from '../../model/namespace.ts';
import { applyCommand } from '../apply-command.ts';
import { claimedUser } from '../claimed-user.ts';
import { answerPage, pageParameters, pageQuery } from '../page.ts';
import { Problem } from '../problem.ts';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import {
  namespaceEntrySchema,
  namespaceSchema,
  namespaceState,
  presentNamespace,
  presentNamespaceEntry,
} from '../views/present-namespace.ts';
import { noParameters } from './id-parameter.ts';
import { pageOf, ref, stringMap, tenantName, wordFilter } from '../views/schema.ts';

const name = (description: string, ...examples: string[]) =>
  Type.String({ minLength: 1, maxLength: 253, description, examples });

const filters = {
  ...pageParameters,
  tenant: Type.Optional(tenantName),
  cluster: wordFilter('Only of this cluster.'),
  namespace: wordFilter('Only of this name.'),
};
const listParameters = Type.Object(
  { ...filters, environment: wordFilter('Only of this environment.'), state: Type.Optional(namespaceState) },
  { additionalProperties: false },
);
const historyParameters = Type.Object(
  {
    ...filters,
    unapproved: Type.Optional(Type.Boolean({ description: 'Only what went past every gate.' })),
  },
  { additionalProperties: false },
);

const said = {
  tenant: Type.Optional(tenantName),
  cluster: name('The cluster that it is in.', 'eu-1'),
  namespace: name('Its name.', 'shop'),
  by: Type.Optional(
    name(
      'Who says it; recorded as claimed. Default: the header `X-Signalbox-User`, else `api`.',
      'terraform',
    ),
  ),
};
const eventBody = Type.Union(
  [
    Type.Object(
      {
        ...said,
        event: Type.Literal('present', { description: 'It was made, or has these labels now.' }),
        labels: Type.Optional(stringMap('All labels that it has.', { env: 'staging' })),
      },
      { additionalProperties: false },
    ),
    Type.Object({ ...said, event: Type.Literal('deleted') }, { additionalProperties: false }),
    Type.Object(
      {
        ...said,
        event: Type.Literal('promoted'),
        environment: name('What it is from now on.', 'production'),
        promotion: name('The id of what allowed it: a change, a ticket.', 'CHG-7'),
      },
      { additionalProperties: false },
    ),
  ],
  {
    description: 'What happened to a namespace.',
    examples: [{ event: 'present', cluster: 'eu-1', namespace: 'shop', labels: { env: 'staging' } }],
  },
);
const taken = Type.Object(
  { accepted: Type.Literal(true) },
  { description: 'It is on the disk; the entry follows at once.' },
);

/** Namespaces as they are known, and the record of what happened to them (BR-AP-029, BR-QUAL-018). */
export function namespaceRoutes({ reader, command, settings, now }: Services): FastifyPluginAsyncTypebox {
  const tags = ['alerts'];
  return async (app) => {
    app.get(
      '/namespaces',
      {
        schema: {
          operationId: 'listNamespaces',
          tags,
          summary: 'List namespaces with their environments',
          querystring: listParameters,
          response: answers(pageOf(ref(namespaceSchema)), 400),
        },
      },
      async (request, reply) =>
        answerPage(request, reply, await reader.namespaces(pageQuery(request.query)), presentNamespace),
    );

    app.get(
      '/namespaces/history',
      {
        schema: {
          operationId: 'listNamespaceEntries',
          tags,
          summary: 'List what happened to namespaces',
          querystring: historyParameters,
          response: answers(pageOf(ref(namespaceEntrySchema)), 400),
        },
      },
      async (request, reply) => {
        const { unapproved = false, ...query } = request.query;
        const page = await reader.namespaceEntries({ ...pageQuery(query), isUnapproved: unapproved });
        return answerPage(request, reply, page, presentNamespaceEntry);
      },
    );

    app.post(
      '/namespaces/events',
      {
        schema: {
          operationId: 'recordNamespaceEvent',
          tags,
          summary: 'Record what happened to a namespace',
          description:
            'For tools that make, change, promote or delete namespaces, where no connector watches the cluster. What is known already makes no entry.',
          body: eventBody,
          querystring: noParameters,
          response: answers(taken, 400, 409, 422, 503),
        },
      },
      async (request) => {
        const { tenant = 'default', cluster, namespace } = request.body;
        const isGated = (settings().approvals?.gates.length ?? 0) > 0;
        if (request.body.event === 'promoted' && isGated)
          throw new Problem(
            'approval_needed',
            'Promotions go through the gates of approvals.promotions: ask by POST /api/v1/promotions.',
          );
        const key = { tenant, cluster, namespace, at: now(), by: claimedUser(request, request.body.by) };
        await applyCommand(command({ kind: 'namespace', news: newsOf(key, request.body) }));
        return { accepted: true as const };
      },
    );
  };
}

type Key = Pick<
  Extract<NamespaceNews, { kind: 'deleted' }>,
  'tenant' | 'cluster' | 'namespace' | 'at' | 'by'
>;

function newsOf(
  key: Key,
  body:
    | { readonly event: 'present'; readonly labels?: Readonly<Record<string, string>> }
    | { readonly event: 'deleted' }
    | { readonly event: 'promoted'; readonly environment: string; readonly promotion: string },
): NamespaceNews {
  switch (body.event) {
    case 'present':
      return { ...key, kind: 'present', labels: body.labels ?? {} };
    case 'deleted':
      return { ...key, kind: 'deleted' };
    case 'promoted':
      return { ...key, kind: 'promoted', environment: body.environment, promotion: body.promotion };
  }
}
