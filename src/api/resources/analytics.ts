import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@signalbox/sdk';
import { parseDuration } from '../../settings/quantity.ts';
import {
  MAX_MEASURED,
  measureAlerts,
  readChanged,
  type Durations,
  type MeasuredGroup,
} from '../measure-alerts.ts';
import { Problem } from '../problem.ts';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import { rfc3339 } from '../views/rfc3339.ts';
import { ref, tenantName, timestamp, wordFilter } from '../views/schema.ts';

const number = (description: string) => Type.Integer({ minimum: 0, description });
const seconds = (description: string) =>
  Type.Object(
    {
      count: number('How many times were measured.'),
      p50: Type.Optional(Type.Number({ description: 'Half of them took no longer, in seconds.' })),
      p90: Type.Optional(Type.Number()),
      p99: Type.Optional(Type.Number()),
    },
    { description },
  );

export const alertAnalyticsSchema = Type.Object(
  {
    since: timestamp('Alerts whose status changed since then.'),
    measured: number('How many alerts were looked at.'),
    complete: Type.Boolean({
      description: `False when there are more than ${MAX_MEASURED}: then the newest were looked at. The histograms of \`/metrics\` count all.`,
    }),
    groups: Type.Array(
      Type.Object({
        tenant: tenantName,
        severity: Type.String(),
        environment: Type.String({ description: 'Empty where nobody knows it.' }),
        counts: Type.Object({
          firing: number('Firing now.'),
          resolved: number('Resolved.'),
          acknowledged: number('Acknowledged.'),
          closed: number('Closed.'),
          snoozed: number('Snoozed now.'),
          stale: number('Not heard of for too long.'),
        }),
        time_to_acknowledge: seconds('From the start of the newest episode to its first acknowledgement.'),
        time_to_resolve: seconds('From the start of the newest episode to its end.'),
      }),
    ),
  },
  { $id: 'AlertAnalytics', description: 'How many alerts there are and how long people and sources took.' },
);

/** What can be learned from many alerts together (BR-AP-025b). */
export function analyticsRoutes({ reader, now }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.addSchema(alertAnalyticsSchema);
    app.get(
      '/analytics/alerts',
      {
        schema: {
          operationId: 'analyseAlerts',
          tags: ['analytics'],
          summary: 'Count alerts and measure how long they took',
          description: 'By tenant, severity and environment. Of each alert the newest episode counts.',
          querystring: Type.Object(
            {
              tenant: Type.Optional(tenantName),
              severity: wordFilter('Only of this severity.'),
              window: Type.Optional(
                Type.String({ maxLength: 64, default: '7d', description: 'How far back.', examples: ['7d'] }),
              ),
            },
            { additionalProperties: false },
          ),
          response: answers(ref(alertAnalyticsSchema), 400),
        },
      },
      async (request) => {
        const { window = '7d', ...filters } = request.query;
        const windowMs = parseDuration(window);
        if (windowMs === undefined || windowMs === 0)
          throw new Problem('invalid_parameter', 'The window is a duration above zero such as 24h or 7d.', {
            field: 'window',
          });
        const at = now();
        const { alerts, isComplete } = await readChanged(reader, filters, at - windowMs);
        return {
          since: rfc3339(at - windowMs),
          measured: alerts.length,
          complete: isComplete,
          groups: measureAlerts(alerts, at).map(present),
        };
      },
    );
  };
}

function present({ tenant, severity, environment, counts, acknowledge, resolve }: MeasuredGroup) {
  return {
    tenant,
    severity,
    environment,
    counts,
    time_to_acknowledge: inSeconds(acknowledge),
    time_to_resolve: inSeconds(resolve),
  };
}

function inSeconds({ count, p50, p90, p99 }: Durations) {
  if (p50 === undefined || p90 === undefined || p99 === undefined) return { count };
  return { count, p50: p50 / 1000, p90: p90 / 1000, p99: p99 / 1000 };
}
