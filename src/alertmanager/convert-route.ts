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
    group_by: groupBy && groupBy.length > 0 ? groupBy : undefined,
    group_wait: route.group_wait,
    group_interval: route.group_interval,
    repeat_interval: route.repeat_interval,
    mute_time_intervals: route.mute_time_intervals.length > 0 ? route.mute_time_intervals : undefined,
    active_time_intervals: route.active_time_intervals.length > 0 ? route.active_time_intervals : undefined,
    labels: Object.keys(route.labels).length > 0 ? { from: 'verbatim', value: route.labels } : undefined,
    routes: route.routes.length > 0 ? route.routes.map(convertRoute) : undefined,
  });
}

/** An inhibition rule in the form that is proposed: Alertmanager's own, without what it calls deprecated. */
export interface PendingInhibitRule {
  readonly name?: string;
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal: readonly string[];
}

export function convertInhibitRule(rule: InhibitRule): PendingInhibitRule {
  return {
    ...(rule.name === undefined ? {} : { name: rule.name }),
    source_matchers: rule.source_matchers.map(formatMatcher),
    target_matchers: rule.target_matchers.map(formatMatcher),
    equal: rule.equal,
  };
}
