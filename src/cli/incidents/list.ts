import type { IncidentView } from '../../api/views/present-incident.ts';
import { INCIDENT_STATUSES } from '../../model/incident.ts';
import { defineCommand } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { LIMIT_FLAG, moreText, readLimit } from '../list-flags.ts';
import { levelCell, severityCell, statusCell } from '../styles.ts';
import { renderTable } from '../table.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { relativeTime } from '../time-text.ts';

export default defineCommand({
  description: [
    'Lists incidents of a running hub, the newest first. Filters hold together. Closed ones are left out unless `--status closed` asks for them.',
  ],
  flags: {
    status: { type: 'strings', description: 'Only these; may be repeated', choices: INCIDENT_STATUSES },
    level: { type: 'string', description: 'Only of this level of the procedures', hint: 'LEVEL' },
    overdue: { type: 'boolean', description: 'Only those that nobody acknowledged in time' },
    severity: { type: 'string', description: 'Only of this severity', hint: 'WORD' },
    assignee: { type: 'string', description: 'Only those that this person takes care of', hint: 'NAME' },
    tenant: { type: 'string', description: 'Only of this tenant', hint: 'NAME' },
    ...LIMIT_FLAG,
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [
    { line: 'signalbox incidents', what: 'what people have to respond to' },
    { line: 'signalbox incidents --status open --severity critical', what: 'what nobody has seen yet' },
  ],
  async run({ flags, terminal }) {
    const { level, severity, assignee, tenant } = flags;
    const overdue = flags.overdue ? 'true' : undefined;
    if (flags.status.length > INCIDENT_STATUSES.length)
      throw new CommandError('usage', '--status was repeated too often');
    const status = flags.status.length > 0 ? flags.status : ['open', 'acknowledged', 'resolved'];
    const limit = readLimit(flags.limit);
    const hub = await findHub(flags, terminal);
    const query = { status, level, overdue, severity, assignee, tenant };
    const { items, more } = await hub.list<IncidentView>('/incidents', query, limit);
    if (flags.json) return printJson(terminal, { items });
    if (items.length === 0) return terminal.print('No incidents.');
    terminal.print(incidentTable(items, terminal));
    if (more) terminal.remark(moreText(items.length));
  },
});

function incidentTable(incidents: readonly IncidentView[], terminal: Terminal): string {
  const isAssessed = incidents.some(({ assessment }) => assessment !== undefined);
  const columns = [
    { title: 'STATUS' },
    { title: 'SEVERITY' },
    ...(isAssessed ? [{ title: 'LEVEL' }] : []),
    { title: 'INCIDENT', isFlexible: true },
    { title: 'FIRING', align: 'right' as const },
    { title: 'WHO' },
    { title: 'SINCE' },
    { title: 'ID' },
  ];
  const rows = incidents.map((incident) => [
    statusCell(incident.status),
    severityCell(incident.severity),
    ...(isAssessed ? [levelCell(incident.assessment?.level, incident.overdue_since !== undefined)] : []),
    incident.title,
    `${incident.firing}/${incident.alerts}`,
    incident.assignee ?? incident.acknowledged_by ?? '',
    relativeTime(incident.starts_at, terminal.now()),
    incident.id,
  ]);
  return renderTable(columns, rows, terminal);
}
