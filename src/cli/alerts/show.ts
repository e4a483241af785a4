import { nameOf } from '@signalbox/sdk';
import type { AlertDetailView } from '../../api/views/present-alert.ts';
import type { DeliveryView } from '../../api/views/present-delivery.ts';
import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { printJson } from '../terminal.ts';
import { explainAlert } from './explain.ts';

/** Newest first; older ones are history. */
const DELIVERIES_PER_GROUP = '20';

export default defineCommand({
  description: [
    'Shows one alert and answers why it was or was not sent: the groups it is in, whom each told and when it tells next, the deliveries of these groups, and what was decided.',
  ],
  positionals: [{ name: 'FINGERPRINT', description: 'As "signalbox alerts" shows it' }],
  flags: {
    tenant: { type: 'string', description: 'The tenant that it belongs to', hint: 'NAME' },
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [{ line: 'signalbox alerts show 5ef77f1f8a3ecfd7', what: 'why was it (not) sent?' }],
  async run({ flags, positionals, terminal }) {
    const hub = await findHub(flags, terminal);
    const path = `/alerts/${encodeURIComponent(positionals[0]!)}`;
    const alert = await hub.get<AlertDetailView>(path, { tenant: flags.tenant });
    const pages = await Promise.all(
      groupsOf(alert).map((id) =>
        hub.get<{ items: readonly DeliveryView[] }>('/deliveries', {
          group_id: id,
          limit: DELIVERIES_PER_GROUP,
        }),
      ),
    );
    const deliveries = pages.flatMap(({ items }) => items);
    if (flags.json) return printJson(terminal, { ...alert, deliveries });
    terminal.print(explainAlert(nameOf(alert), alert, deliveries, terminal));
  },
});

/** The groups that hold it, and those that held it: a group is gone once its alerts are resolved and told, its deliveries are kept. */
function groupsOf({ groups, decisions }: AlertDetailView): readonly string[] {
  const routed = decisions.filter(({ stage }) => stage === 'route').map(({ outcome }) => outcome);
  return [...new Set([...groups.map(({ id }) => id), ...routed])];
}
