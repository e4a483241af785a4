import type { IncidentDetailView } from '../../api/views/present-incident.ts';
import { assessmentFields } from '../assessment-fields.ts';
import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { severityCell, statusCell } from '../styles.ts';
import { renderFields, renderTable } from '../table.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { fullTime } from '../time-text.ts';

export default defineCommand({
  description: ['Shows an incident: its cause, its alerts, why they are in it, and what was done.'],
  positionals: [{ name: 'ID', description: 'As "signalbox incidents" shows it' }],
  flags: { ...HUB_FLAGS, ...JSON_FLAG },
  examples: [{ line: 'signalbox incidents show ID', what: 'what happened, and what may have caused it' }],
  async run({ flags, positionals, terminal }) {
    const hub = await findHub(flags, terminal);
    const incident = await hub.get<IncidentDetailView>(`/incidents/${encodeURIComponent(positionals[0]!)}`);
    if (flags.json) return printJson(terminal, incident);
    terminal.print(
      [
        describe(incident, terminal),
        alertsOf(incident, terminal),
        reasonsOf(incident, terminal),
        timelineOf(incident, terminal),
      ].join('\n\n'),
    );
  },
});

function describe(incident: IncidentDetailView, terminal: Terminal): string {
  const now = terminal.now();
  const { cause } = incident;
  return renderFields(
    [
      ['incident', incident.title],
      ['status', statusCell(incident.status)],
      ['severity', severityCell(incident.severity)],
      ...assessmentFields(incident.assessment, incident.overdue_since, now),
      ['cause', `${cause.title} (${[cause.service, cause.why].filter(Boolean).join(', ')})`],
      ['began', fullTime(incident.starts_at, now)],
      ['resolved', fullTime(incident.resolved_at, now)],
      ['closed', fullTime(incident.closed_at, now)],
      ['acknowledged by', incident.acknowledged_by],
      ['assigned to', incident.assignee],
      ['merged into', incident.merged_into],
      ['stale since', fullTime(incident.stale_since, now)],
      ['changes by itself', fullTime(incident.due_at, now)],
      ['changes near it', incident.changes.map(({ what }) => what).join('; ') || undefined],
      ['alerts', `${incident.alerts}, ${incident.firing} firing`],
      ['id', incident.id],
    ],
    terminal,
  );
}

function alertsOf({ members }: IncidentDetailView, terminal: Terminal): string {
  const columns = [{ title: 'STATUS' }, { title: 'ALERT', isFlexible: true }, { title: 'FINGERPRINT' }];
  const rows = members.map(({ status, alert, fingerprint }) => [
    statusCell(status),
    alert ? (alert.annotations['summary'] ?? alert.labels['alertname'] ?? '') : 'no longer kept',
    fingerprint,
  ]);
  return renderTable(columns, rows, terminal);
}

function reasonsOf({ decisions }: IncidentDetailView, terminal: Terminal): string {
  const columns = [
    { title: 'RULE' },
    { title: 'TIMES', align: 'right' as const },
    { title: 'WHY', isFlexible: true },
  ];
  const rows = decisions.map(({ rule, count, outcome }) => [rule, String(count), outcome]);
  return renderTable(columns, rows, terminal);
}

function timelineOf({ timeline }: IncidentDetailView, terminal: Terminal): string {
  const columns = [{ title: 'WHEN' }, { title: 'WHO' }, { title: 'WHAT', isFlexible: true }];
  const rows = timeline.map(({ at, kind, by, text }) => [
    at,
    by ?? '',
    text === kind ? kind : `${kind}: ${text}`,
  ]);
  return renderTable(columns, rows, terminal);
}
