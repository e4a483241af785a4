import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { settleEach } from '../settle.ts';

export default defineCommand({
  description: [
    'Ends silences before their time. What still fires is told at the next flush of its group. Exit code 1 when one of them can’t be ended.',
  ],
  positionals: [{ name: 'ID', description: 'As "signalbox silences" shows it', isRepeated: true }],
  flags: { ...HUB_FLAGS, ...JSON_FLAG },
  examples: [{ line: 'signalbox silences expire ID', what: 'the work is done' }],
  async run({ flags, positionals, terminal }) {
    const path = (id: string): string => `/silences/${id}/expire`;
    const hub = await findHub(flags, terminal);
    return settleEach(hub, positionals, { path, done: 'has expired', json: flags.json, terminal });
  },
});
