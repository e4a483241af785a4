import type { Alert } from '../model/alert.ts';
import type { Notification } from '../model/delivery.ts';
import type { Incident } from '../model/incident.ts';
import { FAILED } from '../model/prepared.ts';
import type { Settings } from '../model/settings.ts';
import type { Silence } from '../model/silence.ts';
import type { Suppression } from '../model/suppression.ts';
import type { RunSubject, WorkflowRun } from '../model/workflow-run.ts';
import { routeAlert } from '../pipeline/route-alert.ts';
import { routeByKey } from '../pipeline/route-by-key.ts';
import type { StoreReader } from '../store/reader.ts';
import type { AboutIt, AlertFacts, RoutedTo } from './alert-facts.ts';

/** More than these are history, and looking for them would take long for a group that is told all the time. */
const MAX_GROUPS = 20;
const MAX_DELIVERIES_PER_GROUP = 50;
const MAX_INCIDENTS = 10;
const MAX_HOLDS = 50;
const MAX_RUNS = 20;
const MAX_WITH_ATTEMPTS = 50;

export interface FactsSource {
  readonly reader: StoreReader;
  settings(): Settings;
  suppressions(alerts: readonly Alert[]): Promise<(alert: Alert) => readonly Suppression[]>;
}

/** Loads what `explain` needs; undefined when there is no such alert. */
export async function loadFacts(
  source: FactsSource,
  tenant: string,
  fingerprint: string,
): Promise<AlertFacts | undefined> {
  const { reader } = source;
  const settings = source.settings();
  const alert = await reader.alert(tenant, fingerprint);
  if (!alert) return undefined;
  const routes = routesOf(alert, settings);
  const [receipt, incidents, groups, reasonsOf] = await Promise.all([
    alert.signal ? reader.receipt(alert.signal) : undefined,
    reader.incidentsOf(tenant, fingerprint, MAX_INCIDENTS),
    reader.groupsOf(tenant, fingerprint),
    source.suppressions([alert]),
  ]);
  const suppressions = reasonsOf(alert).slice(0, MAX_HOLDS);
  // A group is gone once its alerts are resolved and told; its deliveries are kept.
  const groupIds = new Set([
    ...groups.map(({ id }) => id),
    ...routes.map(({ groupId }) => groupId),
    ...alert.decisions
      .filter(({ stage, outcome }) => stage === 'route' && !outcome.startsWith(FAILED))
      .map(({ outcome }) => outcome),
  ]);
  const [silences, holders, found, runs] = await Promise.all([
    namedSilences(reader, settings, suppressions),
    namedAlerts(reader, tenant, suppressions),
    findTellings(reader, alert, [...groupIds].slice(0, MAX_GROUPS)),
    findRuns(reader, alert, incidents),
  ]);
  return {
    alert,
    receipt,
    incidents,
    routes,
    groups,
    suppressions,
    silences,
    holders,
    ...found,
    runs,
    lifecycle: settings.lifecycle,
  };
}

function routesOf(alert: Alert, { route: root, receivers }: Settings): readonly RoutedTo[] {
  return routeAlert(alert, root).flatMap(({ routeKey, groupId }) => {
    const route = routeByKey(root, routeKey);
    return route ? [{ route, groupId, entries: receivers[route.receiver] ?? [] }] : [];
  });
}

async function namedSilences(
  reader: StoreReader,
  { maintenanceWindows }: Settings,
  suppressions: readonly Suppression[],
): Promise<ReadonlyMap<string, Silence>> {
  const named = suppressions.filter(({ reason }) => reason === 'silenced' || reason === 'maintenance');
  const found = await Promise.all(
    named.map(
      async ({ rule }) => maintenanceWindows.find(({ id }) => id === rule) ?? (await reader.silence(rule)),
    ),
  );
  return new Map(found.flatMap((silence) => (silence ? [[silence.id, silence]] : [])));
}

async function namedAlerts(
  reader: StoreReader,
  tenant: string,
  suppressions: readonly Suppression[],
): Promise<ReadonlyMap<string, Alert>> {
  const named = suppressions.filter(({ reason }) => reason === 'inhibited' || reason === 'dependency');
  const found = await Promise.all(named.map(({ rule }) => reader.alert(tenant, rule)));
  return new Map(found.flatMap((alert) => (alert ? [[alert.fingerprint, alert]] : [])));
}

async function findRuns(
  reader: StoreReader,
  { tenant, fingerprint }: Alert,
  incidents: readonly Incident[],
): Promise<readonly WorkflowRun[]> {
  const subjects: readonly RunSubject[] = [
    { kind: 'alert', id: fingerprint },
    ...incidents.map(({ id }) => ({ kind: 'incident', id }) as const),
  ];
  const pages = await Promise.all(
    subjects.map((subject) => reader.workflowRuns({ tenant, subject, limit: MAX_RUNS })),
  );
  return pages
    .flatMap(({ items }) => items)
    .toSorted((left, right) => right.createdAt - left.createdAt)
    .slice(0, MAX_RUNS);
}

/** The deliveries of these groups whose notification shows the alert, of this episode. */
async function findTellings(
  reader: StoreReader,
  alert: Alert,
  groupIds: readonly string[],
): Promise<Pick<AlertFacts, 'tellings' | 'isCut'>> {
  const pages = await Promise.all(
    groupIds.map((groupId) => reader.deliveries({ groupId, limit: MAX_DELIVERIES_PER_GROUP })),
  );
  const since = alert.past?.at(-1)?.endsAt ?? -Infinity;
  const deliveries = pages
    .flatMap(({ items }) => items)
    .filter(({ createdAt }) => createdAt > since)
    .toSorted((left, right) => right.createdAt - left.createdAt || (left.id < right.id ? 1 : -1));
  const ids = [...new Set(deliveries.map(({ notificationId }) => notificationId))];
  const notifications = new Map<string, Notification>();
  for (const notification of await Promise.all(ids.map((id) => reader.notification(id)))) {
    if (notification?.alerts.some(({ fingerprint }) => fingerprint === alert.fingerprint))
      notifications.set(notification.id, notification);
  }
  const about = deliveries.filter(({ notificationId }) => notifications.has(notificationId));
  const tellings = await Promise.all(
    about.map(
      async (delivery, index): Promise<AboutIt> => ({
        notification: notifications.get(delivery.notificationId)!,
        delivery,
        attempts: index < MAX_WITH_ATTEMPTS ? await reader.attempts(delivery.id) : [],
      }),
    ),
  );
  return { tellings, isCut: pages.some(({ next }) => next !== undefined) };
}
