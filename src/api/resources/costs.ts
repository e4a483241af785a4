import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@signalbox/sdk';
import { allocate } from '../../priority/allocate.ts';
import { Problem } from '../problem.ts';
import { answers } from '../responses.ts';
import type { Services } from '../services.ts';
import { costsAsCsv, costsSchema, presentCosts } from '../views/present-costs.ts';
import { oneOf, ref, tenantName } from '../views/schema.ts';

const DAY_MS = 86_400_000;
/** Namespaces of a large company in all their environments; a report that is cut would be wrong. */
const MAX_ROWS = 100_000;

const parameters = Type.Object(
  {
    month: Type.Optional(
      Type.String({
        pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$',
        description: 'The calendar month in UTC; default the current one.',
        examples: ['2026-11'],
      }),
    ),
    tenant: Type.Optional(tenantName),
    format: Type.Optional(oneOf(['json', 'csv'], 'Default `json`.')),
  },
  { additionalProperties: false },
);

/** What cost centers are charged with. */
export function costRoutes({ reader, settings, now }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/analytics/costs',
      {
        schema: {
          operationId: 'getCosts',
          tags: ['alerts'],
          summary: 'Report what cost centers are charged with in a month',
          querystring: parameters,
          response: answers(ref(costsSchema), 400, 503),
        },
      },
      async (request, reply) => {
        const { tenant, format, month = new Date(now()).toISOString().slice(0, 7) } = request.query;
        const [year = 0, number = 1] = month.split('-').map(Number);
        const costs = await reader.costs({
          fromDay: Date.UTC(year, number - 1) / DAY_MS,
          toDay: Date.UTC(year, number) / DAY_MS,
          limit: MAX_ROWS + 1,
          ...(tenant === undefined ? {} : { tenant }),
        });
        if (costs.length > MAX_ROWS) {
          const detail = `The report has more than ${MAX_ROWS} rows; ask for one tenant at a time.`;
          throw new Problem('invalid_parameter', detail, { field: 'tenant' });
        }
        const view = presentCosts(month, allocate(costs, settings().priority?.costCenters ?? {}));
        if (format !== 'csv') return view;
        // The schema describes the JSON; this is sent as it is.
        void reply.type('text/csv; charset=utf-8').serializer((text: unknown) => text as string);
        return reply.send(costsAsCsv(view) as never);
      },
    );
  };
}
