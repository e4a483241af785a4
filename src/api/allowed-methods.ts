import type { FastifyInstance } from 'fastify';

/** Which methods are served at an address; none where nothing is. */
export type AllowedMethods = (path: string) => readonly string[];

/** Listens to the routes that are added from now on, for the answer to a request with another method (RFC 9110 section 15.5.6). */
export function watchMethods(app: FastifyInstance): AllowedMethods {
  const routes: { readonly parts: readonly string[]; readonly methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    routes.push({ parts: url.split('/'), methods: [method].flat() });
  });
  return (path) => {
    const parts = path.split('/');
    const found = routes.filter((route) => isAt(route.parts, parts)).flatMap(({ methods }) => methods);
    return [...new Set(found)].toSorted();
  };
}

/** Whether a path is one of a route's: `:name` is any part that is not empty, `*` whatever is left. */
function isAt(route: readonly string[], path: readonly string[]): boolean {
  for (const [index, part] of route.entries()) {
    if (part === '*') return true;
    const given = path[index];
    if (given === undefined) return false;
    if (part.startsWith(':') ? given === '' : part !== given) return false;
  }
  return route.length === path.length;
}
