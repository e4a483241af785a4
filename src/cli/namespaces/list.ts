import type { NamespaceView } from '../../api/views/present-namespace.ts';
import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { LIMIT_FLAG, moreText, readLimit } from '../list-flags.ts';
import { renderTable } from '../table.ts';
import { printJson } from '../terminal.ts';
import { relativeTime } from '../time-text.ts';

export default defineCommand({
  description: [
    'Lists the namespaces that a running hub knows by its clusters, by its alerts and by tools, with their environments; the last changed first. Filters hold together.',
  ],
  flags: {
    cluster: { type: 'string', description: 'Only of this cluster', hint: 'NAME' },
    environment: { type: 'string', description: 'Only of this environment', hint: 'NAME' },
    state: { type: 'string', description: 'Only these', choices: ['active', 'deleted'] },
    tenant: { type: 'string', description: 'Only of this tenant', hint: 'NAME' },
    ...LIMIT_FLAG,
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [{ line: 'signalbox namespaces --environment production', what: 'what counts as production?' }],
  async run({ flags, terminal }) {
    const { cluster, environment, state, tenant } = flags;
    const hub = await findHub(flags, terminal);
    const query = { cluster, environment, state, tenant };
    const { items, more } = await hub.list<NamespaceView>('/namespaces', query, readLimit(flags.limit));
    if (flags.json) return printJson(terminal, { items });
    if (items.length === 0) return terminal.print('No namespaces.');
    const columns = [
      { title: 'CLUSTER' },
      { title: 'NAMESPACE', isFlexible: true },
      { title: 'ENVIRONMENT' },
      { title: 'STATE' },
      { title: 'CHANGED' },
    ];
    const rows = items.map((item) => [
      item.cluster,
      item.namespace,
      item.environment === 'production'
        ? { text: item.environment, style: 'red' as const }
        : item.environment,
      item.state,
      relativeTime(item.changed_at, terminal.now()),
    ]);
    terminal.print(renderTable(columns, rows, terminal));
    if (more) terminal.remark(moreText(items.length));
  },
});
