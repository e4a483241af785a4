import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCli } from '../../src/cli/testing/run-cli.ts';
import { FORMER_NAMES, startFakeScim, type FakeScim } from '../fakes/scim.ts';
import { startHub, until, type Hub } from '../harness.ts';

function yaml({ url }: FakeScim): string {
  return `integrations:
  prom: { connector: alertmanager }
  people: { connector: scim, config: { base_url: "${url}", former_names_attribute: "${FORMER_NAMES}" } }
directory: { integration: people, refresh: 6h }
receivers: { ops: [] }
routes:
  receiver: ops
  routes:
    - { matchers: 'team="payments"', receiver: ops }
    - { matchers: 'team=~"risk|fraud"', receiver: ops, labels: { owner: leo } }
classification:
  rule_set:
    tenants: [{ id: shop, on: [name], words: [shop], tenant: Shop, business_unit: Retail }]
priority:
  cost_centers: { '4130': {}, '9999': {} }
  policies: [{ id: x, matchers: 'a="b"', set: { cost_center: '9999' } }, { id: pay, set: { cost_center: '4130', business_unit: retail } }]
approvals: { roles: { lead: [kim] } }
`;
}

async function startDirectory(): Promise<FakeScim & AsyncDisposable> {
  const scim = await startFakeScim();
  scim.groups = [
    { id: 'g1', displayName: 'commerce-payments', formerNames: ['payments'] },
    { id: 'g2', displayName: 'risk' },
    { id: 'g3', displayName: 'Shop' },
  ];
  scim.users = [
    { id: 'u1', userName: 'kim', department: 'Retail', costCenter: '4130' },
    { id: 'u2', userName: 'leo', active: false },
  ];
  return Object.assign(scim, { [Symbol.asyncDispose]: () => scim.close() });
}

const directoryOf = async (hub: Hub) => (await hub.get('/api/v1/classification/directory')).json;
const brief = (findings: readonly Record<string, unknown>[]) =>
  findings.map(({ line, column, verdict, name, to }) => [
    `${String(line)}:${String(column)}`,
    verdict,
    name,
    to,
  ]);

const FOUND = [
  ['9:19', 'renamed', 'payments', 'commerce-payments'],
  ['10:19', 'unknown', 'fraud', undefined],
  ['10:73', 'inactive', 'leo', undefined],
  ['15:31', 'unknown', '9999', undefined],
  ['16:62', 'unknown', '9999', undefined],
];

test('[BR-QUAL-011] [BR-AP-030] every name of the configuration is looked up in the directory, in the background and with its place', async () => {
  await using scim = await startDirectory();
  await using hub = await startHub({ yaml: yaml(scim) });
  const read = await until('the directory was read', async () => {
    const json = await directoryOf(hub);
    return json.state === 'read' && json;
  });
  assert.deepEqual([read.entries, read.not_listed], [7, []]);
  assert.deepEqual(brief(read.findings), FOUND);
  assert.match(read.findings[0].advice, /Write "commerce-payments" here/);

  const { json } = await hub.get('/readyz?verbose');
  const part = json.parts.find((one: { part: string }) => one.part === 'directory');
  assert.match(part.detail, /^7 entries, read \d+ s ago; 5 names of the configuration to look at$/);

  // A directory that is down changes no verdict, is named with its age, and holds nobody up.
  scim.status = 503;
  await hub.forward(6 * 3_600_000);
  const failed = await until('the failure is shown', async () => {
    const now = await directoryOf(hub);
    return now.state === 'failed' && now;
  });
  assert.ok(failed.age_seconds >= 6 * 3_600, 'its age');
  assert.equal(failed.findings.length, 5);
  const ready = await hub.get('/readyz?verbose');
  assert.equal(ready.status, 200, 'and the hub is ready');
});

test('[BR-QUAL-011] check and classify look names up from the command line, and fail where something is to be done', async () => {
  await using scim = await startDirectory();
  await using hub = await startHub({ yaml: yaml(scim) });
  const checked = await runCli(['check', 'signalbox.yaml', '--directory', '--strict'], {
    folder: hub.folder,
  });
  assert.equal(checked.code, 2, checked.stderr);
  assert.match(
    checked.stdout,
    /^signalbox\.yaml:9:19: warning: the team "payments" is called "commerce-payments" now/m,
  );
  const plain = await runCli(['check', 'signalbox.yaml'], { folder: hub.folder });
  assert.doesNotMatch(plain.stdout, /commerce-payments/, 'without it nobody is asked');
  const classified = await runCli(['classify', '--directory', 'people', '--config', 'signalbox.yaml'], {
    folder: hub.folder,
  });
  assert.equal(classified.code, 1, classified.stderr);
  assert.match(
    classified.stdout,
    /signalbox\.yaml:10:73: the owner "leo" is no longer active\. Name who took over/,
  );
  assert.match(classified.stdout, /^12 names compared, 5 to look at\.$/m);
});
