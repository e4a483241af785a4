import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { settleEach } from '../settle.ts';
import { BY_FLAG, whoActs } from './by-flag.ts';

export default defineCommand({
  description: [
    'Closes incidents for good: their alerts open a new incident when they fire again. Exit code 1 when one of them can’t be.',
  ],
  positionals: [{ name: 'ID', description: 'As "signalbox incidents" shows it', isRepeated: true }],
  flags: {
    note: { type: 'string', description: 'For the timeline', hint: 'TEXT' },
    ...BY_FLAG,
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [{ line: 'signalbox incidents close ID', what: 'nobody needs it any more' }],
  async run({ flags, positionals, terminal }) {
    const { note, json } = flags;
    const body = { ...whoActs(flags.by, terminal), ...(note === undefined ? {} : { note }) };
    const path = (id: string): string => `/incidents/${id}/close`;
    const hub = await findHub(flags, terminal);
    return settleEach(hub, positionals, { path, body, done: 'is closed', json, terminal });
  },
});
