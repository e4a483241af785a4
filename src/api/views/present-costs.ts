import { Type, type Static } from '@signalbox/sdk';
import type { CostReport } from '../../priority/allocate.ts';
import { tenantName } from './schema.ts';

const money = (description: string) => Type.Optional(Type.Number({ description, examples: [812.5] }));

export const costsSchema = Type.Object(
  {
    month: Type.String({ description: 'The calendar month, in UTC.', examples: ['2026-11'] }),
    cost_centers: Type.Array(
      Type.Object({
        cost_center: Type.String({ examples: ['CC-100'] }),
        title: Type.Optional(Type.String()),
        currency: Type.Optional(Type.String({ examples: ['EUR'] })),
        episodes: Type.Integer({ minimum: 0, description: 'Episodes of alerts that began in the month.' }),
        budget: money('What there is for the month.'),
        unallocated: money('What is left of the budget: no alert came from where it was meant for.'),
        rows: Type.Array(
          Type.Object({
            tenant: tenantName,
            environment: Type.String({ examples: ['production'] }),
            namespace: Type.String({ examples: ['shop-prod'] }),
            business_unit: Type.String({ examples: ['retail'] }),
            episodes: Type.Integer({ minimum: 1 }),
            share: Type.Number({ minimum: 0, maximum: 1, description: 'Of the cost center’s episodes.' }),
            allocated: money('Of the budget. Rows and `unallocated` add up to it, to the hundredth.'),
          }),
        ),
      }),
    ),
  },
  { $id: 'Costs', description: 'What cost centers are charged with.' },
);
export type CostsView = Static<typeof costsSchema>;

export function presentCosts(month: string, reports: readonly CostReport[]): CostsView {
  return {
    month,
    cost_centers: reports.map(({ costCenter, budget, unallocated, rows, ...report }) => ({
      cost_center: costCenter,
      ...report,
      ...(budget === undefined ? {} : { budget: budget / 100, unallocated: (unallocated ?? 0) / 100 }),
      rows: rows.map(({ businessUnit, allocated, ...row }) => ({
        ...row,
        business_unit: businessUnit,
        ...(allocated === undefined ? {} : { allocated: allocated / 100 }),
      })),
    })),
  };
}

const COLUMNS = [
  'month',
  'cost_center',
  'currency',
  'tenant',
  'environment',
  'namespace',
  'business_unit',
  'episodes',
  'allocated',
];

/** One line for each row, as spreadsheets read it (RFC 4180). */
export function costsAsCsv({ month, cost_centers: centers }: CostsView): string {
  const lines = centers.flatMap(({ cost_center: center, currency = '', rows }) =>
    rows.map(({ tenant, environment, namespace, business_unit: unit, episodes, allocated }) => [
      month,
      center,
      currency,
      tenant,
      environment,
      namespace,
      unit,
      String(episodes),
      allocated === undefined ? '' : allocated.toFixed(2),
    ]),
  );
  return [COLUMNS, ...lines].map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('');
}

/** What begins like a formula gets an apostrophe: namespaces come from senders, and spreadsheets run formulas. */
function quoted(cell: string): string {
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
