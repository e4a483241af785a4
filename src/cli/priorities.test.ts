import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runCli, temporaryFolder } from './testing/run-cli.ts';

const ROOT = new URL('../../', import.meta.url);
const CONFIG = `integrations:
  prom: { connector: alertmanager, auth: { bearer: token-for-tests } }
  out: { connector: console }
receivers: { all: [{ integration: out }] }
routes: { receiver: all }
priority:
  policies:
    - { id: production-first, environments: production, set: { priority: critical } }
    - { id: idle, matchers: team="nobody", set: { criticality: tier-9 } }
`;

test('[BR-QUAL-004] priorities tries policies on alerts with known answers and prints the agreement', async (t) => {
  const folder = await temporaryFolder(t);
  const file = fileURLToPath(new URL('test/corpus/priorities/holdout.csv', ROOT));
  const config = fileURLToPath(new URL('examples/business-priority.yaml', ROOT));
  const args = ['priorities', file, '--config', config];
  const { code, stdout } = await runCli(args, { folder, env: { PROM_TOKEN: 'token' } });
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^agreement +\d+\.\d\d % \(\d+ of 55\)$/m);
  assert.match(stdout, /^compliance +55 +\d+\.\d\d %$/m);
});

test('priorities fails when fewer agree than asked for, and names the line, the answer and the policy', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'signalbox.yaml'), CONFIG);
  const rows = ['labels,environment,at,priority,criticality'];
  rows.push(
    'severity=info,production,2026-01-05T10:00:00Z,info,-',
    'severity=info,staging,2026-01-05T10:00:00Z,info,',
  );
  await writeFile(join(folder, 'sla.csv'), `${rows.join('\n')}\n`);
  const { code, stdout } = await runCli(['priorities', 'sla.csv'], { folder });
  assert.equal(code, 1);
  assert.match(stdout, /line 2: priority is info, set to critical by production-first/);
  assert.match(stdout, /^Policies that set nothing: idle$/m);
  const enough = await runCli(['priorities', 'sla.csv', '--min-agreement', '0.5', '--json'], { folder });
  assert.equal(enough.code, 0);
  const { agreement, misses } = JSON.parse(enough.stdout) as { agreement: number; misses: unknown[] };
  assert.equal(agreement, 0.5);
  assert.deepEqual(misses, [
    { line: 2, answer: 'priority', expected: 'info', actual: 'critical', policy: 'production-first' },
  ]);
});

test('a wrong table and a configuration without policies are refused', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'signalbox.yaml'), CONFIG);
  await writeFile(
    join(folder, 'sla.csv'),
    'labels,at,priority\nteam=x,yesterday,info\nteam=x,2026-01-05T10:00:00Z,loud\n',
  );
  const { code, stderr } = await runCli(['priorities', 'sla.csv'], { folder });
  assert.equal(code, 2);
  assert.match(stderr, /^sla\.csv:2:8: expected a time such as/m);
  assert.match(stderr, /^sla\.csv:3:29: expected critical, warning, info or nothing/m);
  await writeFile(join(folder, 'signalbox.yaml'), CONFIG.slice(0, CONFIG.indexOf('priority:')));
  const none = await runCli(['priorities', 'sla.csv'], { folder });
  assert.equal(none.code, 2);
  assert.match(none.stderr, /the configuration has no policies/);
});
