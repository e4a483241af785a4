import type { WorkflowRunView } from '../../api/views/present-workflow-run.ts';
import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { BY_FLAG, whoActs } from '../incidents/by-flag.ts';
import { printJson } from '../terminal.ts';

export default defineCommand({
  description: [
    'Hands an alert to a workflow engine, whatever the conditions of the workflow say of it. Where the workflow has an approval, somebody else has to agree first.',
  ],
  positionals: [
    { name: 'WORKFLOW', description: 'A workflow of the configuration' },
    { name: 'FINGERPRINT', description: 'As "signalbox alerts" shows it' },
  ],
  flags: {
    tenant: { type: 'string', description: 'The tenant that the alert belongs to', hint: 'NAME' },
    ...BY_FLAG,
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [
    { line: 'signalbox workflow-runs start restart-consumer 5ef77f1f8a3ecfd7', what: 'have it mended' },
  ],
  async run({ flags, positionals, terminal }) {
    const [workflow, fingerprint] = positionals;
    const { tenant } = flags;
    const hub = await findHub(flags, terminal);
    const body = { workflow, ...whoActs(flags.by, terminal), ...(tenant === undefined ? {} : { tenant }) };
    const path = `/alerts/${encodeURIComponent(fingerprint!)}/workflow`;
    const run = await hub.post<WorkflowRunView>(path, body);
    if (flags.json) return printJson(terminal, run);
    const { id, status, approval } = run;
    terminal.print(
      approval === undefined ? `${id} is ${status}.` : `${id} waits for the approval ${approval}.`,
    );
    terminal.remark(`Look: signalbox workflow-runs show ${id}.`);
  },
});
