import type { Alert } from '../model/alert.ts';
import { matchRoutes } from '../model/route.ts';
import type { RouteSettings } from '../model/settings.ts';
import { compileCondition, type Condition } from './condition.ts';
import { subjectOfAlert } from './subject-of-alert.ts';

const conditions = new WeakMap<RouteSettings, Condition>();
const conditional = new WeakMap<RouteSettings, boolean>();

/**
 * The routes that an alert goes to, see `matchRoutes`. Expressions see it as it is when it begins: `now` is its start and its status `firing`,
 * so that neither time nor its end moves it to others. One that fails on the alert does not hold.
 */
export function findRoutes(alert: Alert, root: RouteSettings): readonly RouteSettings[] {
  return matchRoutes(root, alert.labels, (route) => holds(route, alert));
}

/** Whether a route of the tree looks at more than labels, so that other changes of an alert can move it. */
export function isConditional(root: RouteSettings): boolean {
  return conditional.getOrInsertComputed(
    root,
    ({ when, routes }) => when !== undefined || routes.some(isConditional),
  );
}

function holds(route: RouteSettings, alert: Alert): boolean {
  const condition = conditions.getOrInsertComputed(route, ({ when }) => compileCondition({ when: when! }));
  try {
    return condition.test(subjectOfAlert({ ...alert, status: 'firing' }, alert.startsAt));
  } catch {
    return false;
  }
}
