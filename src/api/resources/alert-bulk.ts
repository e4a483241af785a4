import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type, type Static } from '@signalbox/sdk';
import type { Alert } from '../../model/alert.ts';
import { ALERT_ACTIONS } from '../../model/alert-command.ts';
import { actionOf, assigneeField, remarkOf, snoozeFields, USER_HEADER, wishFields } from '../alert-wishes.ts';
import { commandAlerts, type WishResult } from '../command-alerts.ts';
import { Problem } from '../problem.ts';
import { readMatchers } from '../read-matchers.ts';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import { alertStatus, fingerprint, oneOf, ref, tenantName } from '../views/schema.ts';
import { lifecycleState } from '../views/present-lifecycle.ts';
import { callerOf } from './alert-actions.ts';
import { noParameters } from './id-parameter.ts';

/** At once; more take several calls. */
export const MAX_BULK = 500;

const bulkBody = Type.Object(
  {
    action: oneOf(ALERT_ACTIONS, 'What to do with each.'),
    tenant: Type.Optional(tenantName),
    fingerprints: Type.Optional(
      Type.Array(fingerprint, { minItems: 1, maxItems: MAX_BULK, description: 'Which alerts.' }),
    ),
    filter: Type.Optional(
      Type.Object(
        {
          matchers: Type.Array(Type.String({ minLength: 1, maxLength: 2048 }), {
            minItems: 1,
            maxItems: 20,
            description: 'Label matchers as Alertmanager writes them; all must hold.',
            examples: [['alertname="DiskFull"', 'cluster=~"eu-.*"']],
          }),
          status: Type.Optional(alertStatus),
          state: Type.Optional(lifecycleState),
        },
        {
          additionalProperties: false,
          description: `Which alerts instead; at most ${MAX_BULK} at once, newest first.`,
        },
      ),
    ),
    ...wishFields,
    assignee: assigneeField,
    ...snoozeFields,
  },
  {
    additionalProperties: false,
    examples: [{ action: 'close', fingerprints: ['5ef77f1f8a3ecfd7'], by: 'ada' }],
  },
);

export const bulkResultSchema = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        fingerprint,
        ok: Type.Boolean(),
        changed: Type.Optional(Type.Boolean({ description: 'Whether it made a difference.' })),
        code: Type.Optional(Type.String({ examples: ['conflict'] })),
        detail: Type.Optional(Type.String({ description: 'Why not, for people.' })),
        receipt: Type.Optional(Type.String({ description: 'Of the command, when there is one.' })),
      }),
      { description: 'One for each alert; one that fails stops none of the others.' },
    ),
    more: Type.Boolean({ description: 'Whether more alerts fit the filter: call again.' }),
  },
  { $id: 'BulkResult', description: 'What became of each alert.' },
);
export type BulkResultView = Static<typeof bulkResultSchema>;
type Item = BulkResultView['items'][number];

/** One action on many alerts, each by itself (BR-AP-022b). */
export function alertBulkRoutes(services: Services, newId: () => string): FastifyPluginAsyncTypebox {
  const { reader } = services;

  async function byFingerprint(tenant: string, ids: readonly string[]) {
    const unique = [...new Set(ids)];
    const alerts = await Promise.all(unique.map((id) => reader.alert(tenant, id)));
    const missing = unique
      .filter((_, index) => alerts[index] === undefined)
      .map(
        (id): Item => ({
          fingerprint: id,
          ok: false,
          code: 'not_found',
          detail: `Tenant ${tenant} has no such alert.`,
        }),
      );
    return { alerts: alerts.filter((alert) => alert !== undefined), missing, more: false };
  }

  /** A page may be short although more follow, so they are followed up to the bound. */
  async function byFilter(tenant: string, filter: NonNullable<Static<typeof bulkBody>['filter']>) {
    const { matchers, ...rest } = filter;
    const query = { tenant, matchers: readMatchers(matchers), ...rest };
    const alerts: Alert[] = [];
    let cursor: string | undefined;
    do {
      const limit = MAX_BULK - alerts.length;
      const page = await reader.alerts({ ...query, limit, ...(cursor !== undefined && { cursor }) });
      alerts.push(...page.items);
      cursor = page.next;
    } while (cursor !== undefined && alerts.length < MAX_BULK);
    return { alerts, missing: [], more: cursor !== undefined };
  }

  return async (app) => {
    app.addSchema(bulkResultSchema);
    app.post(
      '/alerts/bulk',
      {
        schema: {
          operationId: 'actOnAlerts',
          tags: ['alerts'],
          summary: 'Do the same with many alerts',
          description: `By fingerprints or by a filter, at most ${MAX_BULK} at once. Each alert has its own result.`,
          querystring: noParameters,
          body: bulkBody,
          response: answers(ref(bulkResultSchema), 400, 422, 503),
        },
      },
      async (request) => {
        const { action: kind, tenant = 'default', fingerprints, filter, ...wish } = request.body;
        if ((fingerprints === undefined) === (filter === undefined))
          throw new Problem('invalid_body', 'Say which alerts: either “fingerprints” or “filter”.', {
            field: 'fingerprints',
          });
        const action = actionOf(kind, wish, services.now());
        const remark = remarkOf(wish, request.headers[USER_HEADER]);
        const { alerts, missing, more } = fingerprints
          ? await byFingerprint(tenant, fingerprints)
          : await byFilter(tenant, filter!);
        const wishes = alerts.map((alert) => ({
          alert,
          command: { tenant, fingerprint: alert.fingerprint, action, ...remark },
        }));
        const results = await commandAlerts(services, wishes, callerOf(request, newId));
        const items = results.map((result, index) => present(alerts[index]!.fingerprint, result));
        return { items: [...items, ...missing], more };
      },
    );
  };
}

function present(id: string, { receipt, outcome }: WishResult): Item {
  if (!outcome) {
    const detail = `On disk and not applied yet. See /api/v1/receipts/${receipt}.`;
    return { fingerprint: id, ok: false, code: 'unavailable', detail, receipt };
  }
  if (outcome.ok) return { fingerprint: id, ok: true, changed: outcome.changed, receipt };
  return { fingerprint: id, ok: false, code: outcome.code, detail: outcome.detail, receipt };
}
