import { hash } from 'node:crypto';
import type { Alert } from '../model/alert.ts';
import { decide } from '../model/decision.ts';
import type { ChangeNote, Incident } from '../model/incident.ts';
import { transition } from '../model/incident-transitions.ts';
import type { IncidentSettings, TopologySettings } from '../model/settings.ts';
import { priorityOf, urgent } from '../model/severity.ts';
import { assessIncident } from './assess-incident.ts';
import { causeOf, likelierCause } from './cause.ts';
import { addChanges, changesNear } from './changes.ts';
import { addFacet, facetOf, type Link } from './facet.ts';
import type { Place } from './place-alert.ts';

export interface CorrelateConfig {
  readonly incidents: IncidentSettings;
  readonly topology?: TopologySettings | undefined;
}

export interface Joining {
  readonly alert: Alert;
  readonly place: Place;
  /** False for one that fires again and was counted before. */
  readonly isNew: boolean;
  /** Of the scope, and what enrichment found. */
  readonly changes: readonly ChangeNote[];
  /** What connects it; absent for the first alert, and for one that was in it before. */
  readonly link?: Link;
}

/** An incident begins with one alert. The id follows from the scope, the alert and its episode. */
export function openIncident(joining: Joining, { topology }: CorrelateConfig, now: number): Incident {
  const { alert, place } = joining;
  const { rule, scopeId } = place;
  const cause = causeOf(alert, rule, topology);
  const stem = hash('sha256', `${scopeId}/${alert.fingerprint}/${alert.episode}/${alert.startsAt}`, 'hex');
  const opened: Incident = {
    id: `i_${now.toString(16).padStart(12, '0')}${stem.slice(0, 12)}`,
    tenant: alert.tenant,
    scopeId,
    rule: rule.id,
    version: 0,
    status: 'open',
    title: cause.title,
    severity: alert.severity,
    priority: alert.priority,
    alerts: 1,
    firing: 1,
    startsAt: alert.startsAt,
    openedAt: now,
    changedAt: now,
    cause,
    changes: changesNear(joining.changes, alert.startsAt, rule.changesMs),
    facets: [facetOf(alert, rule, topology)],
    escalations: 0,
    decisions: decide([], { stage: 'correlate', rule: rule.id, outcome: 'opened' }, now),
    timeline: [{ at: now, kind: 'opened', text: `${nameOf(alert)} opened it` }],
  };
  return assessIncident(opened, alert, now);
}

/** Takes an alert in. A resolved incident opens again; its severity and its start are those of the worst and the earliest alert. */
export function joinIncident(
  incident: Incident,
  joining: Joining,
  { topology }: CorrelateConfig,
  now: number,
): Incident {
  const { alert, place, isNew } = joining;
  const { rule } = place;
  const text = `${nameOf(alert)} ${isNew ? 'joined' : 'fires again'}`;
  const event =
    incident.status === 'resolved'
      ? ({ kind: 'reopen', note: text } as const)
      : ({ kind: 'join', text } as const);
  const moved = transition(incident, event, now) ?? incident;
  const cause = likelierCause(incident.cause, causeOf(alert, rule, topology));
  const priority = urgent(incident.priority, alert.priority);
  const startsAt = Math.min(incident.startsAt, alert.startsAt);
  const near = changesNear(joining.changes, startsAt, rule.changesMs);
  const outcome = describeLink(joining);
  const joined: Incident = {
    ...moved,
    title: cause.title,
    cause,
    priority,
    severity: priorityOf(incident.severity) === priority ? incident.severity : alert.severity,
    alerts: incident.alerts + (isNew ? 1 : 0),
    firing: incident.firing + 1,
    startsAt,
    changes: addChanges(incident.changes, near),
    facets: addFacet(incident.facets, facetOf(alert, rule, topology), rule.windowMs),
    decisions: decide(incident.decisions, { stage: 'correlate', rule: rule.id, outcome }, now),
  };
  return assessIncident(joined, alert, now);
}

/** Which inputs of the rule spoke for it, in few enough spellings that repeats are counted instead of listed. */
function describeLink({ alert, place, link }: Joining): string {
  const { same, windowMs } = place.rule;
  const said = same.map((name) => `same ${name}=${JSON.stringify(alert.labels[name] ?? '')}`);
  if (!link) return [...said, 'fires again'].join(', ');
  if (link.hops !== undefined) said.push(`services ${link.hops} dependencies apart`);
  if (link.similarity !== undefined)
    said.push(`text at least ${Math.floor(link.similarity * 10) * 10}% alike`);
  said.push(`starts within ${Math.round(windowMs / 1000)}s`);
  return said.join(', ');
}

function nameOf({ labels, fingerprint }: Alert): string {
  return labels.alertname ?? fingerprint;
}
