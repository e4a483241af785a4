import type { Incident, IncidentStatus, TimelineEntry } from './incident.ts';

/** Everything that can happen to an incident as a whole. `by` is who said so; absent: the hub. */
export type IncidentEvent =
  | { readonly kind: 'join'; readonly text: string }
  | { readonly kind: 'acknowledge'; readonly by: string; readonly note?: string }
  | { readonly kind: 'assign'; readonly by: string; readonly assignee: string }
  | { readonly kind: 'resolve'; readonly by?: string; readonly note?: string }
  | { readonly kind: 'reopen'; readonly by?: string; readonly note?: string }
  | { readonly kind: 'close'; readonly by?: string; readonly note?: string }
  | { readonly kind: 'merge'; readonly by?: string; readonly into: string }
  | { readonly kind: 'escalate'; readonly text: string }
  | { readonly kind: 'lapse'; readonly text: string; readonly since: number }
  | { readonly kind: 'age'; readonly text: string };

type EventKind = IncidentEvent['kind'];

/** The one table (design §2.9): the status after each event; what is not listed is refused. */
const TABLE: Readonly<Record<IncidentStatus, Partial<Record<EventKind, IncidentStatus>>>> = {
  open: {
    join: 'open',
    acknowledge: 'acknowledged',
    assign: 'open',
    resolve: 'resolved',
    close: 'closed',
    merge: 'closed',
    escalate: 'open',
    lapse: 'open',
    age: 'open',
  },
  acknowledged: {
    join: 'acknowledged',
    acknowledge: 'acknowledged',
    assign: 'acknowledged',
    resolve: 'resolved',
    reopen: 'open',
    close: 'closed',
    merge: 'closed',
    age: 'acknowledged',
  },
  resolved: { assign: 'resolved', reopen: 'open', close: 'closed', merge: 'closed' },
  closed: { reopen: 'open' },
};

const ENTRY: Readonly<Record<EventKind, TimelineEntry['kind']>> = {
  join: 'joined',
  acknowledge: 'acknowledged',
  assign: 'assigned',
  resolve: 'resolved',
  reopen: 'reopened',
  close: 'closed',
  merge: 'merged',
  escalate: 'escalated',
  lapse: 'overdue',
  age: 'stale',
};

/** Older entries are forgotten, but for the one that tells of the opening. */
export const MAX_TIMELINE = 100;

/**
 * The incident after an event, with its timeline; undefined when its status does not allow it. One that was merged stays closed: its alerts
 * are elsewhere. Pure; counting the version is left to whoever writes.
 */
export function transition(incident: Incident, event: IncidentEvent, now: number): Incident | undefined {
  const status = TABLE[incident.status][event.kind];
  if (status === undefined || incident.mergedInto !== undefined) return undefined;
  const { acknowledgement, resolvedAt, closedAt, staleSince, overdueSince, ...kept } = incident;
  const entry: TimelineEntry = {
    at: now,
    kind: ENTRY[event.kind],
    text: textOf(event),
    ...('by' in event && event.by !== undefined ? { by: event.by } : {}),
  };
  const ages = event.kind === 'age' || event.kind === 'lapse';
  const overdue = event.kind === 'lapse' ? event.since : overdueSince;
  return {
    ...kept,
    status,
    changedAt: ages ? incident.changedAt : now,
    timeline: [...incident.timeline, entry].toSpliced(
      1,
      Math.max(0, incident.timeline.length + 1 - MAX_TIMELINE),
    ),
    ...whenAcknowledged(event, status, acknowledgement, now),
    ...(event.kind === 'assign' ? { assignee: event.assignee } : {}),
    // Whoever had it is free again, and the time until it is escalated begins anew.
    ...(event.kind === 'reopen' ? { openedAt: now, escalations: 0 } : {}),
    ...(event.kind === 'merge' ? { mergedInto: event.into } : {}),
    ...(status === 'resolved' ? { resolvedAt: resolvedAt ?? now } : {}),
    ...(status === 'closed' ? { closedAt: closedAt ?? now } : {}),
    ...(status === 'closed' && resolvedAt !== undefined ? { resolvedAt } : {}),
    ...(event.kind === 'age' ? { staleSince: staleSince ?? now } : {}),
    ...(event.kind === 'lapse' && staleSince !== undefined ? { staleSince } : {}),
    ...(status === 'open' && event.kind !== 'reopen' && overdue !== undefined
      ? { overdueSince: overdue }
      : {}),
  };
}

/** An acknowledgement ends when it is opened again, and is kept as long as somebody may ask who had it. */
function whenAcknowledged(
  event: IncidentEvent,
  status: IncidentStatus,
  before: Incident['acknowledgement'],
  now: number,
): Pick<Incident, 'acknowledgement'> {
  if (event.kind === 'acknowledge') {
    const { by, note } = event;
    return { acknowledgement: { by, at: now, ...(note === undefined ? {} : { note }) } };
  }
  return before === undefined || status === 'open' ? {} : { acknowledgement: before };
}

function textOf(event: IncidentEvent): string {
  switch (event.kind) {
    case 'join':
    case 'escalate':
    case 'lapse':
    case 'age':
      return event.text;
    case 'assign':
      return `assigned to ${event.assignee}`;
    case 'merge':
      return `merged into ${event.into}`;
    default:
      return event.note ?? ENTRY[event.kind];
  }
}
