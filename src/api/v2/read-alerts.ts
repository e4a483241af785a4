import { whyHeld } from '../../pipeline/hold.ts';
import type { Alert } from '../../model/alert.ts';
import { groupLabels } from '../../model/route.ts';
import type { RouteSettings, Settings } from '../../model/settings.ts';
import type { Suppression } from '../../model/suppression.ts';
import { findRoutes } from '../../rules/find-routes.ts';
import type { StoreReader } from '../../store/reader.ts';
import type { Services } from '../services.ts';
import { passesFilters, readFilters, readReceiverFilter } from './filters.ts';
import { rfc3339 } from '../views/rfc3339.ts';

const PAGE = 500;
const TENANT = 'default';
/** Alertmanager gives every alert an end; for one without, this long after it was last heard of. */
const RESOLVE_TIMEOUT_MS = 300_000;

/** The query of both lists, with Alertmanager's defaults filled in. */
export interface AlertsQuery {
  readonly active: boolean;
  readonly silenced: boolean;
  readonly inhibited: boolean;
  /** Whether what a time interval mutes is listed; only groups ask. */
  readonly muted: boolean;
  readonly filter: readonly string[];
  readonly receiver?: string;
}

export interface GettableAlert {
  readonly annotations: Readonly<Record<string, string>>;
  readonly endsAt: string;
  readonly fingerprint: string;
  readonly receivers: readonly { readonly name: string }[];
  readonly startsAt: string;
  readonly status: {
    readonly inhibitedBy: readonly string[];
    readonly mutedBy: readonly string[];
    readonly silencedBy: readonly string[];
    readonly state: 'active' | 'suppressed';
  };
  readonly updatedAt: string;
  readonly generatorURL?: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface AlertGroup {
  readonly alerts: readonly GettableAlert[];
  readonly labels: Readonly<Record<string, string>>;
  readonly receiver: { readonly name: string };
  readonly routeLabels: Readonly<Record<string, string>>;
}

type AlertServices = Pick<Services, 'reader' | 'settings' | 'suppressions' | 'now' | 'alertmanager'>;

/** All firing alerts of the tenant, by fingerprint, each with what holds it at this moment. */
export async function listGettableAlerts(
  services: AlertServices,
  query: AlertsQuery,
): Promise<readonly GettableAlert[]> {
  const { route } = services.settings();
  const takesReceiver = readReceiverFilter(query.receiver);
  const found: GettableAlert[] = [];
  await eachPage(services, query, (alerts, reasonsOf) => {
    for (const alert of alerts) {
      const receivers = [...new Set(findRoutes(alert, route).map(({ receiver }) => receiver))];
      if (!receivers.some(takesReceiver)) continue;
      const shown = present(alert, receivers, reasonsOf(alert), [], services);
      if (isWanted(shown, query)) found.push(shown);
    }
  });
  return found.sort((left, right) => (left.fingerprint < right.fingerprint ? -1 : 1));
}

/** The same alerts as the routes group them. */
export async function listAlertGroups(
  services: AlertServices,
  query: AlertsQuery,
): Promise<readonly AlertGroup[]> {
  const settings = services.settings();
  const takesReceiver = readReceiverFilter(query.receiver);
  const groups = new Map<string, AlertGroup & { alerts: GettableAlert[] }>();
  await eachPage(services, query, (alerts, reasonsOf) => {
    for (const alert of alerts) {
      const routes = findRoutes(alert, settings.route);
      const receivers = [...new Set(routes.map(({ receiver }) => receiver))];
      for (const route of routes) {
        if (!takesReceiver(route.receiver)) continue;
        const shown = present(
          alert,
          receivers,
          reasonsOf(alert),
          mutedBy(route, settings, services),
          services,
        );
        if (!isWanted(shown, query)) continue;
        const labels = groupLabels(route, alert.labels);
        const key = JSON.stringify([route.key, sortKey(labels)]);
        const group = groups.get(key);
        if (group) group.alerts.push(shown);
        else
          groups.set(key, { alerts: [shown], labels, receiver: { name: route.receiver }, routeLabels: {} });
      }
    }
  });
  for (const { alerts } of groups.values())
    alerts.sort((left, right) => (left.fingerprint < right.fingerprint ? -1 : 1));
  return [...groups.values()].sort(
    (left, right) =>
      compareTexts(sortKey(left.labels), sortKey(right.labels)) ||
      compareTexts(left.receiver.name, right.receiver.name),
  );
}

async function eachPage(
  { reader, suppressions }: AlertServices,
  query: AlertsQuery,
  take: (alerts: readonly Alert[], reasonsOf: (alert: Alert) => readonly Suppression[]) => void,
): Promise<void> {
  const filters = readFilters(query.filter);
  let cursor: string | undefined;
  do {
    const page = await readPage(reader, cursor);
    const alerts = page.items.filter(({ labels }) => passesFilters(filters, labels));
    take(alerts, await suppressions(alerts));
    cursor = page.next;
  } while (cursor !== undefined);
}

function readPage(reader: StoreReader, cursor: string | undefined) {
  return reader.alerts({
    tenant: TENANT,
    status: 'firing',
    limit: PAGE,
    ...(cursor === undefined ? {} : { cursor }),
  });
}

function mutedBy(route: RouteSettings, settings: Settings, { now }: AlertServices): readonly string[] {
  const hold = whyHeld(route, settings.timeIntervals, now());
  return hold?.reason === 'muted' ? [hold.rule] : [];
}

function present(
  alert: Alert,
  receivers: readonly string[],
  reasons: readonly Suppression[],
  muted: readonly string[],
  { alertmanager }: AlertServices,
): GettableAlert {
  const silencedBy = rulesOf(reasons, 'silenced', 'maintenance');
  const inhibitedBy = rulesOf(reasons, 'inhibited');
  const others = reasons.filter(({ rule }) => !silencedBy.includes(rule) && !inhibitedBy.includes(rule));
  const timeoutMs = alertmanager?.resolveTimeoutMs() ?? RESOLVE_TIMEOUT_MS;
  return {
    annotations: alert.annotations,
    endsAt: rfc3339(alert.endsAt ?? alert.lastSeenAt + timeoutMs),
    fingerprint: alert.fingerprint,
    receivers: receivers.map((name) => ({ name })),
    startsAt: rfc3339(alert.startsAt),
    status: {
      inhibitedBy,
      // What Alertmanager has no word for, such as a snooze, is told here by its rule.
      mutedBy: [...muted, ...others.map(({ rule }) => rule)],
      silencedBy,
      state: reasons.length > 0 || muted.length > 0 ? 'suppressed' : 'active',
    },
    updatedAt: rfc3339(alert.lastSeenAt),
    ...(alert.generatorURL === undefined ? {} : { generatorURL: alert.generatorURL }),
    labels: alert.labels,
  };
}

function rulesOf(reasons: readonly Suppression[], ...wanted: Suppression['reason'][]): readonly string[] {
  return reasons.filter(({ reason }) => wanted.includes(reason)).map(({ rule }) => rule);
}

function isWanted({ status }: GettableAlert, query: AlertsQuery): boolean {
  if (!query.active && status.state === 'active') return false;
  if (!query.silenced && status.silencedBy.length > 0) return false;
  if (!query.inhibited && status.inhibitedBy.length > 0) return false;
  return query.muted || status.mutedBy.length === 0;
}

function sortKey(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).toSorted(([left], [right]) => compareTexts(left, right)));
}

function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
