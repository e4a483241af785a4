import { labelsOf } from '@signalbox/sdk';
import type { AlertDetailView } from '../../api/views/present-alert.ts';
import type { DeliveryView } from '../../api/views/present-delivery.ts';
import { assessmentFields } from '../assessment-fields.ts';
import { deliveryTable } from '../deliveries/delivery-table.ts';
import { severityCell, statusCell } from '../styles.ts';
import { renderFields, renderTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { fullTime, relativeTime } from '../time-text.ts';

type Group = AlertDetailView['groups'][number];

/** The whole screen of `alerts show`. */
export function explainAlert(
  name: string,
  alert: AlertDetailView,
  deliveries: readonly DeliveryView[],
  terminal: Terminal,
): string {
  const { paint } = terminal;
  const now = terminal.now();
  const labels = Object.entries(alert.labels).map(([label, value]) => `${label}="${value}"`);
  const fields = renderFields(
    [
      ['alert', { text: name, style: 'bold' }],
      ['status', statusCell(alert.status)],
      ['severity', severityCell(alert.severity)],
      ...assessmentFields(alert.facts?.assessment, alert.lifecycle.overdue_since, now),
      ['labels', labels.join(', ')],
      ...Object.entries(alert.annotations).map(([key, value]) => [key, value] as const),
      ['since', fullTime(alert.starts_at, now)],
      ['until', fullTime(alert.ends_at, now)],
      ['resolves by itself', fullTime(alert.expires_at, now)],
      ...(alert.suppressed_by ?? []).map(
        ({ reason, rule, until }) => ['held', heldText(reason, rule, fullTime(until, now))] as const,
      ),
      ['last seen', fullTime(alert.last_seen_at, now)],
      ...lifecycleFields(alert.lifecycle, now),
      ['by', alert.integration],
      ['episode', `${alert.episode}, ${alert.occurrences} events`],
      ['source', alert.generator_url],
      ['fingerprint', alert.fingerprint],
      ...factsOf(alert),
    ],
    terminal,
  );
  const heading = (text: string): string => `\n${paint('bold', text)}`;
  return [
    fields,
    heading('Groups'),
    alert.groups.length === 0
      ? noGroups(alert)
      : alert.groups.map((group) => explainGroup(group, alert, now)).join('\n'),
    heading('Deliveries of its groups'),
    deliveries.length === 0 ? 'None.' : deliveryTable(deliveries, terminal),
    ...(alert.decisions.length === 0 ? [] : [heading('Decisions'), decisionTable(alert, terminal)]),
  ].join('\n');
}

function heldText(reason: string, rule: string, until: string | undefined): string {
  return `${reason} by ${rule}${until === undefined ? '' : `, until ${until}`}`;
}

/** What people and time have done with it; nothing for an alert that nobody has touched. */
function lifecycleFields(
  lifecycle: AlertDetailView['lifecycle'],
  now: number,
): readonly (readonly [string, string | undefined])[] {
  const { state, by, since, ended_by: endedBy } = lifecycle;
  return [
    [
      'state',
      state === 'open'
        ? undefined
        : `${state}${by === undefined ? '' : ` by ${by}`}, ${fullTime(since, now)}`,
    ],
    ['assigned to', lifecycle.assignee],
    ['snoozed until', fullTime(lifecycle.snoozed_until, now)],
    ['stale since', fullTime(lifecycle.stale_since, now)],
    ['raised', fullTime(lifecycle.raised_at, now)],
    [
      'ended by',
      endedBy === 'person' ? 'a person, not its source' : endedBy === 'age' ? 'its age' : undefined,
    ],
    ...lifecycle.comments.map(
      (comment) =>
        [
          'comment',
          `${comment.by ?? 'somebody'}, ${relativeTime(comment.at, now)}: ${comment.text}`,
        ] as const,
    ),
  ];
}

/** Why it is held, and what is known of it beside what its sender said. */
function factsOf({ hold, facts = {} }: AlertDetailView): readonly (readonly [string, string | undefined])[] {
  const findings = facts.findings?.map(({ standard, message }) => `${message} [${standard}]`).join('; ');
  return [
    ['held', hold && `${hold.reason} by ${hold.rule}${hold.comment ? `: ${hold.comment}` : ''}`],
    ['environment', facts.environment && `${facts.environment} (${facts.certainty ?? 'certain'})`],
    ['business unit', facts.business_unit],
    ['naming', findings],
  ];
}

function noGroups({ status }: AlertDetailView): string {
  return status === 'resolved'
    ? 'None any more: it is resolved, and whoever was told that it fired was told that it is over.'
    : 'None. The next signal about it puts it into one.';
}

/** One sentence per integration of the receiver: what it knows of this alert. */
function explainGroup(group: Group, alert: AlertDetailView, now: number): string {
  const labels = labelsOf(group.labels).map(([name, value]) => `${name}=${value}`);
  const head = `${group.group_key}  receiver ${group.receiver}${labels.length > 0 ? `, ${labels.join(' ')}` : ''}`;
  const told = group.told.map(({ integration, at, firing, resolved }) => {
    const knows = firing.includes(alert.fingerprint)
      ? 'was told that it fires'
      : resolved.includes(alert.fingerprint)
        ? 'was told that it is resolved'
        : 'was told of the group, not of this alert';
    return `  ${integration} ${knows}, ${relativeTime(at, now)}`;
  });
  const next =
    group.next_flush_at === undefined
      ? '  No further notification is planned.'
      : `  ${group.generation === 0 ? 'First look' : 'Next look'} at who has to be told: ${fullTime(group.next_flush_at, now)}`;
  return [head, ...(told.length === 0 ? ['  Nobody was told yet.'] : told), next].join('\n');
}

function decisionTable({ decisions }: AlertDetailView, terminal: Terminal): string {
  const columns = [
    { title: 'STAGE' },
    { title: 'RULE', isFlexible: true },
    { title: 'OUTCOME', isFlexible: true },
    { title: 'WHEN' },
    { title: 'TIMES', align: 'right' as const },
  ];
  const rows = decisions.map(({ stage, rule, outcome, at, count }) => [
    stage,
    rule,
    outcome,
    relativeTime(at, terminal.now()),
    String(count),
  ]);
  return renderTable(columns, rows, terminal);
}
