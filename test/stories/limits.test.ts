import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCli } from '../../src/cli/testing/run-cli.ts';
import { startHub, until, type Hub } from '../harness.ts';
import { found } from './told.ts';

type Labels = Readonly<Record<string, string>>;

const YAML = `
integrations:
  prom: { connector: alertmanager }
receivers: { ops: [] }
routes: { receiver: ops }
priority:
  policies:
    - { id: checkout, matchers: 'app="checkout"', environments: production, set: { criticality: tier-1 } }
    - { id: rest, set: { criticality: tier-3 } }
approvals: { deadline: 2h, on_expiry: approve }
namespace_limits:
  - { id: core, criticalities: tier-1, limits: { cpu: 64 } }
  - { id: dev, environments: [development, testing], limits: { cpu: 4, memory: 8Gi } }
  - { id: all, limits: { cpu: 16 } }
`;
const HOUR = 3_600_000;

/** Tells of a namespace, and waits until it is on record. */
async function present(hub: Hub, namespace: string, labels: Labels, cluster = 'eu-1'): Promise<void> {
  await hub.post('/api/v1/namespaces/events', { event: 'present', cluster, namespace, labels });
  await found(hub, `namespaces?cluster=${cluster}&namespace=${namespace}`);
}

async function limitsFor(hub: Hub, name: string): Promise<Record<string, string>> {
  const { json } = await hub.get(`/api/v1/namespaces/${name}/limits`);
  const limits = json.limits as readonly { resource: string; limit: string; rule: string }[];
  return Object.fromEntries(limits.map(({ resource, limit, rule }) => [resource, `${limit} by ${rule}`]));
}

test('[BR-AP-027] limits follow what a namespace is to the business, and name the rule and where it stands', async () => {
  await using hub = await startHub({ yaml: YAML });
  await present(hub, 'pay', { app: 'checkout', env: 'prod' });
  await present(hub, 'blog', { env: 'prod' });
  await present(hub, 'pay-dev', { app: 'checkout', env: 'dev' });
  assert.deepEqual(await limitsFor(hub, 'pay'), { cpu: '64 by core' });
  assert.deepEqual(await limitsFor(hub, 'blog'), { cpu: '16 by all' });
  assert.deepEqual(await limitsFor(hub, 'pay-dev'), { cpu: '4 by dev', memory: '8Gi by dev' });

  const { json } = await hub.post('/api/v1/namespaces/pay-dev/limits/check', {
    asked: { cpu: '4500m', memory: '8Gi', pods: '10' },
  });
  assert.equal(json.outcome, 'needs_approval');
  assert.deepEqual(
    json.breaches.map((one: Record<string, string>) => [one.resource, one.limit, one.rule]),
    [['cpu', '4', 'dev']],
  );
  assert.match(json.breaches[0].place, /signalbox\.yaml:13:5$/);
  assert.deepEqual([json.unlimited, json.approval], [['pods'], undefined]);
  assert.equal((await hub.get('/api/v1/approvals')).json.items.length, 0, 'nobody was asked');

  const later = await hub.get('/api/v1/namespaces/shop-test/limits');
  assert.deepEqual([later.json.known, later.json.environment], [false, 'testing'], 'by its name alone');
  await present(hub, 'blog', { env: 'prod' }, 'us-1');
  assert.equal((await hub.get('/api/v1/namespaces/blog/limits')).status, 400, 'which of the two?');
  assert.equal((await hub.get('/api/v1/namespaces/blog/limits?cluster=us-1')).status, 200);
});

test('[BR-AP-027] a breach becomes one question, whose outcome whoever asks again sees; nobody’s answer is a no', async () => {
  await using hub = await startHub({ yaml: YAML });
  await present(hub, 'pay-dev', { env: 'dev' });
  const ask = async (cpu: string, by = 'ada') =>
    (
      await hub.post('/api/v1/namespaces/pay-dev/limits/check', {
        asked: { cpu },
        request_approval: true,
        by,
      })
    ).json;

  assert.equal((await ask('4')).approval, undefined, 'what is within its limits needs no question');
  const { approval } = await ask('4500m');
  assert.match(approval.question, /^May pay-dev of eu-1 have 4500m of cpu\? .*dev allows 4\.$/);
  assert.equal((await ask('4500m', 'leo')).approval.id, approval.id, 'the same question is asked once');
  assert.equal((await hub.post(`/api/v1/approvals/${approval.id}/approve`, { by: 'ada' })).status, 409);
  const answered = await hub.post(`/api/v1/approvals/${approval.id}/approve`, { by: 'grace' });
  assert.deepEqual(
    [answered.json.execution.state, answered.json.execution.detail],
    ['done', 'pay-dev of eu-1 may have 4500m of cpu'],
  );
  const again = await hub.post('/api/v1/namespaces/pay-dev/limits/check', { asked: { cpu: '4500m' } });
  assert.deepEqual([again.json.outcome, again.json.approval.state], ['needs_approval', 'approved']);

  const other = (await ask('5')).approval;
  await hub.forward(2 * HOUR);
  const expired = await until('its time is over', async () => {
    const { json } = await hub.get(`/api/v1/approvals/${other.id}`);
    return json.state !== 'pending' && json;
  });
  assert.deepEqual([expired.state, expired.on_expiry, expired.execution], ['expired', 'reject', undefined]);
});

test('[BR-AP-027] the command line shows limits and asks', async () => {
  await using hub = await startHub({ yaml: YAML });
  await present(hub, 'pay-dev', { env: 'dev' });
  const run = (...args: string[]) =>
    runCli(['namespaces', 'limits', 'pay-dev', ...args, '--url', hub.url], { folder: hub.folder });
  const shown = await run();
  assert.match(shown.stdout, /^cpu +4 +dev +.*signalbox\.yaml:13:5/m, shown.stderr);
  assert.equal((await run('--ask', 'cpu=4')).code, 0);
  const above = await run('--ask', 'cpu=4500m', '--request-approval', '--by', 'ada');
  assert.equal(above.code, 1);
  assert.match(above.stdout, /dev allows 4 .*\nApproval a_\w+ is pending\./);
});
