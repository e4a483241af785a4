import { acknowledgeBy } from '../model/assessment.ts';
import type { Incident } from '../model/incident.ts';
import { transition } from '../model/incident-transitions.ts';
import type { IncidentSettings } from '../model/settings.ts';
import { priorityOf, urgent } from '../model/severity.ts';

/**
 * What time does to an incident whose moment has come: a resolved one is closed, one that nobody acknowledged is escalated and overdue, one that nothing
 * happens to is marked as stale. Pure; the next moment is `withDue`'s.
 */
export function ageIncident(incident: Incident, settings: IncidentSettings, now: number): Incident {
  let aged = incident;
  for (let step = nextStep(aged, settings, now); step; step = nextStep(aged, settings, now)) aged = step;
  return aged;
}

function nextStep(incident: Incident, settings: IncidentSettings, now: number): Incident | undefined {
  const { status, resolvedAt = now, openedAt, escalations, changedAt } = incident;
  if (status === 'resolved' && now >= resolvedAt + settings.closeAfterMs)
    return transition(incident, { kind: 'close', note: 'resolved long enough ago' }, now);
  const escalation = settings.escalateAfter[escalations];
  if (status === 'open' && escalation && now >= openedAt + escalation.afterMs) {
    const priority = urgent(incident.priority, priorityOf(escalation.severity));
    const raises = priority !== incident.priority;
    const text = raises ? `raised to ${escalation.severity}` : `stays ${incident.severity}`;
    const escalated = transition(
      incident,
      { kind: 'escalate', text: `nobody acknowledged it: ${text}` },
      now,
    );
    const severity = raises ? escalation.severity : incident.severity;
    return escalated && { ...escalated, priority, severity, escalations: escalations + 1 };
  }
  const overdue = overdueAt(incident);
  if (overdue !== undefined && now >= overdue) {
    const text = `nobody acknowledged it within the time of ${incident.assessment!.level}`;
    return transition(incident, { kind: 'lapse', text, since: overdue }, now);
  }
  const lives = status === 'open' || status === 'acknowledged';
  if (lives && incident.staleSince === undefined && now >= changedAt + settings.staleAfterMs)
    return transition(incident, { kind: 'age', text: 'nothing has happened to it for long' }, now);
  return undefined;
}

/** The incident with the time at which it changes by itself, where it does. */
export function withDue(incident: Incident, settings: IncidentSettings): Incident {
  const { dueAt: _, ...kept } = incident;
  const dueAt = dueOf(incident, settings);
  return dueAt === undefined ? kept : { ...kept, dueAt };
}

function dueOf(incident: Incident, settings: IncidentSettings): number | undefined {
  const { status, resolvedAt, openedAt, changedAt, escalations, staleSince } = incident;
  if (status === 'closed') return undefined;
  if (status === 'resolved') return (resolvedAt ?? changedAt) + settings.closeAfterMs;
  const escalation = status === 'open' ? settings.escalateAfter[escalations] : undefined;
  const due = Math.min(
    escalation ? openedAt + escalation.afterMs : Infinity,
    overdueAt(incident) ?? Infinity,
    staleSince === undefined ? changedAt + settings.staleAfterMs : Infinity,
  );
  return due === Infinity ? undefined : due;
}

/** When nobody has acknowledged it in the time that its level gives. */
function overdueAt({ status, assessment, openedAt, overdueSince }: Incident): number | undefined {
  if (status !== 'open' || overdueSince !== undefined) return undefined;
  const by = acknowledgeBy(assessment, openedAt);
  return by === Infinity ? undefined : by;
}
