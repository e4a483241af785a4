import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { settleEach } from '../settle.ts';
import { BY_FLAG, whoActs } from './by-flag.ts';

export default defineCommand({
  description: [
    'Resolves incidents by hand. One opens again with its next alert inside `incidents.reopen_window`. Exit code 1 when one of them can’t be.',
  ],
  positionals: [{ name: 'ID', description: 'As "signalbox incidents" shows it', isRepeated: true }],
  flags: {
    note: { type: 'string', description: 'For the timeline', hint: 'TEXT' },
    ...BY_FLAG,
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [{ line: 'signalbox incidents resolve ID', what: 'the trouble is over' }],
  async run({ flags, positionals, terminal }) {
    const { note, json } = flags;
    const body = { ...whoActs(flags.by, terminal), ...(note === undefined ? {} : { note }) };
    const path = (id: string): string => `/incidents/${id}/resolve`;
    const hub = await findHub(flags, terminal);
    return settleEach(hub, positionals, { path, body, done: 'is resolved', json, terminal });
  },
});
