import type { DeliveryView } from '../../api/views/present-delivery.ts';
import { DELIVERY_STATUSES } from '../../model/delivery.ts';
import { defineCommand } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { LIMIT_FLAG, moreText, readLimit } from '../list-flags.ts';
import { printJson } from '../terminal.ts';
import { deliveryTable } from './delivery-table.ts';

export default defineCommand({
  description: ['Lists deliveries of a running hub, the newest first. Filters hold together.'],
  flags: {
    status: { type: 'strings', description: 'Only these; may be repeated', choices: DELIVERY_STATUSES },
    integration: { type: 'string', description: 'Only through this integration', hint: 'ID' },
    receiver: { type: 'string', description: 'Only for this receiver', hint: 'NAME' },
    priority: {
      type: 'string',
      description: 'Only of this priority',
      choices: ['critical', 'warning', 'info'],
    },
    ...LIMIT_FLAG,
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [
    { line: 'signalbox deliveries', what: 'what was told lately' },
    { line: 'signalbox deliveries --status pending --status dead', what: 'what did not get there' },
  ],
  async run({ flags, terminal }) {
    const { status, integration, receiver, priority } = flags;
    if (status.length > DELIVERY_STATUSES.length)
      throw new CommandError('usage', '--status was repeated too often');
    const limit = readLimit(flags.limit);
    const hub = await findHub(flags, terminal);
    const query = { status, integration, receiver, priority };
    const { items, more } = await hub.list<DeliveryView>('/deliveries', query, limit);
    if (flags.json) return printJson(terminal, { items });
    if (items.length === 0) return terminal.print('No deliveries.');
    terminal.print(deliveryTable(items, terminal));
    if (more) terminal.remark(moreText(items.length));
  },
});
