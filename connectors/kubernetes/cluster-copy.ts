import type { ClusterEvent, ClusterObject, KindName, ObjectOf, Pod } from './records.ts';

/** One watched list: a kind, in the whole cluster (empty) or in one namespace. */
export interface Scope {
  readonly kind: KindName;
  readonly namespace: string;
}

/** How far the copy of one scope can be believed. Times are milliseconds since 1970. */
export interface ScopeState {
  /** When the copy last agreed with the cluster; absent before the first complete list. */
  asOf?: number;
  /** The version of the cluster's data from which the next watch goes on; absent: a list is due. */
  place?: string;
  /** A watch is open. */
  watching: boolean;
  /** Why it can't be listed or watched at present, for people. */
  problem?: string;
  /** Objects that the cluster has and the copy has no room for. */
  leftOut: number;
}

/** Told of every difference between what was known and what is; `previous` is absent for what is new, `next` for what is gone. */
export type OnChange = (
  previous: ClusterObject | undefined,
  next: ClusterObject | undefined,
  nowMs: number,
  /** Whether the scope was listed before: the first list says nothing new. */
  known: boolean,
) => void;

/** A copy of the parts of a cluster that alerts are about, in memory, with the look-ups that describing an alert needs. */
export interface ClusterCopy {
  /** Makes the scope hold exactly these: the answer to a complete list. */
  replace(scope: Scope, objects: ReadonlyMap<string, ClusterObject>, nowMs: number): void;
  put(scope: Scope, object: ClusterObject, nowMs: number): void;
  remove(scope: Scope, key: string, nowMs: number): void;
  state(scope: Scope): ScopeState;
  find<K extends KindName>(kind: K, namespace: string, name: string): ObjectOf<K> | undefined;
  /** A pod that was deleted a short while ago: alerts about it still come in. */
  findGone(
    namespace: string,
    name: string,
    nowMs: number,
  ): { readonly pod: Pod; readonly at: number } | undefined;
  ownedBy<K extends KindName>(kind: K, uid: string): readonly ObjectOf<K>[];
  eventsAbout(kind: string, namespace: string, name: string): readonly ClusterEvent[];
  all(kind: KindName): Iterable<ClusterObject>;
  /** Objects kept, and about how many bytes of memory they take. */
  size(): { readonly objects: number; readonly bytes: number };
}

const GONE_MS = 15 * 60_000;
const GONE_PODS = 10_000;
const EVENTS_PER_OBJECT = 20;
/** Bytes of heap for a character of an object's JSON, maps included: 1.9 were measured for pods, 2.4 for events. */
const BYTES_PER_CHARACTER = 2.5;

export function keyOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}

export function createClusterCopy(maxBytes: number, onChange: OnChange = () => {}): ClusterCopy {
  const kinds = new Map<KindName, Map<string, { readonly object: ClusterObject; readonly bytes: number }>>();
  const states = new Map<string, ScopeState>();
  const owned = new Map<string, Map<string, ClusterObject>>();
  const about = new Map<string, Map<string, ClusterEvent>>();
  const gone = new Map<string, { readonly pod: Pod; readonly at: number }>();
  let bytes = 0;

  const tableOf = (kind: KindName) => kinds.get(kind) ?? kinds.set(kind, new Map()).get(kind)!;

  function stateOf(scope: Scope): ScopeState {
    const name = `${scope.kind} ${scope.namespace}`;
    const state = states.get(name) ?? { watching: false, leftOut: 0 };
    states.set(name, state);
    return state;
  }

  function put(scope: Scope, object: ClusterObject, nowMs: number): void {
    const table = tableOf(scope.kind);
    const state = stateOf(scope);
    const key = keyOf(object);
    const previous = table.get(key);
    const size = Math.ceil(JSON.stringify(object).length * BYTES_PER_CHARACTER);
    const added = size - (previous?.bytes ?? 0);
    if (previous === undefined && bytes + added > maxBytes) {
      state.leftOut += 1;
      return;
    }
    if (previous) unlink(previous.object);
    table.set(key, { object, bytes: size });
    bytes += added;
    link(object);
    onChange(previous?.object, object, nowMs, state.asOf !== undefined);
  }

  function remove(scope: Scope, key: string, nowMs: number): void {
    const table = tableOf(scope.kind);
    const found = table.get(key);
    if (!found) return;
    table.delete(key);
    bytes -= found.bytes;
    unlink(found.object);
    if (found.object.kind === 'Pod') bury(key, found.object, nowMs);
    onChange(found.object, undefined, nowMs, true);
  }

  function link(object: ClusterObject): void {
    const key = keyOf(object);
    if (object.owner) indexOf(owned, `${object.kind} ${object.owner.uid}`).set(key, object);
    if (object.kind !== 'Event') return;
    const events = indexOf(about, aboutKey(object.about.kind, object.about.namespace, object.about.name));
    events.set(key, object);
    if (events.size > EVENTS_PER_OBJECT)
      drop([...events.values()].toSorted((a, b) => lastAt(a) - lastAt(b))[0]!);
  }

  function unlink(object: ClusterObject): void {
    const key = keyOf(object);
    if (object.owner) unindex(owned, `${object.kind} ${object.owner.uid}`, key);
    if (object.kind !== 'Event') return;
    unindex(about, aboutKey(object.about.kind, object.about.namespace, object.about.name), key);
  }

  /** The oldest of too many events about one object. */
  function drop(event: ClusterEvent): void {
    const table = tableOf('Event');
    bytes -= table.get(keyOf(event))?.bytes ?? 0;
    table.delete(keyOf(event));
    unlink(event);
  }

  function bury(key: string, pod: Pod, nowMs: number): void {
    gone.delete(key);
    gone.set(key, { pod, at: nowMs });
    // Oldest first: a map keeps the order in which things came.
    for (const [oldest, { at }] of gone) {
      if (gone.size <= GONE_PODS && at + GONE_MS > nowMs) break;
      gone.delete(oldest);
    }
  }

  return {
    replace(scope, objects, nowMs) {
      const state = stateOf(scope);
      state.leftOut = 0;
      const ours = [...tableOf(scope.kind)].filter(
        ([, { object }]) => scope.namespace === '' || namespaceOf(object) === scope.namespace,
      );
      for (const [key] of ours) if (!objects.has(key)) remove(scope, key, nowMs);
      for (const object of objects.values()) put(scope, object, nowMs);
      state.asOf = nowMs;
    },
    put,
    remove,
    state: stateOf,
    find: (kind, namespace, name) => tableOf(kind).get(keyOf({ namespace, name }))?.object as never,
    findGone(namespace, name, nowMs) {
      const found = gone.get(keyOf({ namespace, name }));
      return found && found.at + GONE_MS > nowMs ? found : undefined;
    },
    ownedBy: (kind, uid) => [...(owned.get(`${kind} ${uid}`)?.values() ?? [])] as never,
    eventsAbout: (kind, namespace, name) => [...(about.get(aboutKey(kind, namespace, name))?.values() ?? [])],
    all: (kind) => [...tableOf(kind).values()].map(({ object }) => object),
    size: () => ({
      objects: [...kinds.values()].reduce((sum, table) => sum + table.size, 0),
      bytes,
    }),
  };
}

/** The namespace that an object belongs to; a namespace belongs to itself. */
function namespaceOf(object: ClusterObject): string {
  return object.kind === 'Namespace' ? object.name : object.namespace;
}

const aboutKey = (kind: string, namespace: string, name: string) => `${kind} ${namespace}/${name}`;
const lastAt = (event: ClusterEvent) => event.lastAt ?? 0;

function indexOf<T>(index: Map<string, Map<string, T>>, name: string): Map<string, T> {
  return index.get(name) ?? index.set(name, new Map()).get(name)!;
}

function unindex(index: Map<string, Map<string, unknown>>, name: string, key: string): void {
  const entries = index.get(name);
  entries?.delete(key);
  if (entries?.size === 0) index.delete(name);
}
