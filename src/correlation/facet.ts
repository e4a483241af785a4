import type { Alert } from '../model/alert.ts';
import type { Facet } from '../model/incident.ts';
import type { CorrelationRule, TopologySettings } from '../model/settings.ts';
import { serviceOf } from './place-alert.ts';
import { topologyOf } from './topology.ts';
import { similarityOf, wordsOf } from './words.ts';

/** What speaks for two alerts being one trouble. */
export interface Link {
  /** Between their starts. */
  readonly apartMs: number;
  readonly hops?: number;
  readonly similarity?: number;
}

/** An incident compares with this many kinds of alerts at most; the ones that were quiet longest are forgotten first. */
export const MAX_FACETS = 64;

export function facetOf(
  alert: Pick<Alert, 'labels' | 'annotations' | 'startsAt'>,
  rule: CorrelationRule,
  topology: TopologySettings | undefined,
): Facet {
  const service = rule.hops === undefined ? undefined : serviceOf(alert.labels, topology);
  return {
    ...(service === undefined ? {} : { service }),
    ...(rule.similarity === undefined ? {} : { words: wordsOf(textOf(alert)) }),
    from: alert.startsAt,
    to: alert.startsAt,
  };
}

/** What people read first. */
export function textOf({ labels, annotations }: Pick<Alert, 'labels' | 'annotations'>): string {
  return annotations.summary || annotations.description || labels.alertname || '';
}

/**
 * The closest link between an alert and an incident; undefined when the rule sees none. Two alerts are linked when all that the rule looks at
 * speaks for it, whichever of them came first.
 */
export function findLink(
  facets: readonly Facet[],
  own: Facet,
  rule: CorrelationRule,
  topology: TopologySettings | undefined,
): Link | undefined {
  let closest: Link | undefined;
  for (const facet of facets) {
    const apartMs = Math.max(0, facet.from - own.from, own.from - facet.to);
    if (apartMs > rule.windowMs || (closest && closest.apartMs <= apartMs)) continue;
    const hops = hopsBetween(facet, own, rule, topology);
    if (hops === undefined && rule.hops !== undefined) continue;
    const similarity =
      rule.similarity === undefined ? undefined : similarityOf(facet.words ?? [], own.words ?? []);
    if (similarity !== undefined && similarity < rule.similarity!) continue;
    closest = {
      apartMs,
      ...(hops === undefined ? {} : { hops }),
      ...(similarity === undefined ? {} : { similarity }),
    };
  }
  return closest;
}

/** Alerts without a service are linked to each other only. */
function hopsBetween(
  left: Facet,
  right: Facet,
  { hops }: CorrelationRule,
  topology: TopologySettings | undefined,
): number | undefined {
  if (hops === undefined) return undefined;
  if (left.service === right.service) return 0;
  if (left.service === undefined || right.service === undefined || !topology) return undefined;
  return topologyOf(topology).distance(left.service, right.service, hops);
}

/**
 * Takes one more facet in. Those of the same service and words that lie within the window of it become one, so that a thousand alike alerts
 * are one facet, and its span says as much as they would.
 */
export function addFacet(facets: readonly Facet[], own: Facet, windowMs: number): readonly Facet[] {
  const kept: Facet[] = [];
  let grown = own;
  for (const facet of facets) {
    const touches = facet.from - windowMs <= grown.to && grown.from - windowMs <= facet.to;
    if (touches && isAlike(facet, own))
      grown = { ...own, from: Math.min(grown.from, facet.from), to: Math.max(grown.to, facet.to) };
    else kept.push(facet);
  }
  kept.push(grown);
  if (kept.length <= MAX_FACETS) return kept;
  const quietest = kept.reduce((left, right) => (right.to < left.to ? right : left));
  return kept.filter((facet) => facet !== quietest);
}

function isAlike(left: Facet, right: Facet): boolean {
  return (
    left.service === right.service &&
    left.words?.length === right.words?.length &&
    (left.words ?? []).every((word, index) => word === right.words![index])
  );
}
