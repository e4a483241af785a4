import { isFault, isMissingField, type Budget } from '@signalbox/sdk';
import type { Alert } from '../model/alert.ts';
import { matchRoutes } from '../model/route.ts';
import type { RouteSettings } from '../model/settings.ts';
import { compileCondition, type Condition } from './condition.ts';
import { subjectOfAlert } from './subject-of-alert.ts';
import type { Subject } from './subject.ts';

/** An expression that failed on an alert, and therefore did not hold. */
export interface RouteTrouble {
  readonly route: string;
  readonly problem: string;
}

/** What the expressions of all routes together may cost one alert, about 20 ms. */
const STEPS_PER_ALERT = 200_000;

const conditions = new WeakMap<RouteSettings, Condition>();
const conditional = new WeakMap<RouteSettings, boolean>();

/**
 * The routes that an alert goes to, see `matchRoutes`. Expressions see it as it is when it begins: `now` is its start and its status `firing`,
 * so that neither time nor its end moves it to others.
 *
 * @param troubles gets what failed
 */
export function findRoutes(
  alert: Alert,
  root: RouteSettings,
  troubles: RouteTrouble[] = [],
): readonly RouteSettings[] {
  const budget: Budget = { steps: STEPS_PER_ALERT };
  let subject: Subject | undefined;
  return matchRoutes(root, alert.labels, (route) => {
    subject ??= subjectOfAlert({ ...alert, status: 'firing' }, alert.startsAt);
    try {
      return conditionOf(route).test(subject, budget);
    } catch (error) {
      if (!isMissingField(error))
        troubles.push({ route: route.key, problem: isFault(error) ? error.message : String(error) });
      return false;
    }
  });
}

/** Whether a route of the tree looks at more than labels, so that other changes of an alert can move it. */
export function isConditional(root: RouteSettings): boolean {
  return conditional.getOrInsertComputed(
    root,
    ({ when, routes }) => when !== undefined || routes.some(isConditional),
  );
}

function conditionOf(route: RouteSettings): Condition {
  return conditions.getOrInsertComputed(route, ({ when }) => compileCondition({ when: when! }));
}
