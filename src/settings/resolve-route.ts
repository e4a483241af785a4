import { GO_TEMPLATE_MEDIA_TYPE } from '@signalbox/sdk';
import { formatMatcher } from '../model/create-matcher.ts';
import { resolveRoute as inherit, type RouteDraft } from '../model/route.ts';
import type { Matcher } from '../model/matcher.ts';
import type { RouteSettings } from '../model/settings.ts';
import { compileCondition } from '../rules/condition.ts';
import { contradict, type Asked } from '../rules/contradiction.ts';
import { checkText } from './check-languages.ts';
import { parseDuration } from './quantity.ts';
import type { Report } from './report.ts';
import { compileAt } from './resolve-condition.ts';
import { readMatchers } from './resolve-matchers.ts';
import type { WrittenRoute } from './schema.ts';
import { didYouMean } from './suggest.ts';
import { isMap, valueAt, type PathPart } from './tree.ts';

type Path = readonly PathPart[];

/**
 * The route tree with everything inherited; problems go to the report.
 *
 * @param first routes that nobody wrote, which go before those below the root
 */
export function resolveRoutes(
  root: WrittenRoute,
  receivers: readonly string[],
  intervals: readonly string[],
  report: Report,
  first: readonly RouteDraft[] = [],
): RouteSettings {
  const path = ['routes'];
  if (root.receiver === undefined && isMap(valueAt(report.tree.value, '/routes'))) {
    report.error(path, { code: 'missing_key', message: 'the root route needs a "receiver"' }, 'key');
  }
  for (const key of ['matchers', 'when', 'continue'] as const) {
    if (root[key] === undefined) continue;
    const message = `the root route takes every alert and can’t have "${key}"`;
    report.error([...path, key], { code: 'wrong_value', message, hint: 'move it to a route below' }, 'key');
  }
  for (const key of ['mute_time_intervals', 'active_time_intervals'] as const) {
    if (root[key] === undefined) continue;
    const message = `the root route is never muted and can’t have "${key}"`;
    report.error([...path, key], { code: 'wrong_value', message, hint: 'move it to a route below' }, 'key');
  }
  const names = { receivers, intervals };
  const draft = readRoute({ ...root, matchers: [], continue: false }, path, names, report, []);
  return inherit({ ...draft, routes: [...first, ...draft.routes] });
}

/** What routes may name. */
interface Names {
  readonly receivers: readonly string[];
  readonly intervals: readonly string[];
}

/** @param above what the routes ask that an alert passes on its way here */
function readRoute(
  written: WrittenRoute,
  path: Path,
  names: Names,
  report: Report,
  above: readonly Asked[],
): RouteDraft {
  if (written.receiver !== undefined) {
    checkName('receiver', written.receiver, names.receivers, [...path, 'receiver'], report);
  }
  for (const key of ['mute_time_intervals', 'active_time_intervals'] as const) {
    written[key]?.forEach((name, index) =>
      checkName('time interval', name, names.intervals, [...path, key, index], report),
    );
  }
  checkGroupBy(written.group_by ?? [], [...path, 'group_by'], report);
  const times = {
    groupWaitMs: read(written.group_wait),
    groupIntervalMs: read(written.group_interval),
    repeatIntervalMs: read(written.repeat_interval),
  };
  if ((times.repeatIntervalMs ?? Infinity) < (times.groupIntervalMs ?? 0)) {
    const message = 'shorter than group_interval, so it is told only every group_interval';
    report.warn([...path, 'repeat_interval'], { code: 'short_repeat', message });
  }
  checkLabels(written.labels ?? {}, [...path, 'labels'], report);
  const matchers = readMatchers(written.matchers ?? [], [...path, 'matchers'], report);
  const passed = checkAsked(written, matchers, path, report, above);
  const routes = (written.routes ?? []).map((child, index) =>
    readRoute(child, [...path, 'routes', index], names, report, passed),
  );
  warnUnreachable(routes, [...path, 'routes'], report);
  return {
    ...(written.receiver === undefined ? {} : { receiver: written.receiver }),
    matchers,
    ...(written.when === undefined ? {} : { when: written.when }),
    continue: written.continue ?? false,
    ...(written.group_by === undefined ? {} : { groupBy: written.group_by }),
    ...Object.fromEntries(Object.entries(times).filter(([, value]) => value !== undefined)),
    ...(written.mute_time_intervals === undefined ? {} : { muteTimeIntervals: written.mute_time_intervals }),
    ...(written.active_time_intervals === undefined
      ? {}
      : { activeTimeIntervals: written.active_time_intervals }),
    ...(written.labels === undefined ? {} : { labels: written.labels }),
    routes,
  };
}

function checkName(what: string, name: string, known: readonly string[], at: Path, report: Report): void {
  if (known.includes(name)) return;
  const message = `there is no ${what} ${report.quote(at, name)}`;
  report.error(at, { code: 'missing_reference', message, hint: didYouMean(name, known) });
}

function read(duration: string | undefined): number | undefined {
  return duration === undefined ? undefined : parseDuration(duration);
}

function checkGroupBy(labels: readonly string[], path: Path, report: Report): void {
  if (labels.includes('...') && labels.length > 1) {
    report.error(path, { code: 'wrong_value', message: 'expected either "..." alone or names of labels' });
  }
  labels.forEach((label, index) => {
    if (labels.indexOf(label) === index) return;
    report.error([...path, index], { code: 'wrong_value', message: 'this label stands twice in group_by' });
  });
}

function checkLabels(labels: Readonly<Record<string, string>>, path: Path, report: Report): void {
  for (const [name, source] of Object.entries(labels)) {
    if (name === '') report.error(path, { code: 'wrong_value', message: 'a label needs a name' });
    checkText(GO_TEMPLATE_MEDIA_TYPE, source, [...path, name], report);
  }
}

/**
 * Warns of a route that no alert can get to, because what it asks contradicts itself or the routes above it. Returns what has been asked of an
 * alert that is here; what is in the way was told once and is left out, so that the routes below are not told of as well.
 */
function checkAsked(
  { when }: WrittenRoute,
  matchers: readonly Matcher[],
  path: Path,
  report: Report,
  above: readonly Asked[],
): readonly Asked[] {
  const compiled =
    when === undefined ? undefined : compileAt([...path, 'when'], report, () => compileCondition({ when }));
  const own: Asked = { matchers, demands: compiled?.demands ?? [] };
  const code = 'unreachable_route';
  if (compiled?.isNever || contradict([own])) {
    const message = 'no alert can get here: the condition contradicts itself';
    report.warn([...path, when === undefined ? 'matchers' : 'when'], { code, message });
    return above;
  }
  if (contradict([...above, own])) {
    const message = 'no alert can get here: the condition contradicts a route above it';
    report.warn([...path, when === undefined ? 'matchers' : 'when'], { code, message });
    return above;
  }
  return [...above, own];
}

/**
 * A sibling before it without `continue` takes all that the route could match when its matchers are among the route's own, and it has the same
 * expression or none.
 */
function warnUnreachable(routes: readonly RouteDraft[], path: Path, report: Report): void {
  const earlier: { readonly index: number; readonly matchers: readonly string[]; readonly when?: string }[] =
    [];
  routes.forEach((route, index) => {
    const own = new Set(route.matchers.map(formatMatcher));
    const cover = earlier.find(
      ({ matchers, when }) =>
        (when === undefined || when === route.when) && matchers.every((matcher) => own.has(matcher)),
    );
    if (cover) {
      const message = `no alert can get here: route ${cover.index + 1} of this list takes them all`;
      report.warn([...path, index], {
        code: 'unreachable_route',
        message,
        hint: 'set continue on that one, or change the order',
      });
    } else if (!route.continue) {
      earlier.push({ index, matchers: [...own], ...(route.when === undefined ? {} : { when: route.when }) });
    }
  });
}
