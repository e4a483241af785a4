import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scopeOf } from '../../src/model/scope.ts';
import { startSink } from '../fakes/sink.ts';
import { until } from '../harness.ts';
import { alertmanagerBody, sorted, told } from '../stories/told.ts';
import { listOf, query, readOwners, startNode, untilShared, type Node } from './node.ts';
import type { SharedPlace } from './place.ts';
import { listen } from '../stories/live-stream.ts';
import { withEachJournal } from './with-servers.ts';

const ALERTS = 60;

function yaml(sinkURL: string): string {
  return `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sinkURL}/pager" } }
  mail: { connector: webhook, config: { url: "${sinkURL}/mail" } }
receivers: { ops: [{ integration: pager }, { integration: mail }] }
routes: { receiver: ops, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 100d }
`;
}

/** Alerts whose partition one node owns and whose group another one. */
async function countCrossing(place: SharedPlace): Promise<number> {
  const owners = await readOwners(place);
  const alerts = await query<{ partition: number; document: string }>(
    place.storageUrl,
    'SELECT partition, document FROM alerts',
  );
  return alerts.filter(({ partition, document }) => {
    const { decisions } = JSON.parse(document) as { decisions: { stage: string; outcome: string }[] };
    const group = decisions.find(({ stage }) => stage === 'route')!.outcome;
    return owners.get(`partition/${partition}`) !== owners.get(`scope/${scopeOf(group)}`);
  }).length;
}

await withEachJournal('two nodes', (open) => {
  test('[BR-SCALE-002] [BR-REL-013] [BR-WH-006] two nodes tell each notification once and in order, also of alerts that one folds and the other flushes', async (t) => {
    const place = await open(t);
    await using sink = await startSink();
    await using a = await startNode(place, { name: 'a', yaml: yaml(sink.url) });
    await using b = await startNode(place, { name: 'b', yaml: yaml(sink.url) });
    await untilShared(place, [a, b]);

    const names = Array.from({ length: ALERTS }, (_, index) => `Disk${index}`);
    const sendAll = (status: 'firing' | 'resolved', nodes: readonly Node[]) =>
      Promise.all(
        names.map(async (name, index) => {
          const body = alertmanagerBody({ name, status });
          assert.equal((await nodes[index % 2]!.post('/hooks/prom', body)).status, 202);
        }),
      );
    await sendAll('firing', [a, b]);
    await sink.received(2 * ALERTS);
    // The other node takes the second word, and it still comes second.
    await sendAll('resolved', [b, a]);
    await sink.received(4 * ALERTS);
    const isSettled = async () => (await listOf(a, 'deliveries?status=pending&status=sending')).length === 0;
    await until('nothing is under way', isSettled);

    const crossing = await countCrossing(place);
    assert.ok(crossing > 0 && crossing < ALERTS, `${crossing} of ${ALERTS} alerts had two nodes`);
    for (const path of ['/pager', '/mail']) {
      const heard = sink.requests.filter((request) => request.path === path).map(told);
      const expected = names.flatMap((name) => [`firing: ${name} firing`, `resolved: ${name} resolved`]);
      assert.deepEqual(sorted(heard), sorted(expected), path);
      for (const name of names) {
        const firing = heard.indexOf(`firing: ${name} firing`);
        assert.ok(firing < heard.indexOf(`resolved: ${name} resolved`), `${name} in order on ${path}`);
      }
    }
  });

  test('[BR-SCALE-002] [HNP-019] each node answers for all: receipts, lists, commands for what another one sends, and the live stream', async (t) => {
    const place = await open(t);
    await using sink = await startSink({
      answer: ({ path }) => (path === '/pager' && isStrict ? { status: 400 } : undefined),
    });
    let isStrict = true;
    await using a = await startNode(place, { name: 'a', yaml: yaml(sink.url) });
    await using b = await startNode(place, { name: 'b', yaml: yaml(sink.url) });
    await untilShared(place, [a, b]);
    const sender = (await readOwners(place)).get('integration/pager');
    assert.ok(sender === 'a' || sender === 'b');
    const [owner, other] = sender === 'a' ? [a, b] : [b, a];
    using stream = await listen(other.url);
    using second = await listen(owner.url);

    const { json } = await owner.post('/hooks/prom', alertmanagerBody({ name: 'Disk' }));
    await until('the other node knows the receipt', async () => {
      const receipt = await other.get(`/api/v1/receipts/${json.receipt}`);
      return receipt.json.status === 'processed';
    });
    const letter = await until('the other node lists the dead letter', async () =>
      (await listOf(other, 'dead-letters')).at(0),
    );
    isStrict = false;
    assert.equal((await other.post(`/api/v1/dead-letters/${letter.id}/redrive`)).status, 200);
    await until('the owner sends it', async () =>
      (await listOf(owner, 'deliveries?status=delivered')).some(({ id }) => id === letter.id),
    );
    assert.equal(sink.requests.filter(({ path }) => path === '/pager').length, 2);
    for (const { changes } of [stream, second]) {
      await until('the stream tells', () =>
        changes.some(({ id, status }) => id === letter.id && status === 'delivered'),
      );
      assert.deepEqual([changes[0]?.kind, changes[0]?.status], ['alert', 'firing']);
    }
  });
});
