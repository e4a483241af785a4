import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCli } from '../../src/cli/testing/run-cli.ts';
import { namespace } from '../fakes/kubernetes-objects.ts';
import { startFakeKubernetes } from '../fakes/kubernetes.ts';
import { startHub, until, type Hub } from '../harness.ts';
import { alertmanagerBody, processed } from './told.ts';

interface Entry {
  readonly namespace: string;
  readonly kind: string;
  readonly from?: string;
  readonly to?: string;
  readonly by: string;
  readonly sequence: number;
  readonly unapproved: boolean;
}

/** The entries, oldest first, as soon as there are so many. */
async function recorded(hub: Hub, count: number, query = ''): Promise<readonly Entry[]> {
  return until(`${count} entries`, async () => {
    const { json } = await hub.get(`/api/v1/namespaces/history${query}`);
    const items = json.items as readonly Entry[];
    return items.length >= count && items.toReversed();
  });
}

const told = (entries: readonly Entry[]) =>
  entries.map(({ namespace: name, kind, from = '', to = '' }) => `${name} ${kind} ${from}→${to}`);

test('[BR-AP-029] [BR-QUAL-018] what happens to the namespaces of a cluster is recorded without a gap, also while the hub is down', async (t) => {
  const cluster = await startFakeKubernetes();
  t.after(cluster.close);
  const watched = `
integrations:
  eu-1: { connector: kubernetes, config: { cluster: eu-1, kubeconfig: '${cluster.kubeconfig}', kinds: [Namespace] } }
receivers: { ops: [] }
routes: { receiver: ops }
`;
  cluster.put('namespaces', namespace('shop', { env: 'staging' }));
  cluster.put('namespaces', namespace('cart', { env: 'dev' }));
  await using hub = await startHub({ yaml: watched });
  await recorded(hub, 2);
  cluster.put('namespaces', namespace('shop', { env: 'production' }));
  await recorded(hub, 3);

  await hub.stop();
  cluster.put('namespaces', namespace('blog', { env: 'test' }));
  cluster.remove('namespaces', '', 'cart');
  await hub.restart();

  const entries = await recorded(hub, 5);
  assert.deepEqual(told(entries).toSorted(), [
    'blog created →testing',
    'cart created →development',
    'cart deleted development→',
    'shop created →staging',
    'shop labelled staging→production',
  ]);
  for (const [name, own] of Map.groupBy(entries, (entry) => entry.namespace))
    assert.deepEqual(
      own.map(({ sequence }) => sequence),
      own.map((_, index) => index + 1),
      name,
    );
  const unapproved = await recorded(hub, 1, '?unapproved=true');
  assert.deepEqual(told(unapproved), ['shop labelled staging→production']);
  assert.equal(unapproved[0]?.by, 'eu-1');

  const { json } = await hub.get('/api/v1/namespaces?environment=production&state=active');
  assert.deepEqual(
    json.items.map((item: Entry) => item.namespace),
    ['shop'],
  );
  const listed = await runCli(['namespaces', '--url', hub.url, '--state', 'deleted'], { folder: hub.folder });
  assert.match(listed.stdout, /^eu-1 +cart +development +deleted/m, listed.stderr);
  const history = await runCli(['namespaces', 'history', 'cart', '--url', hub.url, '--json'], {
    folder: hub.folder,
  });
  assert.deepEqual(told((JSON.parse(history.stdout) as { items: Entry[] }).items), [
    'cart deleted development→',
    'cart created →development',
  ]);
});

const classified = `
integrations: { prom: { connector: alertmanager } }
classification: {}
receivers: { ops: [] }
routes: { receiver: ops }
`;

test('[BR-AP-029] a namespace that only alerts tell of is recorded with its environment, once, and again when it changes', async () => {
  await using hub = await startHub({ yaml: classified });
  const fire = async (name: string, labels: Readonly<Record<string, string>>) =>
    processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name, labels })));
  await fire('A', { namespace: 'shop', cluster: 'eu-1', env: 'staging' });
  await recorded(hub, 1);
  await fire('B', { namespace: 'shop', cluster: 'eu-1', env: 'staging' });
  await fire('C', { namespace: 'shop', cluster: 'eu-1', env: 'production' });
  await recorded(hub, 2);
  await fire('D', { alertname: 'D', instance: 'db-1' });
  await fire('E', { namespace: 'cart', cluster: 'eu-1', env: 'qa' });
  const entries = await recorded(hub, 3);
  assert.deepEqual(told(entries), [
    'shop classified →staging',
    'shop classified staging→production',
    'cart classified →testing',
  ]);
  assert.equal(entries[1]?.unapproved, true);
});

test('[BR-AP-029] tools record what they do to namespaces over the API; a promotion is no breach, and what can’t be is recorded as refused', async () => {
  await using hub = await startHub({ yaml: classified });
  const say = async (event: object) => {
    const answer = await hub.post('/api/v1/namespaces/events', {
      cluster: 'eu-1',
      namespace: 'shop',
      by: 'terraform',
      ...event,
    });
    assert.equal(answer.status, 200, answer.text);
  };
  await say({ event: 'present', labels: { env: 'staging' } });
  await say({ event: 'present', labels: { env: 'staging' } });
  await say({ event: 'promoted', environment: 'production', promotion: 'CHG-7' });
  await say({ event: 'deleted' });
  await say({ event: 'promoted', environment: 'testing', promotion: 'CHG-8' });
  const entries = (await recorded(hub, 4)) as readonly (Entry & { refused?: string; promotion?: string })[];
  assert.deepEqual(told(entries), [
    'shop created →staging',
    'shop promoted staging→production',
    'shop deleted production→',
    'shop promoted →',
  ]);
  assert.deepEqual(
    entries.map(({ promotion, refused, unapproved, by }) => [promotion, refused, unapproved, by]),
    [
      [undefined, undefined, false, 'terraform'],
      ['CHG-7', undefined, false, 'terraform'],
      [undefined, undefined, false, 'terraform'],
      ['CHG-8', 'the namespace is deleted', false, 'terraform'],
    ],
  );
  const wrong = await hub.post('/api/v1/namespaces/events', {
    event: 'renamed',
    cluster: 'a',
    namespace: 'b',
  });
  assert.equal(wrong.status, 422);
});

test('[BR-AP-029] a CloudEvent of the type for namespaces comes in like any signal: durable, with a receipt, or refused with its field', async () => {
  await using hub = await startHub({
    yaml: classified.replace('{ prom: { connector: alertmanager } }', '{ ce: { connector: cloudevents } }'),
  });
  const eventOf = (data: object, type = 'signalbox.namespace.v1') => ({
    specversion: '1.0',
    id: JSON.stringify(data),
    source: '/provisioning',
    type,
    data,
  });
  const shop = { cluster: 'eu-1', namespace: 'shop' };
  const batch = [
    eventOf({ ...shop, what: 'present', labels: { env: 'staging' } }),
    eventOf({ title: 'a job failed' }, 'org.example.failed'),
  ];
  const receipt = await processed(hub, await hub.send('/hooks/ce', batch));
  assert.equal(receipt.alerts.length, 1);
  await processed(hub, await hub.send('/hooks/ce', eventOf({ ...shop, what: 'deleted' })));
  const entries = await recorded(hub, 2);
  assert.deepEqual(told(entries), ['shop created →staging', 'shop deleted staging→']);
  assert.equal(entries[0]?.by, 'ce');

  const wrong = await hub.send('/hooks/ce', eventOf({ ...shop, what: 'renamed' }));
  assert.equal(wrong.status, 422);
  assert.equal(wrong.json.field, '[0].data.what');
});
