import { formatMatchers, sortMatchers } from './create-matcher.ts';
import { labelValue, type Labels, type Matcher } from './matcher.ts';
import type { RouteSettings } from './settings.ts';

/** A route as written: what is left out is inherited from the parent. */
export interface RouteDraft {
  readonly receiver?: string;
  readonly matchers: readonly Matcher[];
  /** CEL, which has to hold as well. */
  readonly when?: string;
  readonly continue: boolean;
  /** Absent inherits; an empty list groups by nothing, as in Alertmanager since 0.31; `['...']` is all labels. */
  readonly groupBy?: readonly string[];
  readonly groupWaitMs?: number;
  readonly groupIntervalMs?: number;
  readonly repeatIntervalMs?: number;
  /** These two are the route's own and never inherited, as in Alertmanager. */
  readonly muteTimeIntervals?: readonly string[];
  readonly activeTimeIntervals?: readonly string[];
  /** Laid over those of the parent. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly routes: readonly RouteDraft[];
}

/** Alertmanager's defaults of the root route. */
export const ROUTE_DEFAULTS = {
  groupBy: [] as readonly string[],
  groupWaitMs: 30_000,
  groupIntervalMs: 300_000,
  repeatIntervalMs: 14_400_000,
};

type Inherited = Pick<
  RouteSettings,
  'receiver' | 'groupBy' | 'groupWaitMs' | 'groupIntervalMs' | 'repeatIntervalMs' | 'labels'
>;

/**
 * Fills in everything that is inherited and gives each route Alertmanager's key, e.g. `{}/{team="db"}`. There, siblings
 * with the same matchers (and expression, which stands behind them) share a key; here the second gets `#2` behind it and so on, because groups are found by their
 * key and "the same alerts to two receivers" must be two groups.
 */
export function resolveRoute(root: RouteDraft): RouteSettings {
  const matchers = sortMatchers(root.matchers);
  return resolveUnder(root, matchers, { receiver: '', ...ROUTE_DEFAULTS }, formatMatchers(matchers));
}

function resolveUnder(
  draft: RouteDraft,
  matchers: readonly Matcher[],
  parent: Inherited,
  key: string,
): RouteSettings {
  const inherited: Inherited = {
    receiver: draft.receiver || parent.receiver,
    groupBy: draft.groupBy?.includes('...') ? '...' : (draft.groupBy ?? parent.groupBy),
    groupWaitMs: draft.groupWaitMs ?? parent.groupWaitMs,
    groupIntervalMs: draft.groupIntervalMs ?? parent.groupIntervalMs,
    repeatIntervalMs: draft.repeatIntervalMs ?? parent.repeatIntervalMs,
    ...(draft.labels || parent.labels ? { labels: { ...parent.labels, ...draft.labels } } : {}),
  };
  const seen = new Map<string, number>();
  const routes = draft.routes.map((child) => {
    const childMatchers = sortMatchers(child.matchers);
    const condition = child.when === undefined ? '' : ` if ${child.when}`;
    const childKey = `${key}/${formatMatchers(childMatchers)}${condition}`;
    const count = (seen.get(childKey) ?? 0) + 1;
    seen.set(childKey, count);
    return resolveUnder(child, childMatchers, inherited, count === 1 ? childKey : `${childKey}#${count}`);
  });
  const { muteTimeIntervals = [], activeTimeIntervals = [] } = draft;
  return {
    key,
    ...inherited,
    matchers,
    ...(draft.when === undefined ? {} : { when: draft.when }),
    continue: draft.continue,
    muteTimeIntervals,
    activeTimeIntervals,
    routes,
  };
}

/**
 * The routes that an alert goes to, depth first and in writing order: a node answers for itself when none of its children
 * match, and siblings are tried on only after a match with `continue`. Empty when the route itself does not match,
 * which the root always does.
 *
 * @param holds decides about routes with an expression, whose matchers match
 */
export function matchRoutes(
  route: RouteSettings,
  labels: Labels,
  holds: (route: RouteSettings) => boolean,
): readonly RouteSettings[] {
  const found: RouteSettings[] = [];
  collect(route, labels, holds, found);
  return found;
}

/** Plain loops: this runs for every alert over every sibling, and a tree may hold thousands of them. */
function collect(
  route: RouteSettings,
  labels: Labels,
  holds: (route: RouteSettings) => boolean,
  found: RouteSettings[],
): boolean {
  for (const matcher of route.matchers) {
    if (!matcher.test(labelValue(labels, matcher.name))) return false;
  }
  if (route.when !== undefined && !holds(route)) return false;
  const before = found.length;
  for (const child of route.routes) {
    if (collect(child, labels, holds, found) && !child.continue) break;
  }
  if (found.length === before) found.push(route);
  return true;
}

/** The labels that tell the groups of a route apart: only those that the alert has. */
export function groupLabels(route: Pick<RouteSettings, 'groupBy'>, labels: Labels): Labels {
  if (route.groupBy === '...') return { ...labels };
  const chosen: Record<string, string> = {};
  for (const name of route.groupBy) {
    if (Object.hasOwn(labels, name)) chosen[name] = labels[name]!;
  }
  return chosen;
}
