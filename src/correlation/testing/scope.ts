import type { Alert } from '../../model/alert.ts';
import type { Incident, IncidentMember } from '../../model/incident.ts';
import type { CorrelationRule, IncidentSettings, TopologySettings } from '../../model/settings.ts';
import { correlate, type ScopeState } from '../correlate.ts';
import { placeAlert } from '../place-alert.ts';

export const MINUTE = 60_000;
export const T0 = 1_700_000_000_000;

export const INCIDENTS: IncidentSettings = {
  reopenWindowMs: 30 * MINUTE,
  closeAfterMs: 24 * 60 * MINUTE,
  staleAfterMs: 7 * 24 * 60 * MINUTE,
  escalateAfter: [],
  updates: ['severity'],
  suppressMembers: false,
};

export function sampleRule(more: Partial<CorrelationRule> = {}): CorrelationRule {
  return {
    id: 'rule',
    matchers: [],
    same: [],
    windowMs: 10 * MINUTE,
    parent: [],
    changes: [],
    changesMs: 30 * MINUTE,
    ...more,
  };
}

export function sampleAlert(fingerprint: string, more: Partial<Alert> = {}): Alert {
  return {
    tenant: 'default',
    fingerprint,
    status: 'firing',
    labels: { alertname: fingerprint },
    annotations: {},
    severity: 'warning',
    priority: 'warning',
    integration: 'prom',
    episode: 1,
    occurrences: 1,
    startsAt: T0,
    lastSeenAt: T0,
    changedAt: T0,
    eventAt: T0,
    signal: 's',
    signalHash: 'h',
    signalAt: T0,
    partition: 0,
    decisions: [],
    ...more,
  };
}

export interface Scope {
  /** Takes one alert in, in the state that it is in. */
  take(alert: Alert, now?: number): void;
  readonly incidents: ReadonlyMap<string, Incident>;
  /** Live incidents as sets of the fingerprints in them, sorted. */
  groups(): readonly (readonly string[])[];
}

/** One scope in memory, with what a store and the step around `correlate` do. */
export function createScope(
  rule: CorrelationRule,
  topology?: TopologySettings,
  incidentSettings: IncidentSettings = INCIDENTS,
): Scope {
  const incidents = new Map<string, Incident>();
  const members = new Map<string, IncidentMember>();
  let changes: ScopeState['changes'] = [];
  return {
    incidents,
    take(alert, now = T0) {
      const settings = { correlation: { rules: [rule] }, ...(topology ? { topology } : {}) };
      const place = placeAlert(alert, settings)[0]!;
      const member = members.get(alert.fingerprint);
      const incident = member && incidents.get(member.incidentId);
      const membership =
        member && incident?.status !== 'closed' ? { incident: incident!, status: member.status } : undefined;
      const live = [...incidents.values()].filter(
        ({ scopeId, status }) => scopeId === place.scopeId && status !== 'closed',
      );
      const result = correlate(
        { incidents: live, changes },
        { alert, place, membership, belongs: true },
        { incidents: incidentSettings, topology },
        now,
      );
      for (const changed of result.incidents) incidents.set(changed.id, changed);
      if (result.member) members.set(alert.fingerprint, result.member);
      for (const { from, to } of result.merged) {
        for (const [fingerprint, one] of members)
          if (one.incidentId === from) members.set(fingerprint, { ...one, incidentId: to });
      }
      changes = result.changes ?? changes;
    },
    groups() {
      const byIncident = Map.groupBy(members.values(), ({ incidentId }) => incidentId);
      return [...byIncident.values()]
        .map((group) => group.map(({ fingerprint }) => fingerprint).toSorted())
        .toSorted((left, right) => (left[0]! < right[0]! ? -1 : 1));
    },
  };
}
