import type { NamespaceEntryView } from '../../api/views/present-namespace.ts';
import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { LIMIT_FLAG, moreText, readLimit } from '../list-flags.ts';
import { renderTable } from '../table.ts';
import { printJson } from '../terminal.ts';

export default defineCommand({
  description: [
    'Lists what happened to namespaces: created, labelled, classified, promoted, deleted, with the environment before and after; the last recorded first.',
    '`--unapproved` leaves what became another environment without a promotion: by labels, rules or what alerts say.',
  ],
  positionals: [{ name: 'NAMESPACE', description: 'Only of this name', isOptional: true }],
  flags: {
    cluster: { type: 'string', description: 'Only of this cluster', hint: 'NAME' },
    unapproved: { type: 'boolean', description: 'Only what went past every gate' },
    tenant: { type: 'string', description: 'Only of this tenant', hint: 'NAME' },
    ...LIMIT_FLAG,
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [
    { line: 'signalbox namespaces history shop', what: 'what happened to it?' },
    { line: 'signalbox namespaces history --unapproved --json', what: 'for a compliance report' },
  ],
  async run({ flags, positionals, terminal }) {
    const { cluster, tenant, unapproved } = flags;
    const hub = await findHub(flags, terminal);
    const query = {
      cluster,
      tenant,
      namespace: positionals[0],
      ...(unapproved ? { unapproved: 'true' } : {}),
    };
    const limit = readLimit(flags.limit);
    const { items, more } = await hub.list<NamespaceEntryView>('/namespaces/history', query, limit);
    if (flags.json) return printJson(terminal, { items });
    if (items.length === 0) return terminal.print('Nothing was recorded.');
    const columns = [
      { title: 'AT' },
      { title: 'CLUSTER' },
      { title: 'NAMESPACE', isFlexible: true },
      { title: 'WHAT' },
      { title: 'FROM' },
      { title: 'TO' },
      { title: 'BY' },
      { title: 'REMARK', isFlexible: true },
    ];
    const rows = items.map((entry) => [
      entry.at,
      entry.cluster,
      entry.namespace,
      entry.kind,
      entry.from ?? '',
      entry.to ?? '',
      entry.by,
      entry.refused ?? entry.promotion ?? (entry.unapproved ? 'unapproved' : ''),
    ]);
    terminal.print(renderTable(columns, rows, terminal));
    if (more) terminal.remark(moreText(items.length));
  },
});
