import type { Cause } from '../model/incident.ts';
import type { CorrelationRule, TopologySettings } from '../model/settings.ts';
import { textOf } from './facet.ts';
import { serviceOf } from './place-alert.ts';
import { conditionsOf, type Placeable } from './rule-conditions.ts';
import { topologyOf } from './topology.ts';

const MAX_TITLE = 200;
const NAMED = -1;

/** What an alert has to say for being the cause. */
export function causeOf(
  alert: Placeable,
  rule: CorrelationRule,
  topology: TopologySettings | undefined,
): Cause {
  const service = serviceOf(alert.labels, topology);
  const isParent = conditionsOf(rule).isParent(alert);
  const title = (textOf(alert) || alert.fingerprint).slice(0, MAX_TITLE);
  return {
    fingerprint: alert.fingerprint,
    title,
    ...(service === undefined ? {} : { service }),
    startsAt: alert.startsAt,
    why: isParent ? 'parent' : 'first',
    depth: isParent ? NAMED : depthOf(service, rule, topology),
  };
}

/**
 * The more likely cause of two: the one that the rule names, else the one whose service depends on the fewest others, else the earlier. An order
 * over all alerts, so that it does not matter which of them is looked at first. A service that the topology does not know comes last.
 */
export function likelierCause(left: Cause, right: Cause): Cause {
  const order =
    left.depth - right.depth ||
    left.startsAt - right.startsAt ||
    (left.fingerprint < right.fingerprint ? -1 : 1);
  const [first, second] = order <= 0 ? [left, right] : [right, left];
  if (first.why === 'parent') return first;
  const isUpstream = first.depth < second.depth || first.why === 'upstream' || second.why === 'upstream';
  return { ...first, why: isUpstream ? 'upstream' : 'first' };
}

function depthOf(
  service: string | undefined,
  rule: CorrelationRule,
  topology: TopologySettings | undefined,
): number {
  if (rule.hops === undefined || !topology) return 0;
  return service === undefined ? Number.MAX_SAFE_INTEGER : topologyOf(topology).dependenciesOf(service).size;
}
