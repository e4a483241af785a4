import type { Group, Wake } from '../model/group.ts';
import type { RouteSettings } from '../model/settings.ts';
import { groupKeyOf } from '../model/group-key.ts';

/**
 * Takes one changed alert into its group and sets the group's next flush, with Alertmanager's meaning: a new group waits
 * `group_wait` from the start of its first alert, a group that was flushed waits for the next tick of `group_interval`.
 * Returns undefined when there is nothing to do: a resolved alert makes no group.
 */
export function gather(
  group: Group | undefined,
  wake: Wake,
  route: RouteSettings,
  now: number,
): Group | undefined {
  const waited = wake.startsAt + route.groupWaitMs <= now;
  if (!group) {
    if (wake.status === 'resolved') return undefined;
    return {
      id: wake.groupId,
      tenant: wake.tenant,
      routeKey: wake.routeKey,
      groupKey: groupKeyOf(wake.routeKey, wake.labels),
      labels: wake.labels,
      receiver: route.receiver,
      generation: 0,
      anchorAt: 0,
      flushAt: waited ? now : now + route.groupWaitMs,
      now,
      told: [],
      decisions: [],
    };
  }
  const later = Math.max(group.now, now);
  if (group.anchorAt === 0) {
    return {
      ...group,
      now: later,
      flushAt: waited && wake.status === 'firing' ? Math.min(group.flushAt, later) : group.flushAt,
    };
  }
  return {
    ...group,
    now: later,
    flushAt: Math.min(group.flushAt, nextTick(group.anchorAt, route.groupIntervalMs, later)),
  };
}

/** The first tick of the group's interval at or after a time. */
export function nextTick(anchorAt: number, intervalMs: number, at: number): number {
  return anchorAt + Math.max(1, Math.ceil((at - anchorAt) / intervalMs)) * intervalMs;
}
