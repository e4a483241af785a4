import type { Incident } from '../model/incident.ts';
import type { Settings } from '../model/settings.ts';
import { alertKey } from '../pipeline/fold-batch.ts';
import type { Store } from '../store/port.ts';
import { handOverAll, rulesFor, type HandedOver, type Verdict } from './hand-over.ts';
import { incidentRunId, type Opening } from './open-run.ts';

/**
 * Opens the runs of incidents that changed, each once per rule and incident. An incident is looked at whenever it changes, because a rule may
 * take the alert that turns out to be its cause; what it was handed over for already is found by the id of the run.
 *
 * @param verdicts gets what is to be counted
 */
export async function handOverIncidents(
  store: Pick<Store, 'alerts' | 'workflowRuns'>,
  changed: readonly Incident[],
  settings: Settings,
  now: number,
  verdicts: Verdict[] = [],
): Promise<HandedOver> {
  const isWanted = settings.workflows.some(({ on }) => on === 'incident');
  const open = isWanted
    ? changed.filter(({ status, mergedInto }) => isOpen(status) && mergedInto === undefined)
    : [];
  if (open.length === 0) return handOverAll([], settings, now);
  const keys = open.map(({ tenant, cause }) => ({ tenant, fingerprint: cause.fingerprint }));
  const alerts = new Map(
    (await store.alerts(keys)).map((alert) => [alertKey(alert.tenant, alert.fingerprint), alert]),
  );
  const openings = open.flatMap((incident): readonly Opening[] => {
    const alert = alerts.get(alertKey(incident.tenant, incident.cause.fingerprint));
    if (!alert) return [];
    const { externalURL } = settings.server;
    return rulesFor('incident', alert, settings, now, verdicts).map((rule) => ({
      rule,
      trigger: 'incident',
      about: { alert, incident },
      externalURL,
    }));
  });
  const ids = openings.map(({ rule, about }) => incidentRunId(rule.id, about.incident!));
  const known = new Set((ids.length === 0 ? [] : await store.workflowRuns(ids)).map(({ id }) => id));
  const fresh = openings.filter((_, index) => !known.has(ids[index]!));
  for (const { rule, about } of fresh) verdicts.push({ rule: rule.id, alert: about.alert, hasFailed: false });
  return handOverAll(fresh, settings, now);
}

function isOpen(status: Incident['status']): boolean {
  return status === 'open' || status === 'acknowledged';
}
