import type { RouteSettings } from '../model/settings.ts';

const indexes = new WeakMap<RouteSettings, ReadonlyMap<string, RouteSettings>>();

/** The route with a key, or undefined when the configuration has it no more. The index is made once per tree. */
export function routeByKey(root: RouteSettings, key: string): RouteSettings | undefined {
  let index = indexes.get(root);
  if (!index) {
    const made = new Map<string, RouteSettings>();
    const add = (route: RouteSettings): void => {
      if (!made.has(route.key)) made.set(route.key, route);
      route.routes.forEach(add);
    };
    add(root);
    index = made;
    indexes.set(root, index);
  }
  return index.get(key);
}
