import { createMatcher } from '../model/create-matcher.ts';
import type { RouteSettings, Settings } from '../model/settings.ts';

/**
 * Settings cross to the other thread as plain data: a matcher's compiled test stays behind and is compiled anew on
 * the other side.
 */
export function packSettings(settings: Settings): unknown {
  return { ...settings, route: packRoute(settings.route) };
}

export function unpackSettings(packed: unknown): Settings {
  const settings = packed as Settings;
  return { ...settings, route: unpackRoute(settings.route) };
}

function packRoute(route: RouteSettings): unknown {
  const matchers = route.matchers.map(({ name, op, value }) => ({ name, op, value }));
  return { ...route, matchers, routes: route.routes.map(packRoute) };
}

function unpackRoute(route: RouteSettings): RouteSettings {
  const matchers = route.matchers.map(({ name, op, value }) => createMatcher(name, op, value));
  return { ...route, matchers, routes: route.routes.map(unpackRoute) };
}
