import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Comparison } from '../../src/cli/compare-configurations.ts';
import { runCli } from '../../src/cli/testing/run-cli.ts';
import { startHub } from '../harness.ts';
import { alertmanagerBody, found, processed } from './told.ts';

/** An organization of twelve units with four teams each; every team runs two applications in four environments. */
const UNITS: Readonly<Record<string, readonly string[]>> = {
  retail: ['basket', 'checkout', 'loyalty', 'shelf'],
  online: ['storefront', 'search', 'recommendation', 'wishlist'],
  banking: ['ledger', 'cards', 'loans', 'deposits'],
  insurance: ['claims', 'underwriting', 'brokers', 'policies'],
  logistics: ['courier', 'warehouse', 'customs', 'returns'],
  marketing: ['campaigns', 'newsletter', 'brand', 'surveys'],
  people: ['payroll', 'recruiting', 'learning', 'travel'],
  industry: ['robots', 'assembly', 'paint', 'spares'],
  energy: ['meters', 'grid', 'solar', 'billing'],
  media: ['video', 'audio', 'news', 'archive'],
  health: ['patients', 'pharmacy', 'imaging', 'labs'],
  legal: ['contracts', 'patents', 'privacy', 'disputes'],
};
const APPS = ['api', 'worker'];
const ENVIRONMENTS = { prod: 'production', stg: 'staging', dev: 'development', qa: 'testing' } as const;
const CRITICAL = ['checkout', 'basket', 'ledger'];

/** Two units become one, another is called otherwise, three teams are, and one team moves. */
const UNIT_NOW: Readonly<Record<string, string>> = {
  retail: 'commerce',
  online: 'commerce',
  banking: 'finance',
};
const TEAM_NOW: Readonly<Record<string, string>> = {
  basket: 'cart',
  ledger: 'accounting',
  courier: 'parcels',
};
const MOVED = { team: 'loyalty', to: 'marketing' };
const MAX_LINES = 10;

interface Expected {
  readonly namespace: string;
  readonly label: string;
  readonly outcomes: Readonly<Record<string, string>>;
}

/** Every namespace after the reorganization, and what is right for it then; half of the renamed teams' workloads have the new label. */
function expected(): readonly Expected[] {
  return Object.entries(UNITS).flatMap(([unit, teams]) =>
    teams.flatMap((team) =>
      APPS.flatMap((app, index) =>
        Object.entries(ENVIRONMENTS).map(([word, environment]) => {
          const owner = TEAM_NOW[team] ?? team;
          const now = team === MOVED.team ? MOVED.to : (UNIT_NOW[unit] ?? unit);
          return {
            namespace: `${team}-${app}-${word}`,
            label: index === 0 ? owner : team,
            outcomes: {
              environment,
              owner,
              tenant: now,
              business_unit: now,
              criticality: CRITICAL.includes(team) && environment === 'production' ? 'tier-1' : 'tier-3',
            },
          };
        }),
      ),
    ),
  );
}

function configuration(units: typeof UNITS, more = ''): string {
  const tenants = Object.entries(units).map(
    ([unit, teams]) =>
      `      - { id: ${unit}, on: [label], keys: [team], words: [${teams.join(', ')}], tenant: ${unit}, business_unit: ${unit} }`,
  );
  const policies = CRITICAL.map(
    (team) =>
      `    - { id: ${team}, matchers: 'team="${team}"', environments: production, set: { criticality: tier-1 } }`,
  );
  return `integrations:
  prom: { connector: alertmanager }
receivers: { nobody: [] }
routes: { receiver: nobody }
classification:
  rule_set:
    tenants:
${tenants.join('\n')}
priority:
  policies:
${policies.join('\n')}
    - { id: rest, set: { criticality: tier-3 } }
${more}`;
}

function reorganized(): string {
  const from = Object.keys(UNITS).find((unit) => UNITS[unit]!.includes(MOVED.team))!;
  const units = {
    ...UNITS,
    [from]: UNITS[from]!.filter((team) => team !== MOVED.team),
    [MOVED.to]: [...UNITS[MOVED.to]!, MOVED.team],
  };
  const aliases = Object.entries({ ...UNIT_NOW, ...TEAM_NOW }).map(([was, is]) => `    ${was}: ${is}`);
  return configuration(units, `directory:\n  aliases:\n${aliases.join('\n')}\n`);
}

test('[BR-QUAL-015] a reorganization of units and teams takes few lines: every environment stays, every owner and tenant is the new one', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-reorganization-'));
  t.after(() => rm(folder, { recursive: true }));
  const right = expected();
  assert.ok(right.length >= 300, `${right.length} namespaces`);
  const table = ['name,labels', ...right.map(({ namespace, label }) => `${namespace},team=${label}`)];
  await writeFile(join(folder, 'namespaces.csv'), table.join('\n'));
  await writeFile(join(folder, 'current.yaml'), configuration(UNITS));
  await writeFile(join(folder, 'next.yaml'), reorganized());

  const compare = [
    'classify',
    '--config',
    'current.yaml',
    '--compare',
    'next.yaml',
    '--namespaces',
    'namespaces.csv',
  ];
  const { code, stdout, stderr } = await runCli([...compare, '--json'], { folder });
  assert.equal(code, 0, stderr);
  const { compared, changes, lines } = JSON.parse(stdout) as Comparison;
  assert.deepEqual(
    compared.map(({ namespace, after }) => [namespace, after]),
    right.map(({ namespace, outcomes }) => [namespace, outcomes]),
  );
  assert.equal(changes.environment, 0, 'no environment is another one');
  assert.ok(changes.tenant >= 64 && changes.owner > 0, JSON.stringify(changes));
  // Without the aliases whoever has a new label would be nobody's.
  assert.ok(compared.some(({ before }) => before.tenant === undefined));
  t.diagnostic(`${right.length} namespaces, ${lines.changed} changed lines, ${JSON.stringify(changes)}`);
  assert.ok(lines.changed <= MAX_LINES, `${lines.changed} changed lines`);

  const shown = await runCli(compare, { folder });
  assert.match(shown.stdout, new RegExp(`^${lines.changed} lines of configuration differ`, 'm'));
  const checked = await runCli(['check', 'next.yaml'], { folder });
  assert.match(
    checked.stdout,
    /next\.yaml:8:\d+: warning: "retail" is called "commerce" now, by directory\.aliases/,
  );
});

test('[BR-QUAL-015] rules that name a team by its old name hold for alerts with the old label and with the new one', async () => {
  await using hub = await startHub({ yaml: reorganized() });
  for (const team of ['ledger', 'accounting']) {
    const name = `Late-${team}`;
    const labels = { team, namespace: 'ledger-api-prod' };
    await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name, labels })));
    const alert = await found(hub, 'alerts', (each) => each.labels.alertname === name);
    assert.deepEqual([alert.facts.criticality, alert.facts.business_unit], ['tier-1', 'finance'], team);
  }
});
