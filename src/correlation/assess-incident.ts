import type { Alert } from '../model/alert.ts';
import { graver, withSince } from '../model/assessment.ts';
import { decide } from '../model/decision.ts';
import type { Incident } from '../model/incident.ts';

/** The incident with the level of one of its alerts, if that is graver than its own: its level rises and never falls (BR-QUAL-008). */
export function assessIncident(incident: Incident, { facts }: Pick<Alert, 'facts'>, now: number): Incident {
  const { assessment: before } = incident;
  const found = graver(before, facts?.assessment);
  if (!found || found === before) return incident;
  const outcome = `level ${found.level} (${found.definedAt})`;
  return {
    ...incident,
    assessment: withSince(found, before, now),
    decisions: decide(incident.decisions, { stage: 'prioritise', rule: found.rule, outcome }, now),
  };
}
