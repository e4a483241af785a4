import type { SilenceView } from '../../api/views/present-silence.ts';
import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { LIMIT_FLAG, moreText, readLimit } from '../list-flags.ts';
import { printJson } from '../terminal.ts';
import { silenceTable } from './silence-table.ts';

export default defineCommand({
  description: [
    'Lists silences and maintenance windows of a running hub, the newest start first; what has expired only when asked for.',
  ],
  flags: {
    state: {
      type: 'string',
      description: 'Only these; default all that have not expired',
      choices: ['pending', 'active', 'expired'],
    },
    kind: { type: 'string', description: 'Only these', choices: ['silence', 'maintenance'] },
    tenant: { type: 'string', description: 'Only of this tenant', hint: 'NAME' },
    ...LIMIT_FLAG,
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [
    { line: 'signalbox silences', what: 'what is quiet, and what will be' },
    { line: 'signalbox silences --kind maintenance', what: 'maintenance windows' },
  ],
  async run({ flags, terminal }) {
    const { state, kind, tenant } = flags;
    const hub = await findHub(flags, terminal);
    const found = await hub.list<SilenceView>('/silences', { state, kind, tenant }, readLimit(flags.limit));
    const items = state === undefined ? found.items.filter((one) => one.state !== 'expired') : found.items;
    if (flags.json) return printJson(terminal, { items });
    if (items.length === 0) return terminal.print('No silences.');
    terminal.print(silenceTable(items, terminal));
    if (found.more) terminal.remark(moreText(found.items.length));
  },
});
