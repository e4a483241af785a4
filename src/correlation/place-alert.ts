import { hash } from 'node:crypto';
import type { Alert } from '../model/alert.ts';
import type { CorrelationRule, Settings } from '../model/settings.ts';
import { conditionsOf, hasExpression, type Placeable, type Trouble } from './rule-conditions.ts';
import { topologyOf } from './topology.ts';

/** Where an alert is correlated: one rule, and one scope of it. */
export interface Place {
  readonly rule: CorrelationRule;
  /** Alerts of different scopes are never in one incident. One node owns a scope at a time. */
  readonly scopeId: string;
  /** It tells of a deployment or a change, and is no member of anything. */
  readonly isChange: boolean;
}

const NOWHERE: readonly Place[] = [];

/**
 * The scopes that have to hear of an alert. An alert belongs to the first rule that takes it; one that tells of a change is heard by every rule
 * that looks for changes. A rule whose expression fails on it does not take it; `troubles` gets why.
 */
export function placeAlert(
  alert: Placeable,
  { correlation, topology }: Pick<Settings, 'correlation' | 'topology'>,
  troubles?: Trouble[],
): readonly Place[] {
  if (!correlation) return NOWHERE;
  const place = (rule: CorrelationRule, isChange: boolean): Place => ({
    rule,
    scopeId: scopeIdOf(alert, rule, topology),
    isChange,
  });
  const explained = correlation.rules.filter((rule) => conditionsOf(rule).isChange(alert, troubles));
  if (explained.length > 0) return explained.map((rule) => place(rule, true));
  const taking = correlation.rules.find((rule) => conditionsOf(rule).takes(alert, troubles));
  return taking ? [place(taking, false)] : NOWHERE;
}

/** Whether an alert with the same labels as before has other scopes, because an expression looks at more than those. */
export function isPlacedElsewhere(
  before: Placeable,
  after: Placeable,
  settings: Pick<Settings, 'correlation' | 'topology'>,
): boolean {
  if (!settings.correlation?.rules.some(hasExpression)) return false;
  const scopesOf = (alert: Placeable): string =>
    placeAlert(alert, settings)
      .map(({ scopeId }) => scopeId)
      .join();
  return scopesOf(before) !== scopesOf(after);
}

/** The service of an alert, as far as the configuration names a label for it. */
export function serviceOf(labels: Alert['labels'], topology: Settings['topology']): string | undefined {
  return topology && (labels[topology.label] || undefined);
}

/** Services that don't hang together can't be a few dependencies apart, so they get scopes, and thereby owners, of their own. */
function scopeIdOf(
  { tenant, labels }: Pick<Alert, 'tenant' | 'labels'>,
  rule: CorrelationRule,
  topology: Settings['topology'],
): string {
  const values = rule.same.map((name) => labels[name] ?? '');
  const service = rule.hops === undefined ? undefined : serviceOf(labels, topology);
  const component = service === undefined || !topology ? '' : topologyOf(topology).componentOf(service);
  return hash('sha256', JSON.stringify([tenant, rule.id, values, component]), 'hex').slice(0, 24);
}
