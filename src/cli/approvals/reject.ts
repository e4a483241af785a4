import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { BY_FLAG, whoActs } from '../incidents/by-flag.ts';
import { settleEach } from '../settle.ts';

export default defineCommand({
  description: ['Rejects what waits for an approval; it is not done. Exit code 1 when one of them can’t be.'],
  positionals: [{ name: 'ID', description: 'As "signalbox approvals" shows it', isRepeated: true }],
  flags: {
    comment: { type: 'string', description: 'Why', hint: 'TEXT' },
    ...BY_FLAG,
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [{ line: 'signalbox approvals reject ID --comment "not now"', what: 'an answer is final' }],
  async run({ flags, positionals, terminal }) {
    const { comment, json } = flags;
    const body = { ...whoActs(flags.by, terminal), ...(comment === undefined ? {} : { comment }) };
    const path = (id: string): string => `/approvals/${id}/reject`;
    const hub = await findHub(flags, terminal);
    return settleEach(hub, positionals, { path, body, done: 'is rejected', json, terminal });
  },
});
