import { isFault, type Fault } from '@signalbox/sdk';
import { EXPIRED, type Change, type ClusterApi } from './cluster-api.ts';
import { keyOf, type ClusterCopy, type Scope } from './cluster-copy.ts';
import { textAt } from './dig.ts';
import type { Keep } from './keep-meta.ts';
import type { Kind } from './kinds.ts';
import type { ClusterObject } from './records.ts';

/** What one reflection needs of the world. */
export interface Reflection {
  readonly api: ClusterApi;
  readonly copy: ClusterCopy;
  readonly kind: Kind;
  readonly scope: Scope;
  readonly fieldSelector?: string;
  readonly keep: Keep;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 to 1, for the jitter. */
  readonly random: () => number;
  /** Resolves after so many milliseconds, or when the signal aborts. */
  readonly wait: (ms: number) => Promise<void>;
  /** Runs lists, a few at a time. */
  readonly inTurn: <T>(list: () => Promise<T>) => Promise<T>;
  /** Called for each failure. What it throws ends the reflection. */
  readonly onFault: (fault: Fault) => void;
}

const PAGE_ITEMS = 500;
const FIRST_DELAY_MS = 800;
const LONGEST_DELAY_MS = 30_000;
/** A watch that ends sooner and said nothing was no watch. */
const SHORT_WATCH_MS = 1_000;
const WATCH_SECONDS = 300;

/**
 * Keeps one scope of the copy in step with the cluster: a list in pages, then watches that go on from where the last one ended; a new list
 * when the cluster has forgotten that place (410). Ends when the signal aborts, and only then: a failure is reported and tried again, later each
 * time. The copy stays while nothing can be learned, and its state says since when.
 */
export async function reflect(reflection: Reflection): Promise<void> {
  const { copy, scope, signal, random, wait, onFault } = reflection;
  const state = copy.state(scope);
  let failures = 0;
  while (!signal.aborted) {
    let fault: Fault | undefined;
    let heard = false;
    try {
      state.place ??= await listAll(reflection);
      heard = await watchOnce(reflection, state.place, () => (heard = true));
    } catch (error) {
      if (signal.aborted) return;
      if (!isFault(error)) throw error;
      fault = error;
      if (fault.status === EXPIRED) delete state.place;
      // A watch that was open and was cut off is no trouble, it goes on at its place.
      else if (!(state.watching && fault.code === 'SB_UNAVAILABLE')) {
        state.problem = fault.message;
        onFault(fault);
      }
    } finally {
      state.watching = false;
    }
    failures = heard ? 0 : failures + 1;
    await wait(Math.max(fault?.retryAfterMs ?? 0, delayOf(failures, random)));
  }
}

/** Exponential, and never in step with others that were cut off together. */
function delayOf(failures: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.max(0, failures - 1));
  return Math.floor(failures === 0 ? random() * ceiling : ceiling * (0.5 + random() / 2));
}

/** Lists the scope page by page, and returns the version that the list shows. The copy changes when all pages are there. */
async function listAll({ api, copy, kind, scope, keep, now, inTurn, ...rest }: Reflection): Promise<string> {
  return inTurn(async () => {
    const objects = new Map<string, ClusterObject>();
    let unreadable = 0;
    let next: string | undefined;
    for (;;) {
      const page = await api.list(kind, {
        namespace: kind.namespaced ? scope.namespace : '',
        limit: PAGE_ITEMS,
        ...(next === undefined ? {} : { next }),
        ...(rest.fieldSelector === undefined ? {} : { fieldSelector: rest.fieldSelector }),
      });
      for (const item of page.items) {
        const object = kind.keep(item, keep);
        if (object) objects.set(keyOf(object), object);
        else unreadable += 1;
      }
      next = page.next;
      if (next !== undefined) continue;
      copy.replace(scope, objects, now());
      const state = copy.state(scope);
      state.leftOut += unreadable;
      delete state.problem;
      return page.resourceVersion;
    }
  });
}

/** One watch until it ends. Says whether it was worth its name: it said something, or it lasted. */
async function watchOnce(reflection: Reflection, place: string, onHeard: () => void): Promise<boolean> {
  const { api, copy, kind, scope, signal, now, fieldSelector } = reflection;
  const state = copy.state(scope);
  const startedMs = now();
  let heard = false;
  const options = {
    namespace: kind.namespaced ? scope.namespace : '',
    resourceVersion: place,
    // Watches that began together should not end together.
    timeoutSeconds: WATCH_SECONDS + Math.floor(reflection.random() * WATCH_SECONDS),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
  await api.watch(kind, options, {
    signal,
    onOpen() {
      state.watching = true;
      delete state.problem;
    },
    onChange(change) {
      heard = true;
      onHeard();
      apply(reflection, change);
      state.asOf = now();
    },
  });
  return heard || now() - startedMs >= SHORT_WATCH_MS;
}

function apply({ copy, kind, scope, keep, now }: Reflection, { type, object }: Change): void {
  const state = copy.state(scope);
  state.place = textAt(object, 'metadata', 'resourceVersion') ?? state.place!;
  if (type === 'BOOKMARK') return;
  const kept = kind.keep(object, keep);
  if (!kept) state.leftOut += 1;
  else if (type === 'DELETED') copy.remove(scope, keyOf(kept), now());
  else copy.put(scope, kept, now());
}
