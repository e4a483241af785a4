import type { Alert } from '../model/alert.ts';
import type { Wake } from '../model/group.ts';
import type { Labels } from '../model/matcher.ts';
import type { Settings } from '../model/settings.ts';
import { isConditional } from '../rules/find-routes.ts';
import { routeAlert } from './route-alert.ts';

/** An alert whose labels change so often that it was in more groups is strange enough; the oldest are forgotten. */
const MAX_LEFT = 16;

/**
 * What changes of an alert that is known mean for its groups: other labels, by a rule or its source, and whatever routes with an expression look at.
 * It notes which groups it left, because those belong to others to write; they are woken, and take it for resolved. Undefined when it stays where it is.
 */
export function followRoutes(
  before: Alert,
  alert: Alert,
  settings: Settings,
): { readonly left: readonly string[]; readonly wakes: readonly Wake[] } | undefined {
  const isLabelled = isSameLabels(before.labels, alert.labels);
  if (isLabelled && !isConditional(settings.route)) return undefined;
  const here = new Set(routeAlert(alert, settings.route).map(({ groupId }) => groupId));
  const there = routeAlert(before, settings.route);
  const gone = there.filter(({ groupId }) => !here.has(groupId));
  if (isLabelled && gone.length === 0 && there.length === here.size) return undefined;
  const left = [...(before.left ?? []), ...gone.map(({ groupId }) => groupId)];
  const wakes = gone.map((wake): Wake => ({ ...wake, status: 'resolved' }));
  return { left: [...new Set(left)].filter((id) => !here.has(id)).slice(-MAX_LEFT), wakes };
}

/** How a group sees its members: who left it does not fire there any more. */
export function seenBy(groupId: string, members: readonly Alert[], now: number): readonly Alert[] {
  if (!members.some((alert) => hasLeft(groupId, alert))) return members;
  return members.map((alert) =>
    hasLeft(groupId, alert) && alert.status === 'firing'
      ? { ...alert, status: 'resolved', endsAt: now }
      : alert,
  );
}

function hasLeft(groupId: string, { left }: Alert): boolean {
  return left !== undefined && left.includes(groupId);
}

export function isSameLabels(left: Labels, right: Labels): boolean {
  if (left === right) return true;
  let count = 0;
  for (const name in left) {
    if (left[name] !== right[name]) return false;
    count++;
  }
  for (const _ in right) count--;
  return count === 0;
}
