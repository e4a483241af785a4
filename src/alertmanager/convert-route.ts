import type { Matcher } from '../model/matcher.ts';
import { formatMatcher } from '../model/create-matcher.ts';
import type { AlertmanagerRoute, InhibitRule } from './config.ts';
import { withGiven } from './drafting.ts';
import type { NativeMap } from './native-document.ts';

/** Routes are Alertmanager's in both; only the deprecated forms of matchers are written in the current one. */
export function convertRoute(route: AlertmanagerRoute): NativeMap {
  const groupBy = route.group_by?.includes('...') ? ['...'] : route.group_by;
  return withGiven({
    receiver: route.receiver,
    matchers: route.matchers.length > 0 ? route.matchers.map(formatMatcher) : undefined,
    continue: route.continue || undefined,
    group_by: groupBy,
    group_wait: route.group_wait,
    group_interval: route.group_interval,
    repeat_interval: route.repeat_interval,
    mute_time_intervals: route.mute_time_intervals.length > 0 ? route.mute_time_intervals : undefined,
    active_time_intervals: route.active_time_intervals.length > 0 ? route.active_time_intervals : undefined,
    labels: Object.keys(route.labels).length > 0 ? { from: 'verbatim', value: route.labels } : undefined,
    routes: route.routes.length > 0 ? route.routes.map(convertRoute) : undefined,
  });
}

/** Alertmanager's own words, without what it calls deprecated. */
export function convertInhibitRule(rule: InhibitRule): NativeMap {
  return {
    ...(rule.name ? { name: rule.name } : {}),
    source_matchers: writeMatchers(rule.source_matchers),
    target_matchers: writeMatchers(rule.target_matchers),
    ...(rule.equal.length > 0 ? { equal: rule.equal } : {}),
  };
}

/** No matchers take every alert, which a native configuration has to say. */
function writeMatchers(matchers: readonly Matcher[]): readonly string[] {
  return matchers.length > 0 ? matchers.map(formatMatcher) : ['alertname=~".*"'];
}
