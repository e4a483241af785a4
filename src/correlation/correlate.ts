import type { AlertStatus } from '@signalbox/sdk';
import type { Alert } from '../model/alert.ts';
import type { ChangeNote, Incident, IncidentMember } from '../model/incident.ts';
import { assessIncident } from './assess-incident.ts';
import { addChanges, changeOf, changesIn, changesNear } from './changes.ts';
import { facetOf, findLink } from './facet.ts';
import { joinIncident, openIncident, type CorrelateConfig } from './join-incident.ts';
import { mergeIncidents } from './merge-incidents.ts';
import type { Place } from './place-alert.ts';
import { transition } from '../model/incident-transitions.ts';
import { urgent } from '../model/severity.ts';

/** What is known of one correlation scope. */
export interface ScopeState {
  /** Live ones of the scope. */
  readonly incidents: readonly Incident[];
  /** Deployments and changes of late. */
  readonly changes: readonly ChangeNote[];
}

export interface CorrelateInput {
  readonly alert: Alert;
  readonly place: Place;
  /** The live incident that has the alert already, which may be one of another scope after a merge by hand. */
  readonly membership?: { readonly incident: Incident; readonly status: AlertStatus } | undefined;
  /** False when the configuration has given the alert to another scope since. */
  readonly belongs: boolean;
}

export interface Correlated {
  /** Those that are new or changed, whole. */
  readonly incidents: readonly Incident[];
  readonly member?: IncidentMember;
  /** Incidents whose members go over to another one. */
  readonly merged: readonly { readonly from: string; readonly to: string }[];
  /** The changes of the scope, when one was added. */
  readonly changes?: readonly ChangeNote[];
}

const NOTHING: Correlated = { incidents: [], merged: [] };

/**
 * Takes one alert that changed into the incidents of its scope. Pure: the same state, input, configuration and `now` give the same result.
 *
 * Alerts are in one incident when a chain of links connects them; one that links two incidents merges them. So while none of them has ended the
 * order in which alerts arrive decides nothing but the ids. What cannot be told apart from a new trouble, because the former one was resolved
 * longer ago than `reopen_window`, opens a new incident.
 */
export function correlate(
  state: ScopeState,
  input: CorrelateInput,
  config: CorrelateConfig,
  now: number,
): Correlated {
  const { alert, place } = input;
  if (place.isChange) return letGo(noteChange(state, changeOf(alert), place), state, input, config, now);
  const fires = alert.status === 'firing' && input.belongs;
  const membership = input.membership && (isOpenTo(input.membership.incident, config, now) || !fires);
  if (input.membership && membership) return followMember(state, input, input.membership, fires, config, now);
  return fires ? findIncident(state, input, config, now) : NOTHING;
}

/** Whether it takes new alerts. */
function isOpenTo(
  { status, resolvedAt = 0 }: Incident,
  { incidents }: CorrelateConfig,
  now: number,
): boolean {
  if (status === 'resolved') return now - resolvedAt <= incidents.reopenWindowMs;
  return status !== 'closed';
}

function noteChange(state: ScopeState, change: ChangeNote, { rule }: Place): Correlated {
  const changes = addChanges(state.changes, [change]);
  if (changes === state.changes) return NOTHING;
  const explained = state.incidents
    .filter((incident) => incident.rule === rule.id)
    .filter(({ startsAt }) => changesNear([change], startsAt, rule.changesMs).length > 0)
    .map((incident) => ({ ...incident, changes: addChanges(incident.changes, [change]) }));
  return { incidents: explained, merged: [], changes };
}

/** What tells of a change by now is no member any more. */
function letGo(
  noted: Correlated,
  state: ScopeState,
  input: CorrelateInput,
  config: CorrelateConfig,
  now: number,
): Correlated {
  const { membership } = input;
  if (membership?.status !== 'firing') return noted;
  const incident = noted.incidents.find(({ id }) => id === membership.incident.id) ?? membership.incident;
  const left = followMember(state, input, { ...membership, incident }, false, config, now);
  const others = noted.incidents.filter(({ id }) => id !== incident.id);
  return { ...noted, ...left, incidents: [...others, ...left.incidents] };
}

/** An alert that an incident has already: it fires again, or it has ended. */
function followMember(
  state: ScopeState,
  { alert, place }: CorrelateInput,
  { incident, status }: NonNullable<CorrelateInput['membership']>,
  fires: boolean,
  config: CorrelateConfig,
  now: number,
): Correlated {
  if (fires === (status === 'firing')) return fires ? raise(incident, alert, now) : NOTHING;
  const member = memberOf(incident, alert, fires, now);
  if (fires) {
    const joined = joinIncident(
      incident,
      { alert, place, isNew: false, changes: state.changes },
      config,
      now,
    );
    return { incidents: [joined], member, merged: [] };
  }
  const { staleSince: _, ...kept } = incident;
  const left = { ...kept, firing: Math.max(0, incident.firing - 1), changedAt: now };
  const resolved =
    left.firing === 0
      ? transition(left, { kind: 'resolve', note: 'all of its alerts have resolved' }, now)
      : undefined;
  return { incidents: [resolved ?? left], member, merged: [] };
}

/** An alert that became worse while it fires makes its incident worse. */
function raise(incident: Incident, alert: Alert, now: number): Correlated {
  const { priority, severity } = alert;
  const assessed = assessIncident(incident, alert, now);
  const isRaised = urgent(incident.priority, priority) !== incident.priority;
  if (!isRaised && assessed === incident) return NOTHING;
  return {
    incidents: [{ ...assessed, ...(isRaised ? { priority, severity } : {}), changedAt: now }],
    merged: [],
  };
}

/** The incidents that the alert is linked to become one, the oldest of them; without a link it opens one. */
function findIncident(
  state: ScopeState,
  { alert, place }: CorrelateInput,
  config: CorrelateConfig,
  now: number,
): Correlated {
  const { rule } = place;
  const own = facetOf(alert, rule, config.topology);
  const linked = state.incidents
    .filter((incident) => incident.rule === rule.id && isOpenTo(incident, config, now))
    .map((incident) => ({ incident, link: findLink(incident.facets, own, rule, config.topology) }))
    .filter(({ link }) => link !== undefined)
    .toSorted((left, right) => byAge(left.incident, right.incident));
  const [first, ...others] = linked;
  const found = addChanges(state.changes, changesIn(alert));
  if (!first) {
    const opened = openIncident({ alert, place, isNew: true, changes: found }, config, now);
    return { incidents: [opened], member: memberOf(opened, alert, true, now), merged: [] };
  }
  let target = first.incident;
  const ended: Incident[] = [];
  for (const { incident } of others) {
    const merged = mergeIncidents(target, incident, { windowMs: rule.windowMs, now });
    if (!merged) continue;
    target = merged.target;
    ended.push(merged.source);
  }
  const joined = joinIncident(
    target,
    { alert, place, isNew: true, changes: found, ...(first.link ? { link: first.link } : {}) },
    config,
    now,
  );
  return {
    incidents: [joined, ...ended],
    member: memberOf(joined, alert, true, now),
    merged: ended.map(({ id }) => ({ from: id, to: joined.id })),
  };
}

function byAge(left: Incident, right: Incident): number {
  return left.startsAt - right.startsAt || (left.id < right.id ? -1 : 1);
}

function memberOf(incident: Incident, alert: Alert, fires: boolean, now: number): IncidentMember {
  const { tenant, fingerprint } = alert;
  return {
    incidentId: incident.id,
    tenant,
    fingerprint,
    status: fires ? 'firing' : 'resolved',
    joinedAt: now,
  };
}
