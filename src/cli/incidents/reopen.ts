import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { settleEach } from '../settle.ts';
import { BY_FLAG, whoActs } from './by-flag.ts';

export default defineCommand({
  description: [
    'Opens incidents again, also closed ones, and takes an acknowledgement back. Exit code 1 when one of them can’t be.',
  ],
  positionals: [{ name: 'ID', description: 'As "signalbox incidents" shows it', isRepeated: true }],
  flags: {
    note: { type: 'string', description: 'For the timeline', hint: 'TEXT' },
    ...BY_FLAG,
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [{ line: 'signalbox incidents reopen ID', what: 'it was not over' }],
  async run({ flags, positionals, terminal }) {
    const { note, json } = flags;
    const body = { ...whoActs(flags.by, terminal), ...(note === undefined ? {} : { note }) };
    const path = (id: string): string => `/incidents/${id}/reopen`;
    const hub = await findHub(flags, terminal);
    return settleEach(hub, positionals, { path, body, done: 'is open again', json, terminal });
  },
});
