import type { TopologySettings } from '../model/settings.ts';

/** Which service depends on which, ready to be asked. */
export interface Topology {
  /** How many dependencies lie between two services, in either direction; undefined when it is more than `max`. */
  distance(left: string, right: string, max: number): number | undefined;
  /** All services that this one depends on, directly or through others; never itself. */
  dependenciesOf(service: string): ReadonlySet<string>;
  /** The services that hang together with this one, by the name of the first of them. */
  componentOf(service: string): string;
}

/** A walk ends after this many services; what lies behind counts as not connected. */
const MAX_VISITED = 10_000;

const compiled = new WeakMap<TopologySettings, Topology>();

/** Compiled once per configuration, because settings cross threads as plain data. */
export function topologyOf(settings: TopologySettings): Topology {
  let topology = compiled.get(settings);
  if (!topology) compiled.set(settings, (topology = compileTopology(settings)));
  return topology;
}

/** Walks are remembered; a circle of dependencies only means that its services depend on each other. */
export function compileTopology({ dependencies }: TopologySettings): Topology {
  const down = new Map<string, readonly string[]>(Object.entries(dependencies));
  const around = new Map<string, Set<string>>();
  const connect = (from: string, to: string) => {
    const known = around.get(from);
    if (known) known.add(to);
    else around.set(from, new Set([to]));
  };
  for (const [service, needed] of down) {
    for (const other of needed) {
      connect(service, other);
      connect(other, service);
    }
  }
  const components = nameComponents(around);
  const near = new Map<string, ReadonlyMap<string, number>>();
  const needs = new Map<string, ReadonlySet<string>>();

  return {
    distance(left, right, max) {
      if (left === right) return 0;
      if (components.get(left) === undefined || components.get(left) !== components.get(right))
        return undefined;
      const key = `${max}\n${left}`;
      let found = near.get(key);
      if (!found) near.set(key, (found = walk(left, max, (service) => around.get(service) ?? [])));
      return found.get(right);
    },
    dependenciesOf(service) {
      let found = needs.get(service);
      if (!found) {
        const reached = walk(service, Infinity, (one) => down.get(one) ?? []);
        needs.set(service, (found = new Set([...reached.keys()].filter((name) => name !== service))));
      }
      return found;
    },
    componentOf: (service) => components.get(service) ?? service,
  };
}

function nameComponents(around: ReadonlyMap<string, ReadonlySet<string>>): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const service of [...around.keys()].toSorted()) {
    if (names.has(service)) continue;
    const open = [service];
    names.set(service, service);
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const next of around.get(at)!) {
        if (names.has(next)) continue;
        names.set(next, service);
        open.push(next);
      }
    }
  }
  return names;
}

/** Breadth first, so that the first way found is the shortest. */
function walk(
  start: string,
  max: number,
  nextOf: (service: string) => Iterable<string>,
): ReadonlyMap<string, number> {
  const reached = new Map([[start, 0]]);
  for (const [service, hops] of reached) {
    if (hops >= max) continue;
    for (const next of nextOf(service)) {
      if (reached.size >= MAX_VISITED) return reached;
      if (!reached.has(next)) reached.set(next, hops + 1);
    }
  }
  return reached;
}
