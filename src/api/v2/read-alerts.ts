import { inAlertmanagerOrder, renderRouteLabels } from '@signalbox/sdk';
import { whyHeld } from '../../pipeline/hold.ts';
import type { Alert } from '../../model/alert.ts';
import { groupKeyOf } from '../../model/group-key.ts';
import type { Labels } from '../../model/matcher.ts';
import { groupLabels } from '../../model/route.ts';
import type { RouteSettings, Settings } from '../../model/settings.ts';
import type { Suppression } from '../../model/suppression.ts';
import { buildNotification } from '../../notify/notification.ts';
import { findRoutes } from '../../rules/find-routes.ts';
import type { StoreReader } from '../../store/reader.ts';
import type { Services } from '../services.ts';
import {
  passesFilters,
  readFilters,
  readReceiverFilter,
  receiverLabels,
  type ReceiverFilter,
  type ReceiverQuery,
} from './filters.ts';
import { rfc3339 } from '../views/rfc3339.ts';

const PAGE = 500;
const TENANT = 'default';
/** Alertmanager gives every alert an end; for one without, this long after it was last heard of. */
const RESOLVE_TIMEOUT_MS = 300_000;

/** The query of both lists, with Alertmanager's defaults filled in. */
export interface AlertsQuery extends ReceiverQuery {
  readonly active: boolean;
  readonly silenced: boolean;
  readonly inhibited: boolean;
  /** Whether groups that a time interval mutes are listed; only groups are asked for it. */
  readonly muted: boolean;
  readonly filter: readonly string[];
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
  const { hasName, hasLabels } = receiverFilterOf(query, services);
  const found: GettableAlert[] = [];
  await eachPage(services, query, (alerts, reasonsOf) => {
    for (const alert of alerts) {
      const receivers = findRoutes(alert, route).map(({ receiver }) => receiver);
      // One receiver may have the name and another one the labels, as there.
      if (!receivers.some(hasName) || !receivers.some(hasLabels)) continue;
      const shown = present(alert, reasonsOf(alert), services);
      if (isWanted(shown, query)) found.push({ ...shown, receivers: receivers.map((name) => ({ name })) });
    }
  });
  return found.sort((left, right) => (left.fingerprint < right.fingerprint ? -1 : 1));
}

interface Gathered {
  readonly route: RouteSettings;
  readonly labels: Labels;
  readonly mutedBy: readonly string[];
  readonly members: { readonly alert: Alert; readonly shown: GettableAlert }[];
}

/**
 * The same alerts as the routes group them. Labels of routes are rendered over the alerts that are listed. That a time interval mutes a group is
 * told whether or not something else holds all of its alerts; Alertmanager tells it only when it came so far.
 */
export async function listAlertGroups(
  services: AlertServices,
  query: AlertsQuery,
): Promise<readonly AlertGroup[]> {
  const settings = services.settings();
  const { hasName, hasLabels } = receiverFilterOf(query, services);
  const groups = new Map<string, Gathered>();
  const receiversOf = new Map<string, string[]>();
  await eachPage(services, query, (alerts, reasonsOf) => {
    for (const alert of alerts) {
      const shown = present(alert, reasonsOf(alert), services);
      if (!isWanted(shown, query)) continue;
      for (const route of findRoutes(alert, settings.route)) {
        if (!hasName(route.receiver) || !hasLabels(route.receiver)) continue;
        receiversOf.set(alert.fingerprint, [...(receiversOf.get(alert.fingerprint) ?? []), route.receiver]);
        const labels = groupLabels(route, alert.labels);
        const key = groupKeyOf(route.key, labels);
        const group = groups.get(key) ?? {
          route,
          labels,
          mutedBy: mutedBy(route, settings, services),
          members: [],
        };
        group.members.push({ alert, shown });
        groups.set(key, group);
      }
    }
  });
  return [...groups]
    .filter(([, group]) => query.muted || group.mutedBy.length === 0)
    .map(([key, { route, labels, mutedBy: muted, members }]) => ({
      alerts: inAlertmanagerOrder(members.map(({ shown }) => shown)).map((shown) => ({
        ...(muted.length === 0 ? shown : withMuted(shown, muted)),
        receivers: receiversOf
          .get(shown.fingerprint)!
          .toSorted()
          .map((name) => ({ name })),
      })),
      labels,
      receiver: { name: route.receiver },
      routeLabels: routeLabels(route, { key, labels, alerts: members.map(({ alert }) => alert) }, services),
    }))
    .sort(
      (left, right) =>
        compareLabels(left.labels, right.labels) || compareTexts(left.receiver.name, right.receiver.name),
    );
}

function receiverFilterOf(query: AlertsQuery, services: AlertServices): ReceiverFilter {
  return readReceiverFilter(query, (name) => receiverLabels(services, name));
}

function withMuted(shown: GettableAlert, muted: readonly string[]): GettableAlert {
  const { status } = shown;
  return {
    ...shown,
    status: { ...status, mutedBy: [...muted, ...status.mutedBy], state: 'suppressed' },
  };
}

/** The labels of a route, rendered for one of its groups. */
function routeLabels(
  { labels: written, receiver }: RouteSettings,
  group: { readonly key: string; readonly labels: Labels; readonly alerts: readonly Alert[] },
  { settings, now }: AlertServices,
): Labels {
  if (written === undefined) return {};
  const { alerts } = group;
  const notification = buildNotification(
    {
      group: {
        id: group.key,
        tenant: TENANT,
        groupKey: group.key,
        generation: 0,
        receiver,
        labels: group.labels,
      },
      alerts,
      total: alerts.length,
      withResolved: true,
      late: false,
      reason: 'first',
      routeLabels: written,
      externalURL: settings().server.externalURL,
    },
    now(),
  );
  return renderRouteLabels(notification);
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

/** Without its receivers, which are those of what is asked for. */
function present(
  alert: Alert,
  reasons: readonly Suppression[],
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
    receivers: [],
    startsAt: rfc3339(alert.startsAt),
    status: {
      inhibitedBy,
      // What Alertmanager has no word for, such as a snooze, is told here by its rule.
      mutedBy: others.map(({ rule }) => rule),
      silencedBy,
      state: reasons.length > 0 ? 'suppressed' : 'active',
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
  return query.inhibited || status.inhibitedBy.length === 0;
}

/** Alertmanager's order of sets of labels: the smaller one first, then by the first name in which they differ. */
function compareLabels(left: Labels, right: Labels): number {
  const [names, others] = [Object.keys(left), Object.keys(right)];
  if (names.length !== others.length) return names.length - others.length;
  for (const name of [...new Set([...names, ...others])].sort()) {
    if (!Object.hasOwn(left, name)) return -1;
    if (!Object.hasOwn(right, name)) return 1;
    const order = compareTexts(left[name]!, right[name]!);
    if (order !== 0) return order;
  }
  return 0;
}

function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
