import { hash } from 'node:crypto';
import type { Alert } from '../model/alert.ts';
import type { Group, Member, Told } from '../model/group.ts';
import type { RouteSettings, Settings } from '../model/settings.ts';
import { gather } from './gather.ts';
import { routeAlert } from './route-alert.ts';
import { routeByKey } from './route-by-key.ts';

/** What changed routes mean for one group. */
export interface Regrouped {
  /** The group with its new receiver; undefined when nobody is left in it. */
  readonly group: Group | undefined;
  readonly leaving: readonly Member[];
  /** Groups that its alerts belong to now, with what their integrations were told already. */
  readonly others: readonly { readonly group: Group; readonly member: Member }[];
  /** Integrations that were told "firing" by this group and that no group speaks to any more: they get the resolve. */
  readonly farewells: readonly Told[];
}

/**
 * Moves the alerts of one group to where the present routes put them and carries over who was told what, so that nobody is told
 * the same twice because the configuration was edited, and nobody waits for a resolve for ever (design §2.13). Pure.
 *
 * @param known groups that exist or were made in this walk, by id; added to.
 * @returns undefined when nothing changes for the group.
 */
export function regroup(
  group: Group,
  members: readonly Alert[],
  known: Map<string, Group>,
  settings: Settings,
  now: number,
): Regrouped | undefined {
  const route = routeByKey(settings.route, group.routeKey);
  const belongsHere = (alert: Alert): boolean =>
    routeAlert(alert, settings.route).some((wake) => wake.groupId === group.id);
  const staying = route ? members.filter(belongsHere) : [];
  const sameReceiver = route !== undefined && route.receiver === group.receiver;
  const names = staying.length > 0 && route ? namesOf(settings, route) : new Set<string>();
  const sameAudience = group.told.length === 0 || isSame(names, group.told);
  if (sameReceiver && staying.length === members.length && (members.length === 0 || sameAudience))
    return undefined;

  const gone = members.filter((alert) => !staying.includes(alert));
  const others: { group: Group; member: Member }[] = [];
  const carried = new Set<string>();
  for (const alert of gone.filter(({ status }) => status === 'firing')) {
    for (const wake of routeAlert(alert, settings.route)) {
      const target = routeByKey(settings.route, wake.routeKey);
      const made = target && (known.get(wake.groupId) ?? gather(undefined, wake, target, now));
      if (!target || !made) continue;
      const next = carryOver(made, group, alert.fingerprint, namesOf(settings, target), carried);
      known.set(next.id, next);
      others.push({ group: next, member: { groupId: next.id, fingerprint: alert.fingerprint } });
    }
  }
  const kept = group.told.filter(({ integration }) => names.has(integration));
  return {
    group:
      staying.length > 0 && route
        ? {
            ...group,
            receiver: route.receiver,
            told: kept,
            flushAt: Math.min(group.flushAt, now + route.groupWaitMs),
            now: Math.max(group.now, now),
          }
        : undefined,
    leaving: gone.map(({ fingerprint }) => ({ groupId: group.id, fingerprint })),
    others,
    farewells: group.told.filter(({ integration }) => !names.has(integration) && !carried.has(integration)),
  };
}

/**
 * Alike for two configurations that put every alert into the same groups and tell the same integrations. During an upgrade nodes of two versions
 * compare theirs, and one that differs stands aside: what it is made of and how it is written stay, whatever settings gain.
 */
export function routingSignature(settings: Pick<Settings, 'route' | 'receivers'>): string {
  const outline = (route: RouteSettings): unknown => [
    route.key,
    route.receiver,
    route.continue,
    route.groupBy,
    route.routes.map(outline),
  ];
  const receivers = Object.entries(settings.receivers).map(([name, entries]) => [
    name,
    entries.map(({ integration, sendResolved }) => ({ integration, sendResolved })),
  ]);
  return hash('sha256', JSON.stringify([outline(settings.route), Object.fromEntries(receivers)]), 'hex');
}

function carryOver(
  target: Group,
  from: Group,
  fingerprint: string,
  names: ReadonlySet<string>,
  carried: Set<string>,
): Group {
  let { told } = target;
  for (const before of from.told) {
    if (!names.has(before.integration) || !before.firing.includes(fingerprint)) continue;
    carried.add(before.integration);
    const known = told.find(({ integration }) => integration === before.integration);
    const firing = [...new Set([...(known?.firing ?? []), fingerprint])];
    // Generation 0: told under another group's name, so this group's own deliveries need not show it.
    const entry: Told = {
      integration: before.integration,
      at: before.at,
      firing,
      firingCount: firing.length,
      resolved: [],
      sinceGeneration: 0,
    };
    told = [...told.filter(({ integration }) => integration !== before.integration), entry];
  }
  return { ...target, told };
}

/** Whether the integrations of the receiver are those that were told. */
function isSame(names: ReadonlySet<string>, told: readonly Told[]): boolean {
  return told.length === names.size && told.every(({ integration }) => names.has(integration));
}

function namesOf(settings: Settings, route: RouteSettings): ReadonlySet<string> {
  return new Set((settings.receivers[route.receiver] ?? []).map(({ integration }) => integration));
}
