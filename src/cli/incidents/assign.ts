import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { settleEach } from '../settle.ts';
import { BY_FLAG, whoActs } from './by-flag.ts';

export default defineCommand({
  description: ['Says who takes care of incidents. Exit code 1 when one of them can’t be.'],
  positionals: [
    { name: 'NAME', description: 'Who takes care of them' },
    { name: 'ID', description: 'As "signalbox incidents" shows it', isRepeated: true },
  ],
  flags: { ...BY_FLAG, ...HUB_FLAGS, ...JSON_FLAG },
  examples: [{ line: 'signalbox incidents assign kim ID', what: 'the next one takes over' }],
  async run({ flags, positionals, terminal }) {
    const [assignee, ...ids] = positionals;
    const body = { ...whoActs(flags.by, terminal), assignee };
    const path = (id: string): string => `/incidents/${id}/assign`;
    const hub = await findHub(flags, terminal);
    return settleEach(hub, ids, { path, body, done: 'is assigned', json: flags.json, terminal });
  },
});
