import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { settleEach } from '../settle.ts';
import { BY_FLAG, whoActs } from './by-flag.ts';

export default defineCommand({
  description: [
    'Makes the alerts of incidents those of another one, and closes them. Exit code 1 when one of them can’t be.',
  ],
  positionals: [
    { name: 'TARGET', description: 'The incident that takes their alerts over' },
    { name: 'ID', description: 'As "signalbox incidents" shows it', isRepeated: true },
  ],
  flags: { ...BY_FLAG, ...HUB_FLAGS, ...JSON_FLAG },
  examples: [{ line: 'signalbox incidents merge TARGET ID', what: 'both are the same trouble' }],
  async run({ flags, positionals, terminal }) {
    const [into, ...ids] = positionals;
    const body = { ...whoActs(flags.by, terminal), into };
    const path = (id: string): string => `/incidents/${id}/merge`;
    const hub = await findHub(flags, terminal);
    return settleEach(hub, ids, { path, body, done: 'is merged', json: flags.json, terminal });
  },
});
