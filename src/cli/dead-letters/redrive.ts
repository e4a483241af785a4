import type { DeadLetterView } from '../../api/views/present-dead-letter.ts';
import { defineCommand } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { BY_FLAG, whoActs } from '../incidents/by-flag.ts';
import { settleEach } from '../settle.ts';

const MOST_AT_ONCE = 1_000;

export default defineCommand({
  description: [
    'Tries dead letters again: a delivery is sent again under the same idempotency key, a signal is read anew with the connector and mapping of now. Where `approvals.redrive` names its integration it waits for an approval. Exit code 1 when one of them can’t be.',
  ],
  positionals: [
    { name: 'ID', description: 'As "signalbox dead-letters" shows it', isOptional: true, isRepeated: true },
  ],
  flags: {
    all: { type: 'boolean', description: `All there are, at most ${MOST_AT_ONCE}, instead of single ones` },
    kind: { type: 'string', description: 'With --all: only these', choices: ['delivery', 'signal'] },
    integration: { type: 'string', description: 'With --all: only of this integration', hint: 'ID' },
    ...BY_FLAG,
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [
    { line: 'signalbox dead-letters redrive ID', what: 'one' },
    {
      line: 'signalbox dead-letters redrive --all --integration pager',
      what: 'after the pager was repaired',
    },
  ],
  async run({ flags, positionals, terminal }) {
    const { all, kind, integration } = flags;
    if (all === positionals.length > 0) {
      throw new CommandError('usage', 'say which ones: either ids or --all (with --kind, --integration)');
    }
    if (!all && (kind !== undefined || integration !== undefined)) {
      throw new CommandError('usage', '--kind and --integration choose among all, so they need --all');
    }
    const hub = await findHub(flags, terminal);
    const ids = all
      ? (await hub.list<DeadLetterView>('/dead-letters', { kind, integration }, MOST_AT_ONCE)).items.map(
          ({ id }) => id,
        )
      : positionals;
    if (ids.length === 0 && !flags.json) terminal.print('No dead letters.');
    const path = (id: string): string => `/dead-letters/${id}/redrive`;
    const body = whoActs(flags.by, terminal);
    return settleEach(hub, ids, { path, body, done: outcomeText, json: flags.json, terminal });
  },
});

function outcomeText(answer: unknown): string {
  const { outcome, approval } = answer as { readonly outcome: string; readonly approval?: string };
  return outcome === 'awaiting_approval' ? `waits for the approval ${approval}` : 'is tried again';
}
