import type { ApprovalView } from '../../api/views/present-approval.ts';
import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { BY_FLAG, whoActs } from '../incidents/by-flag.ts';
import { printJson } from '../terminal.ts';

export default defineCommand({
  description: [
    'Asks whether a namespace may become another environment. The gates of `approvals.promotions` say who has to agree; it is recorded when all of them did.',
  ],
  positionals: [
    { name: 'CLUSTER', description: 'The cluster that it is in' },
    { name: 'NAMESPACE', description: 'Its name' },
    { name: 'ENVIRONMENT', description: 'What it is to become' },
  ],
  flags: {
    tenant: { type: 'string', description: 'Of this tenant', hint: 'NAME' },
    ...BY_FLAG,
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [{ line: 'signalbox namespaces promote eu-1 shop production', what: 'the approval is printed' }],
  async run({ flags, positionals, terminal }) {
    const [cluster, namespace, to] = positionals;
    const tenant = flags.tenant === undefined ? {} : { tenant: flags.tenant };
    const body = { ...tenant, cluster, namespace, to, ...whoActs(flags.by, terminal) };
    const hub = await findHub(flags, terminal);
    const approval = await hub.post<ApprovalView>('/promotions', body);
    if (flags.json) return printJson(terminal, approval);
    terminal.print(`${approval.question} waits as ${approval.id}`);
  },
});
