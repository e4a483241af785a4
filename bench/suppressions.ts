import type { Matcher } from '../src/model/matcher.ts';
import type { Silence } from '../src/model/silence.ts';
import { ENVIRONMENTS, TEAMS } from './mixed-labels.ts';

/** Rules that have the same service; an alert of it that is not critical is a target of all of them. */
const RULES_PER_SERVICE = 4;
const YEAR_MS = 365 * 86_400_000;

/** Alerts that stand as sources while it is measured, of a cluster of their own: they hold nothing. */
export function sourceLabels(count: number): readonly Readonly<Record<string, string>>[] {
  return Array.from({ length: count }, (_, index) => ({
    alertname: `Down${index % RULES_PER_SERVICE}`,
    service: `service-${index}`,
    severity: 'critical',
    cluster: 'elsewhere',
  }));
}

/** A section of the configuration as YAML; JSON is YAML. */
export function inhibitRulesSection(count: number): string {
  const rules = Array.from({ length: count }, (_, index) => {
    const service = `service="service-${Math.floor(index / RULES_PER_SERVICE)}"`;
    return {
      name: `rule-${index}`,
      source_matchers: [service, `alertname="Down${index % RULES_PER_SERVICE}"`],
      target_matchers: [service, 'severity=~"warning|info"'],
      equal: ['cluster', 'namespace'],
    };
  });
  return `inhibit_rules: ${JSON.stringify(rules)}\n`;
}

/** Of 100 silences 99 name a value, as those do that people make of an alert in front of them; a third also has a pattern. None holds an alert of the load. */
export function mixedMatchers(index: number): Silence['matchers'] {
  const kind = index % 100;
  const team = `team-${index % TEAMS}`;
  if (kind < 60) return [is('alertname', 'HighLatency'), is('instance', `other-${index}`)];
  if (kind < 90) return [is('team', team), like('instance', `other-${index}-.*`)];
  if (kind < 99) {
    const namespace = `${team}-${ENVIRONMENTS[index % ENVIRONMENTS.length]}`;
    return [is('namespace', namespace), like('service', `cart-${index}|pay-${index}`)];
  }
  return [like('instance', `(?:db|web)-${index}-[0-9]+`)];
}

/** Nothing to file a silence under: the worst that people can write. */
export function patternMatchers(index: number): Silence['matchers'] {
  return [like('instance', `(?:db|web)-${index}-[0-9]+`)];
}

/** As the store has them. */
export function silences(
  count: number,
  matchersOf: (index: number) => Silence['matchers'],
  now: number,
): readonly Silence[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `silence-${index}`,
    tenant: 'default',
    kind: 'silence',
    matchers: matchersOf(index),
    startsAt: now,
    endsAt: now + YEAR_MS,
    createdBy: 'bench',
    comment: 'holds nothing that fires',
    annotations: {},
    updatedAt: now,
  }));
}

function is(name: string, value: string): Pick<Matcher, 'name' | 'op' | 'value'> {
  return { name, op: '=', value };
}

function like(name: string, value: string): Pick<Matcher, 'name' | 'op' | 'value'> {
  return { name, op: '=~', value };
}
