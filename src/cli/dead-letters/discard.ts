import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { settleEach } from '../settle.ts';

export default defineCommand({
  description: ['Gives dead letters up. Nobody is told. Exit code 1 when one of them can’t be.'],
  positionals: [{ name: 'ID', description: 'As "signalbox dead-letters" shows it', isRepeated: true }],
  flags: { ...HUB_FLAGS, ...JSON_FLAG },
  examples: [{ line: 'signalbox dead-letters discard ID', what: 'nobody needs it any more' }],
  async run({ flags, positionals, terminal }) {
    const path = (id: string): string => `/dead-letters/${id}/discard`;
    const hub = await findHub(flags, terminal);
    return settleEach(hub, positionals, { path, done: 'is given up', json: flags.json, terminal });
  },
});
