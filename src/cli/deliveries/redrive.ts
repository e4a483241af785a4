import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { settleEach } from '../settle.ts';

export default defineCommand({
  description: [
    'Sends deliveries again that were given up, under the same idempotency key and with a new deadline. Exit code 1 when one of them can’t be.',
  ],
  positionals: [{ name: 'ID', description: 'As "signalbox deliveries" shows it', isRepeated: true }],
  flags: { ...HUB_FLAGS, ...JSON_FLAG },
  examples: [{ line: 'signalbox deliveries redrive ID', what: 'after the receiver was repaired' }],
  async run({ flags, positionals, terminal }) {
    const path = (id: string): string => `/deliveries/${id}/redrive`;
    const hub = await findHub(flags, terminal);
    return settleEach(hub, positionals, { path, done: 'is sent again', json: flags.json, terminal });
  },
});
