import { placeAlert } from '../correlation/place-alert.ts';
import type { Trouble } from '../correlation/rule-conditions.ts';
import { isCounted, STORM_SCOPE } from '../correlation/storm.ts';
import type { Alert } from '../model/alert.ts';
import { isAnnouncement } from '../model/announcement.ts';
import { decide, type Decision } from '../model/decision.ts';
import type { CorrelationWake } from '../model/incident.ts';
import { FAILED } from '../model/prepared.ts';
import type { Settings } from '../model/settings.ts';

/**
 * Tells the scope that counts new alerts, where storms are looked for; and the correlation scopes that an alert belongs to that it began or ended; and those that it belonged to under an earlier configuration,
 * so that their incidents don't wait for it for ever.
 */
export function wakeScopes(
  batch: { readonly correlationWakes: CorrelationWake[] },
  alert: Alert,
  decisions: readonly Decision[],
  settings: Settings,
  now: number,
): readonly Decision[] {
  // What tells of an incident must not open one.
  const troubles: Trouble[] = [];
  const places = isAnnouncement(alert) ? [] : placeAlert(alert, settings, troubles);
  const { tenant, fingerprint } = alert;
  if (settings.storm && alert.status === 'firing' && alert.changedAt === now && isCounted(alert))
    batch.correlationWakes.push({ scopeId: STORM_SCOPE, tenant, rule: STORM_SCOPE, fingerprint });
  let decided = decisions;
  for (const { rule, problem } of troubles)
    decided = decide(decided, { stage: 'correlate', rule, outcome: FAILED + problem }, now);
  for (const { rule, scopeId } of places) {
    batch.correlationWakes.push({ scopeId, tenant, rule: rule.id, fingerprint });
    if (alert.status === 'firing')
      decided = decide(decided, { stage: 'correlate', rule: rule.id, outcome: scopeId }, now);
  }
  for (const { stage, rule, outcome: scopeId } of decisions) {
    if (
      stage !== 'correlate' ||
      scopeId.startsWith(FAILED) ||
      places.some((place) => place.scopeId === scopeId)
    )
      continue;
    batch.correlationWakes.push({ scopeId, tenant, rule, fingerprint });
  }
  return decided;
}
