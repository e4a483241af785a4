import { setTimeout as wait } from 'node:timers/promises';
import type { Context, Emit } from '@signalbox/sdk';
import { createClusterApi } from './cluster-api.ts';
import { clusters, scopesOf } from './cluster-memory.ts';
import type { KubernetesConfig } from './config.ts';
import { createCredentials } from './credentials.ts';
import { compact } from './dig.ts';
import { KINDS } from './kinds.ts';
import { reflect } from './reflect.ts';
import { tellNamespaces } from './tell-namespaces.ts';

/** Whole lists are heavy for a cluster and for memory; more than so many at once are not asked for. */
const LISTS_AT_ONCE = 3;

/**
 * Watches the cluster until the signal aborts. Single kinds that fail are logged and tried again while the others go on; when all of them fail, or
 * the settings can't work, the fault goes to the host, which shows it and starts again. The copy stays meanwhile.
 */
export async function run(context: Context<KubernetesConfig>, emit: Emit): Promise<void> {
  const { config, http, log } = context;
  const memory = clusters.of(config);
  const { copy } = memory;

  const now = () => context.now().getTime();
  const credentials = createCredentials(config, { env: process.env, now });
  const scopes = scopesOf(config);
  const end = new AbortController();
  const signal = AbortSignal.any([context.signal, end.signal]);
  const api = createClusterApi(http, credentials, signal);
  const inTurn = createTurns(LISTS_AT_ONCE);

  const reflections = scopes.map((scope) =>
    reflect({
      api,
      copy,
      kind: KINDS[scope.kind],
      scope,
      ...fieldSelectorOf(scope, config),
      keep: { annotations: config.annotations },
      signal,
      now,
      random: Math.random,
      wait: (ms) => wait(ms, undefined, { signal }).catch(() => undefined),
      inTurn,
      onFault(fault) {
        log.warn('a part of the cluster can not be watched', { ...scope, reason: fault.message });
        const isEverything = scopes.every((each) => copy.state(each).problem !== undefined);
        if (isEverything || fault.code === 'SB_CONFIG') throw fault;
      },
    }),
  );
  const report = reportSize(context, signal);
  const telling = tellNamespaces({
    cluster: config.cluster,
    scopes: scopes.filter(({ kind }) => kind === 'Namespace'),
    copy,
    namespaces: memory.namespaces,
    emit,
    log,
    signal,
    wait: (ms) => wait(ms, undefined, { signal }).catch(() => undefined),
  });
  try {
    await Promise.all(reflections);
  } finally {
    end.abort();
    await Promise.allSettled([...reflections, report, telling]);
  }
}

function fieldSelectorOf(
  { kind, namespace }: { kind: string; namespace: string },
  { events }: KubernetesConfig,
) {
  const fieldSelector =
    kind === 'Namespace' && namespace !== ''
      ? `metadata.name=${namespace}`
      : kind === 'Event' && events === 'warning'
        ? 'type=Warning'
        : undefined;
  return compact({ fieldSelector });
}

const REPORT_MS = 5 * 60_000;

/** How large the copy is, for whoever wonders where the memory goes. */
async function reportSize({ config, log }: Context<KubernetesConfig>, signal: AbortSignal): Promise<void> {
  const { copy } = clusters.of(config);
  while (!signal.aborted) {
    await wait(REPORT_MS, undefined, { signal }).catch(() => undefined);
    const leftOut = scopesOf(config).reduce((sum, scope) => sum + copy.state(scope).leftOut, 0);
    log.debug('copy of the cluster', { cluster: config.cluster, ...copy.size(), leftOut });
  }
}

/** Lets so many run at once; the others wait for their turn. */
function createTurns(most: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(task: () => Promise<T>): Promise<T> => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      // The place goes to the next one, so that nobody slips in between.
      if (next) next();
      else running -= 1;
    }
  };
}
