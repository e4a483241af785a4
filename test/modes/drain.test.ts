import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { until } from '../harness.ts';
import { alertmanagerBody, sorted, told } from '../stories/told.ts';
import { listOf, startNode, untilShared, type Node } from './node.ts';
import { withServers } from './with-servers.ts';

const SENDERS = 4;
const BEFORE = 40;
const AFTER = 40;

/** What ends a connection before any answer: the door is shut, or was while the connection waited to be let in. */
const UNANSWERED = new Set(['ECONNREFUSED', 'ECONNRESET', 'UND_ERR_SOCKET']);

/**
 * Sends as a balancer does that goes to the next server when one gives no answer (HAProxy: `retry-on conn-failure empty-response`). Every
 * answer counts, and whatever is no 202 was refused.
 */
function startLoad(nodes: readonly Node[]) {
  const acknowledged: string[] = [];
  const refused: string[] = [];
  const passedOver = new Set<Node>();
  let serial = 0;
  let isOver = false;

  const sendOne = async (name: string): Promise<void> => {
    for (const node of nodes.filter((one) => !passedOver.has(one))) {
      try {
        const { status, text } = await node.post('/hooks/prom', alertmanagerBody({ name }));
        if (status === 202) acknowledged.push(name);
        else refused.push(`${name}: ${status} ${text}`);
        return;
      } catch (error) {
        const { code } = (error as Error).cause as { code?: string };
        if (!UNANSWERED.has(code ?? '')) refused.push(`${name}: ${code ?? String(error)}`);
        passedOver.add(node);
      }
    }
    refused.push(`${name}: no node took it`);
  };
  const work = async (): Promise<void> => {
    while (!isOver) await sendOne(`Disk${serial++}`);
  };
  const workers = Array.from({ length: SENDERS }, work);
  return {
    acknowledged,
    refused,
    async stop() {
      isOver = true;
      await Promise.all(workers);
    },
  };
}

await withServers('drain', (open) => {
  test('[BR-REL-005] [BR-REL-013] [HNP-047] a node that is told to end refuses no request, hands its share over and exits 0; what it took is told once', async (t) => {
    const place = await open(t);
    await using sink = await startSink();
    const yaml = `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sink.url}" } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_by: ['...'], group_wait: 0s, repeat_interval: 100d }
`;
    await using a = await startNode(place, { name: 'a', yaml });
    await using b = await startNode(place, { name: 'b', yaml });
    await untilShared(place, [a, b]);
    const load = startLoad([a, b]);
    await until('the load runs', () => load.acknowledged.length >= BEFORE);
    assert.equal(await a.stop(), 0);
    const atEnd = load.acknowledged.length;
    await until('the load goes on', () => load.acknowledged.length >= atEnd + AFTER);
    await load.stop();
    assert.deepEqual(load.refused, []);
    await untilShared(place, [b]);

    await sink.received(load.acknowledged.length);
    await until('nothing is under way', async () => {
      const under = await listOf(b, 'deliveries?status=pending&status=sending');
      return under.length === 0;
    });
    const expected = load.acknowledged.map((name) => `firing: ${name} firing`);
    assert.deepEqual(sorted(sink.requests.map(told)), sorted(expected));
    assert.doesNotMatch(a.program.output(), /"level":"error"/);
  });
});
