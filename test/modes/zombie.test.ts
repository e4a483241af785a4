import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { metricOf, until } from '../harness.ts';
import { alertmanagerBody } from '../stories/told.ts';
import { listOf, readOwners, startNode, untilShared, type Node } from './node.ts';
import { withoutKafka } from './with-servers.ts';

/** Whoever took over may find it half-sent, and sends it again; a refusal would hand it to `mail`. */
const yaml = (sinkUrl: string, thread = 'auto', more = '') => `
server: { delivery_thread: ${thread} }
integrations:
  prom: { connector: alertmanager }
  pager:
    connector: webhook
    config: { url: "${sinkUrl}/pager" }
    ${more}
    fallback: mail
    timeout: 60s
  mail: { connector: webhook, config: { url: "${sinkUrl}/mail" } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 100d }
`;

const lateResultsOf = (node: Node): Promise<number> =>
  metricOf(node, 'signalbox_delivery_late_results_total{integration="pager"}');

await withoutKafka('a node that was stopped and comes back', (open) => {
  test('[BR-REL-002] [BR-REL-013] the answer that it then gets to what another node has sent meanwhile changes nothing', async (t) => {
    const refusal = Promise.withResolvers<{ status: number }>();
    let sends = 0;
    await using sink = await startSink({
      answer: ({ path }) => (path === '/pager' && ++sends === 1 ? refusal.promise : undefined),
    });
    const place = await open(t);
    await using a = await startNode(place, { name: 'a', yaml: yaml(sink.url) });
    await using b = await startNode(place, { name: 'b', yaml: yaml(sink.url) });
    await untilShared(place, [a, b]);
    const owner = (await readOwners(place)).get('integration/pager');
    assert.ok(owner === 'a' || owner === 'b');
    const [zombie, other] = owner === 'a' ? [a, b] : [b, a];

    await zombie.post('/hooks/prom', alertmanagerBody({ name: 'Disk' }));
    await sink.received(1);
    zombie.program.child.kill('SIGSTOP');
    await sink.received(2);
    const delivered = await until('the other node has delivered it', async () =>
      (await listOf(other, 'deliveries?status=delivered')).at(0),
    );
    refusal.resolve({ status: 400 });
    zombie.program.child.kill('SIGCONT');
    await until('the zombie has noticed', async () => (await lateResultsOf(zombie)) === 1);

    const [only, ...more] = await listOf(other, 'deliveries');
    assert.deepEqual([only.id, only.status, more], [delivered.id, 'delivered', []]);
    const { json } = await other.get(`/api/v1/deliveries/${only.id}`);
    const tries = json.attempts as { number: number; outcome: string }[];
    assert.deepEqual(
      tries.map(({ number, outcome }) => `${number} ${outcome}`),
      ['1 unknown', '2 delivered'],
    );
    assert.deepEqual(
      sink.requests.map(({ path }) => path),
      ['/pager', '/pager'],
    );
  });

  test('[BR-REL-002] [BR-REL-013] what waited in its thread that sends is left to the other node', async (t) => {
    const first = Promise.withResolvers<{ status: number }>();
    let sends = 0;
    await using sink = await startSink({ answer: () => (++sends === 2 ? first.promise : undefined) });
    const place = await open(t);
    const config = yaml(sink.url, 'always', 'concurrency: 1');
    await using a = await startNode(place, { name: 'a', yaml: config });
    await using b = await startNode(place, { name: 'b', yaml: config });
    await untilShared(place, [a, b]);
    const owner = (await readOwners(place)).get('integration/pager');
    assert.ok(owner === 'a' || owner === 'b');
    const [zombie, other] = owner === 'a' ? [a, b] : [b, a];
    const tell = (name: string) => other.post('/hooks/prom', alertmanagerBody({ name, severity: 'warning' }));

    await tell('First');
    await until('a thread of its own sends', async () => {
      return (await metricOf(zombie, 'signalbox_delivery_threads')) === 1;
    });
    await tell('Held');
    await sink.received(2);
    for (const name of ['Waiting 1', 'Waiting 2']) await tell(name);
    await until('both are marked', async () => {
      return (await listOf(other, 'deliveries?status=sending')).length === 3;
    });
    zombie.program.child.kill('SIGSTOP');
    await sink.received(5);
    await until('the other node has delivered them', async () => {
      return (await listOf(other, 'deliveries?status=delivered')).length === 4;
    });
    first.resolve({ status: 200 });
    zombie.program.child.kill('SIGCONT');
    await until('the zombie has noticed', async () => (await lateResultsOf(zombie)) === 1);
    assert.equal(sink.requests.length, 5, 'the zombie has sent nothing more');
  });
});
