import { Fault, type Enricher } from '@signalbox/sdk';
import { clusters, scopeFor, type ClusterMemory } from './cluster-memory.ts';
import type { KubernetesConfig } from './config.ts';
import { describe, type Description } from './describe.ts';
import { iso } from './describe-object.ts';
import type { KindName } from './records.ts';
import { targetKey, targetOf, type Target } from './target.ts';

/** Bookmarks come about once a minute; without any sign of life for this long the copy may be wrong. */
const STALE_MS = 5 * 60_000;
/** The host refuses more than 16 KiB; some room for what it adds. */
const MOST_BYTES = 15_000;

/** Answers from memory only: it asks nobody, so that an alert never waits for a cluster. */
export const enricher: Enricher<KubernetesConfig> = {
  cacheKey(alert, config) {
    const target = targetOf(alert, config);
    return target && targetKey(target);
  },
  async enrich(alert, { config, now }) {
    const target = targetOf(alert, config);
    return target ? answer(target, clusters.of(config), config, now().getTime()) : {};
  },
};

function answer(target: Target, memory: ClusterMemory, config: KubernetesConfig, nowMs: number): Description {
  const { facts, consulted, notFound } = describe(target, memory, config, nowMs);
  const believed = believe([...consulted], target, memory, config, nowMs);
  if (Object.keys(facts).length === 0 && Object.keys(believed.incomplete).length > 0) {
    const reasons = Object.entries(believed.incomplete).map(([kind, reason]) => `${kind}: ${reason}`);
    throw new Fault(
      'SB_UNAVAILABLE',
      `Nothing is known of cluster ${config.cluster} yet (${reasons.join('; ')})`,
    );
  }
  return fit({
    cluster: config.cluster,
    ...(believed.asOf === undefined ? {} : { asOf: iso(believed.asOf) }),
    ...(believed.stale ? { stale: true } : {}),
    ...(Object.keys(believed.incomplete).length > 0 ? { incomplete: believed.incomplete } : {}),
    ...(notFound.length > 0 ? { notFound } : {}),
    ...facts,
  });
}

/** How far what was looked up can be believed: as of when, and what is not known for which reason. */
function believe(
  consulted: readonly KindName[],
  target: Target,
  { copy }: ClusterMemory,
  config: KubernetesConfig,
  nowMs: number,
) {
  const incomplete: Record<string, string> = {};
  const times: number[] = [];
  for (const kind of consulted) {
    const scope = scopeFor(kind, target.namespace ?? '', config);
    // A kind that nobody wants watched is not missed.
    if (!scope) continue;
    const { asOf, problem, leftOut } = copy.state(scope);
    if (asOf !== undefined) times.push(asOf);
    if (asOf === undefined) incomplete[kind] = problem ?? 'not listed yet';
    else if (problem !== undefined) incomplete[kind] = problem;
    else if (leftOut > 0) incomplete[kind] = `${leftOut} objects are left out, see max_mebibytes`;
  }
  const asOf = times.length === 0 ? undefined : Math.min(...times);
  return { asOf, stale: asOf !== undefined && nowMs - asOf > STALE_MS, incomplete };
}

/** Leaves out what is told least, until the rest fits. */
function fit(description: Description): Description {
  const isFitting = (candidate: Description) => Buffer.byteLength(JSON.stringify(candidate)) <= MOST_BYTES;
  let rest = description;
  for (const field of [
    'events',
    'changes',
    'workload',
    'pod',
    'namespace',
    'node',
    'notFound',
    'incomplete',
  ]) {
    if (isFitting(rest)) return rest;
    const { [field]: value, ...others } = rest;
    const shorter = Array.isArray(value) ? { ...others, [field]: value.slice(0, 3) } : others;
    rest = isFitting(shorter) ? shorter : others;
  }
  return rest;
}
