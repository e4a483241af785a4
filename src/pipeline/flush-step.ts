import type { Alert } from '../model/alert.ts';
import type { Delivery, Notification } from '../model/delivery.ts';
import type { Group, Member } from '../model/group.ts';
import type { RouteSettings, Settings } from '../model/settings.ts';
import type { DeliveryMove, Lane } from '../store/port.ts';
import { scopeOf } from '../model/scope.ts';
import { buildNotification } from '../notify/notification.ts';
import { flush } from './flush.ts';
import { seenBy } from './follow-routes.ts';
import { whyHeld, type Hold } from './hold.ts';
import { countMatch, type Tally } from '../rules/tally.ts';
import { newDelivery } from './new-delivery.ts';
import { routeByKey } from './route-by-key.ts';
import { silencedOutcomes } from './silenced-outcomes.ts';
import { suppress, type Suppressed } from './suppress.ts';
import { BATCH, MAX_MEMBERS, type StepContext } from './step.ts';

/** A tick that comes this much after its time, after an outage or under load, marks what it tells as late. */
const LATE_MS = 60_000;

interface Effects {
  readonly groups: Group[];
  readonly gone: string[];
  readonly leaving: Member[];
  readonly notifications: Notification[];
  readonly deliveries: Delivery[];
  readonly moves: DeliveryMove[];
  readonly reasons: string[];
  readonly holds: { readonly route: RouteSettings; readonly hold: Hold; readonly alert: Alert }[];
}

/** Lets groups whose tick has come tell what is to be told. Returns whether there may be more. */
export async function flushStep(context: StepContext, late: boolean): Promise<boolean> {
  const { store, ownership } = context;
  const now = context.now();
  const due = await store.dueGroups(now, BATCH, ownership.scopes());
  if (due.length === 0) return false;
  const ids = due.map((group) => group.id);
  const [members, lanes] = await Promise.all([store.members(ids, MAX_MEMBERS), store.lanes(ids)]);
  const large = ids.filter((id) => members.get(id)?.length === MAX_MEMBERS);
  const counts = large.length === 0 ? new Map() : await store.memberCounts(large);
  const settings = context.settings();
  const suppressed = await suppress(context, [...members.values()].flat(), now, context.tally);
  const effects: Effects = {
    groups: [],
    gone: [],
    leaving: [],
    notifications: [],
    deliveries: [],
    moves: [],
    reasons: [],
    holds: [],
  };
  for (const group of due) {
    const alerts = seenBy(group.id, members.get(group.id) ?? [], now);
    const count = counts.get(group.id) ?? countStatuses(alerts);
    const isLate = late || now - group.flushAt > LATE_MS;
    flushGroup(effects, group, alerts, count, lanes.get(group.id) ?? [], suppressed, settings, now, isLate);
  }
  await store.commit({
    ...(await silencedOutcomes(context, [...members.values()].flat(), suppressed, now)),
    groups: effects.groups,
    groupsGone: effects.gone,
    membersGone: effects.leaving,
    notifications: effects.notifications,
    deliveries: effects.deliveries,
    moves: effects.moves,
    fences: ownership.fences({ scopes: ids.map(scopeOf) }),
    inputs: [
      { step: 'flush', now, revision: settings.revision, what: JSON.stringify({ groups: ids, late }) },
    ],
  });
  context.metrics.batches.inc({ step: 'flush' });
  for (const reason of effects.reasons) context.metrics.flushes.inc({ reason });
  for (const held of effects.holds) countHold(context.tally, held, now);
  return due.length === BATCH;
}

/** Those of which none is active hold together. */
function countHold(tally: Tally, { route, hold, alert }: Effects['holds'][number], now: number): void {
  const names = hold.reason === 'muted' ? [hold.rule] : route.activeTimeIntervals;
  for (const name of names) countMatch(tally, 'time_interval', name, alert, now);
}

function countStatuses(alerts: readonly Alert[]): { readonly firing: number; readonly resolved: number } {
  const firing = alerts.filter(({ status }) => status === 'firing').length;
  return { firing, resolved: alerts.length - firing };
}

function flushGroup(
  effects: Effects,
  before: Group,
  members: readonly Alert[],
  count: { readonly firing: number; readonly resolved: number },
  lanes: readonly Lane[],
  suppressed: Suppressed,
  settings: Settings,
  now: number,
  late: boolean,
): void {
  const route = routeByKey(settings.route, before.routeKey);
  if (!route) {
    // The route is gone and its alerts belong to other groups by now.
    effects.gone.push(before.id);
    return;
  }
  const hold = whyHeld(route, settings.timeIntervals, now);
  const firing = hold && members.find(({ status }) => status === 'firing');
  if (hold && firing) effects.holds.push({ route, hold, alert: firing });
  const flushed = flush(
    {
      group: before,
      members,
      firingCount: count.firing,
      route,
      entries: settings.receivers[before.receiver] ?? [],
      lanes,
      ackStopsRepeats: settings.lifecycle.ackStopsRepeats,
      hold,
      suppressed: suppressed.get(before.tenant),
      fallbacks: (integration) => settings.integrations[integration]?.delivery.fallback ?? [],
    },
    now,
  );
  const { group } = flushed;
  if (flushed.gone) effects.gone.push(group.id);
  else effects.groups.push(group);
  for (const fingerprint of flushed.leaving) effects.leaving.push({ groupId: group.id, fingerprint });
  for (const id of flushed.superseded) {
    const required = flushed.unheard.includes(id);
    effects.moves.push({ id, from: 'pending', to: 'superseded', settledAt: now, required });
  }

  const notifications = new Map<string, Notification>();
  for (const telling of flushed.tellings) {
    const { withResolved, reason } = telling;
    const key = `${withResolved}/${reason}`;
    let notification = notifications.get(key);
    if (!notification) {
      const { shown, shownFiring } = flushed;
      const hidden = countStatuses(members).resolved - countStatuses(shown).resolved;
      const total = shownFiring + (withResolved ? count.resolved - hidden : 0);
      const loaded = withResolved ? shown : shown.filter((alert) => alert.status === 'firing');
      const { externalURL } = settings.server;
      const routeLabels = route.labels;
      notification = buildNotification(
        { group, alerts: loaded, total, withResolved, late, reason, routeLabels, externalURL },
        now,
      );
      notifications.set(key, notification);
      effects.notifications.push(notification);
    }
    const delivery = newDelivery(notification, telling.integration, settings, now);
    effects.deliveries.push(delivery);
    effects.reasons.push(telling.reason);
  }
}
