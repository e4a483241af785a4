import { createMatcher } from '../model/create-matcher.ts';
import type { Matcher } from '../model/matcher.ts';
import type { InhibitRule } from '../model/inhibition.ts';
import type { CorrelationRule, RouteSettings, Settings } from '../model/settings.ts';

/**
 * Settings cross to the other thread as plain data: a matcher's compiled test stays behind and is compiled anew on
 * the other side.
 */
export function packSettings(settings: Settings): unknown {
  return {
    ...settings,
    route: packRoute(settings.route),
    inhibitRules: settings.inhibitRules.map((rule) => mapSides(rule, packMatchers)),
    ...(settings.correlation && {
      correlation: { rules: settings.correlation.rules.map((rule) => mapRule(rule, packMatchers)) },
    }),
    lifecycle: mapEscalate(settings, packMatchers),
  };
}

export function unpackSettings(packed: unknown): Settings {
  const settings = packed as Settings;
  return {
    ...settings,
    route: unpackRoute(settings.route),
    inhibitRules: settings.inhibitRules.map((rule) => mapSides(rule, unpackMatchers)),
    ...(settings.correlation && {
      correlation: { rules: settings.correlation.rules.map((rule) => mapRule(rule, unpackMatchers)) },
    }),
    lifecycle: mapEscalate(settings, unpackMatchers),
  };
}

function packRoute(route: RouteSettings): unknown {
  return { ...route, matchers: packMatchers(route.matchers), routes: route.routes.map(packRoute) };
}

function unpackRoute(route: RouteSettings): RouteSettings {
  return { ...route, matchers: unpackMatchers(route.matchers), routes: route.routes.map(unpackRoute) };
}

function packMatchers(matchers: readonly Matcher[]): readonly Pick<Matcher, 'name' | 'op' | 'value'>[] {
  return matchers.map(({ name, op, value }) => ({ name, op, value }));
}

function unpackMatchers(packed: readonly Pick<Matcher, 'name' | 'op' | 'value'>[]): readonly Matcher[] {
  return packed.map(({ name, op, value }) => createMatcher(name, op, value));
}

function mapSides<T>(rule: InhibitRule, map: (matchers: readonly Matcher[]) => T) {
  return { ...rule, sourceMatchers: map(rule.sourceMatchers), targetMatchers: map(rule.targetMatchers) };
}

function mapRule<T>(rule: CorrelationRule, map: (matchers: readonly Matcher[]) => T) {
  const { matchers, parent, changes } = rule;
  return { ...rule, matchers: map(matchers), parent: map(parent), changes: map(changes) };
}

function mapEscalate<T>({ lifecycle }: Settings, map: (matchers: readonly Matcher[]) => T) {
  const escalate = lifecycle.escalate.map((rule) => ({ ...rule, matchers: map(rule.matchers) }));
  return { ...lifecycle, escalate };
}
