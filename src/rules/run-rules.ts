import { isFault, isMissingField, type Budget, type Priority } from '@signalbox/sdk';
import type { Labels } from '../model/matcher.ts';
import { FAILED, type Made } from '../model/prepared.ts';
import type { Suppression } from '../model/suppression.ts';
import type { BoundFilter, CompiledRule } from './compile-rules.ts';
import type { Subject } from './subject.ts';

/** What all rules together may cost one alert, about 20 ms, and what one of them may. */
const STEPS_PER_ALERT = 200_000;
const STEPS_PER_RULE = 20_000;
/** A filter's reason is shown no longer than this. */
const MAX_REASON_CHARS = 500;

/** What the rules did, in the order in which they did it. */
export interface Ruled {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly priority?: Priority;
  /** By the first rule that holds. */
  readonly hold?: Suppression;
  /** One for each rule that matched or failed. */
  readonly decisions: readonly Made[];
  /** A rule said that no other is tried. */
  readonly isStopped: boolean;
}

/**
 * Tries rules in their order; each sees what those before it set. Pure. A rule that fails does not match, and a decision says why; one that only names a
 * field which is not there does not match, and nothing is wrong with that.
 */
export function runRules(rules: readonly CompiledRule[], subject: Subject): Ruled | undefined {
  let seen = subject;
  let priority: Priority | undefined;
  let hold: Suppression | undefined;
  let isStopped = false;
  let decisions: Made[] | undefined;
  let left = STEPS_PER_ALERT;
  const budget: Budget = { steps: 0 };
  for (const compiled of rules) {
    const { rule } = compiled;
    const given = Math.min(left, STEPS_PER_RULE);
    budget.steps = given;
    const found = tryRule(compiled, seen, budget);
    left -= given - budget.steps;
    if (found === undefined) continue;
    decisions ??= [];
    decisions.push({ stage: 'filter', rule: rule.id, outcome: found.outcome });
    if (!found.matched) continue;
    if (found.holds !== undefined)
      hold ??= { reason: compiled.isByScore ? 'low_score' : 'filtered', rule: rule.id, comment: found.holds };
    priority = rule.set.priority ?? priority;
    if (compiled.setsLabels || compiled.setsAnnotations || rule.set.priority) seen = change(seen, compiled);
    isStopped = rule.stop;
    if (isStopped) break;
  }
  if (decisions === undefined) return undefined;
  return {
    labels: seen.alert.labels,
    annotations: seen.alert.annotations,
    decisions,
    isStopped,
    ...(priority === undefined ? {} : { priority }),
    ...(hold === undefined ? {} : { hold }),
  };
}

interface Tried {
  readonly matched: boolean;
  readonly outcome: string;
  readonly holds?: string;
}

function tryRule(compiled: CompiledRule, subject: Subject, budget: Budget): Tried | undefined {
  try {
    if (!compiled.condition.test(subject, budget)) return undefined;
    const holds = holdsBy(compiled, subject);
    // A filter that lets an alert pass did nothing to it.
    if (compiled.filter && holds === undefined) return undefined;
    return { matched: true, outcome: describe(compiled, holds), ...(holds === undefined ? {} : { holds }) };
  } catch (error) {
    if (isMissingField(error)) return undefined;
    return { matched: false, outcome: FAILED + (isFault(error) ? error.message : String(error)) };
  }
}

function askFilter(filter: BoundFilter, { alert, integration }: Subject): string | undefined {
  const { labels, annotations, severity, status, fingerprint } = alert;
  const startsAt = alert.startsAt.toISOString();
  const verdict = filter({ labels, annotations, severity, status, startsAt, fingerprint, integration });
  // Connectors are code of others, and what they answer is looked at before it is believed.
  if (verdict === 'pass') return undefined;
  if (typeof verdict?.hold !== 'string') throw new TypeError('the filter answered neither pass nor hold');
  return verdict.hold.slice(0, MAX_REASON_CHARS);
}

const NOT_BY_SCORE = 'not held: what is critical in production no score holds';

/** A score never holds what is critical in production, or may be (requirements, C-20). */
function holdsBy({ rule, filter, isByScore }: CompiledRule, subject: Subject): string | undefined {
  const { alert, facts } = subject;
  if (isByScore && alert.priority === 'critical' && facts.isProduction !== false) return undefined;
  return filter ? askFilter(filter, subject) : rule.hold;
}

function describe({ rule, isByScore }: CompiledRule, holds: string | undefined): string {
  const { priority, labels, annotations } = rule.set;
  const done = [
    ...(isByScore && rule.hold !== undefined && holds === undefined ? [NOT_BY_SCORE] : []),
    ...(holds === undefined ? [] : [holds === '' ? 'held' : `held: ${holds}`]),
    ...(priority === undefined ? [] : [`priority ${priority}`]),
    ...Object.entries(labels).map(([name, value]) => describeChange('label', name, value)),
    ...Object.keys(annotations).map((name) => `annotation ${name}`),
    ...(rule.stop ? ['no further rules'] : []),
  ];
  return done.join(', ') || 'matched';
}

function describeChange(what: string, name: string, value: string): string {
  return value === '' ? `${what} ${name} removed` : `${what} ${name}=${value}`;
}

function change(subject: Subject, { rule, setsLabels, setsAnnotations }: CompiledRule): Subject {
  const { alert } = subject;
  return {
    ...subject,
    alert: {
      ...alert,
      labels: setsLabels ? merge(alert.labels, rule.set.labels) : alert.labels,
      annotations: setsAnnotations ? merge(alert.annotations, rule.set.annotations) : alert.annotations,
      severity: rule.set.labels.severity ?? alert.severity,
      priority: rule.set.priority ?? alert.priority,
    },
  };
}

function merge(texts: Labels, changes: Labels): Labels {
  return Object.fromEntries(Object.entries({ ...texts, ...changes }).filter(([, value]) => value !== ''));
}
