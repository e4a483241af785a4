import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENVIRONMENTS, SERVICES, TEAMS } from './mixed-labels.ts';

const OWNERS = 'owners.csv';

/**
 * A configuration that uses every stage: 100 rules, 20 patterns of classification beside the built-in rules, 10 inhibition rules, 20 policies of
 * priority, and a table that is asked about each namespace. Nothing of it holds an alert, so that as much is told as without it.
 *
 * @param folder where the table is put
 * @returns sections of a configuration as YAML
 */
export function fullPipeline(folder: string): { readonly sections: string; readonly integrations: string } {
  const file = join(folder, OWNERS);
  writeFileSync(file, ownerTable());
  const sections = {
    rules: rules(),
    classification: {
      rule_set: { rules: patterns() },
      write_labels: { environment: 'environment' },
    },
    inhibit_rules: inhibitRules(),
    enrichment: [{ id: 'owners', integration: 'owners', as: 'owner', ttl: '1h' }],
    priority: { policies: policies() },
  };
  const owners = { connector: 'table', config: { file, match: { namespace: 'namespace' } } };
  return { sections: asYaml(sections), integrations: `  owners: ${JSON.stringify(owners)}\n` };
}

/** JSON is YAML. */
function asYaml(sections: Readonly<Record<string, unknown>>): string {
  return Object.entries(sections)
    .map(([name, section]) => `${name}: ${JSON.stringify(section)}\n`)
    .join('');
}

/** Two match a mean alert; the others are tried and do not hold, as in real life. */
function rules(): readonly object[] {
  const team = (index: number): string => `team-${index % TEAMS}`;
  const service = (index: number): string => `service-${index % SERVICES}`;
  return [
    // Matchers.
    ...many(40, (index) => ({
      matchers: [`team="${team(index)}"`, 'severity=~"critical|warning"'],
      set: { labels: { tier: String(index % 3) } },
    })),
    // CEL that only compares texts.
    ...many(25, (index) => ({
      when: `alert.labels.service == "${service(index)}" && alert.labels.cluster.startsWith("cluster-")`,
      set: { annotations: { runbook_url: `https://runbooks.example/${service(index)}` } },
    })),
    // CEL that reads what classification found out.
    ...many(15, (index) => ({
      when: `facts.environment == "development" && alert.labels.team == "${team(index)}"`,
      set: { labels: { urgency: 'low' } },
    })),
    // CEL that has to be evaluated, for a few alerts.
    ...many(10, (index) => ({
      when: `alert.labels.team == "${team(index)}" && size(alert.annotations.summary) > 10`,
      set: { labels: { told: 'well' } },
    })),
    // And for every alert.
    ...many(5, (index) => ({
      when: `alert.labels.instance.re("^[0-9]*${index}$") && now - alert.startsAt > duration("1m")`,
      set: { labels: { shard: String(index) } },
    })),
    // After enrichment and priority.
    ...many(5, (index) => ({
      when: `facts.context.owner.tier == "${index}" && facts.criticality == "tier-1"`,
      set: { priority: 'critical' },
    })),
  ].map((rule, index) => ({ id: `rule-of-bench-${index}`, ...rule }));
}

function patterns(): readonly object[] {
  return many(20, (index) => ({
    id: `pattern-${index}`,
    on: ['name'],
    pattern: `^team-${index}-(?:[a-z]+-)*(?:d|dev)[0-9]?$`,
    says: 'development',
  }));
}

/** Alerts are targets, and sources, of one; they differ in `instance`, so none is held. */
function inhibitRules(): readonly object[] {
  return many(10, (index) => ({
    name: `inhibition-${index}`,
    source_matchers: ['severity="critical"', `team=~"team-${index}|team-${index + 10}"`],
    target_matchers: ['severity=~"warning|info"', `team=~"team-${index}|team-${index + 10}"`],
    equal: ['instance', 'cluster'],
  }));
}

function policies(): readonly object[] {
  return [
    ...many(12, (index) => ({
      id: `service-${index}`,
      environments: ['production'],
      matchers: [`service="service-${index}"`],
      set: { criticality: 'tier-1' },
    })),
    ...many(5, (index) => ({
      id: `expression-${index}`,
      when: `alert.labels.team == "team-${index}" && alert.severity != "info"`,
      set: { business_unit: `unit-${index}` },
    })),
    { id: 'pattern', matchers: ['service=~"service-3.*"'], set: { compliance: 'pci-dss' } },
    { id: 'production', environments: ['production'], set: { criticality: 'tier-2' } },
    { id: 'the-rest', set: { criticality: 'tier-4' } },
  ];
}

function ownerTable(): string {
  const rows = many(TEAMS, (team) =>
    ENVIRONMENTS.map((environment) => `team-${team}-${environment},Team ${team},${team % 5},${4_700 + team}`),
  );
  return ['namespace,owner,tier,cost_center', ...rows.flat(), ''].join('\n');
}

function many<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
