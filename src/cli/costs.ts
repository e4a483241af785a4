import { costsAsCsv, type CostsView } from '../api/views/present-costs.ts';
import { defineCommand } from './command.ts';
import { findHub } from './find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from './flags.ts';
import { renderTable } from './table.ts';
import { printJson, type Terminal } from './terminal.ts';

export default defineCommand({
  description: [
    'Reports what cost centers are charged with in a calendar month (UTC): the episodes of alerts that began, by environment and namespace, and their part of the budget. Each episode counts once, for the cost center that the policies named when it began. What the rows got and what is left add up to the budget, to the hundredth.',
  ],
  flags: {
    month: { type: 'string', description: 'The month; default the current one', hint: 'YYYY-MM' },
    tenant: { type: 'string', description: 'Only of this tenant', hint: 'NAME' },
    csv: { type: 'boolean', description: 'Comma-separated, one line for each row' },
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [{ line: 'signalbox costs --month 2026-11 --csv', what: 'for a spreadsheet' }],
  async run({ flags, terminal }) {
    const hub = await findHub(flags, terminal);
    const { month, tenant } = flags;
    const view = await hub.get<CostsView>('/analytics/costs', { month, tenant });
    if (flags.json) return printJson(terminal, view);
    terminal.print(flags.csv ? costsAsCsv(view).trimEnd() : describe(view, terminal));
  },
});

function describe({ month, cost_centers: centers }: CostsView, terminal: Terminal): string {
  const money = (amount: number | undefined) => (amount === undefined ? '' : amount.toFixed(2));
  const rows = centers.flatMap(
    ({ cost_center: center, currency = '', episodes, budget, unallocated, rows: own }) => [
      ...own.map((row) => [
        center,
        row.environment,
        row.namespace,
        String(row.episodes),
        money(row.allocated),
        currency,
      ]),
      [center, 'all', '', String(episodes), money(budget), currency],
      ...(unallocated ? [[center, 'not allocated', '', '', money(unallocated), currency]] : []),
    ],
  );
  if (rows.length === 0) return `No cost centers are charged with anything in ${month}.`;
  return renderTable(
    [
      { title: 'COST CENTER' },
      { title: 'ENVIRONMENT' },
      { title: 'NAMESPACE', isFlexible: true },
      { title: 'EPISODES', align: 'right' },
      { title: 'AMOUNT', align: 'right' },
      { title: 'CURRENCY' },
    ],
    rows,
    terminal,
  );
}
