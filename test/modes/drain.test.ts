import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { until } from '../harness.ts';
import { alertmanagerBody, sorted, told } from '../stories/told.ts';
import { listOf, startNode, untilShared, type Node } from './node.ts';
import { withEachJournal } from './with-servers.ts';

const SENDERS = 4;
/** What each of them waits after an answer: the load has to outlast the hand-over of the shares, not to fill the machine. */
const PAUSE_MS = 20;
const BEFORE = 40;
const AFTER = 40;
/** How often the balancer looks; the node goes on for much longer than that. */
const LOOK_MS = 100;

/**
 * Sends as a balancer does: to the first node whose `/readyz` said 200 when it was last looked at. Nothing is sent twice, so a connection that is
 * refused or cut counts, and so does every answer that is no 202.
 */
function startLoad(nodes: readonly Node[]) {
  const acknowledged: string[] = [];
  const refused: string[] = [];
  const down = new Set<Node>();
  let serial = 0;
  let isOver = false;

  const watch = async (node: Node): Promise<void> => {
    while (!isOver) {
      const ready = await node.get('/readyz').catch(() => undefined);
      if (ready?.status === 200) down.delete(node);
      else down.add(node);
      await pause(LOOK_MS);
    }
  };
  const sendOne = async (name: string): Promise<void> => {
    const node = nodes.find((one) => !down.has(one));
    if (!node) return void refused.push(`${name}: no node is up`);
    try {
      const { status, text } = await node.post('/hooks/prom', alertmanagerBody({ name }));
      if (status === 202) acknowledged.push(name);
      else refused.push(`${name}: ${status} ${text}`);
    } catch (error) {
      refused.push(`${name}: ${String((error as Error).cause ?? error)}`);
    }
  };
  const work = async (): Promise<void> => {
    while (!isOver) {
      await sendOne(`Disk${serial++}`);
      await pause(PAUSE_MS);
    }
  };
  const workers = [...nodes.map(watch), ...Array.from({ length: SENDERS }, work)];
  return {
    acknowledged,
    refused,
    async stop() {
      isOver = true;
      await Promise.all(workers);
    },
  };
}

/** A node may own its share a moment before it says that it is ready. */
async function untilReady(nodes: readonly Node[]): Promise<void> {
  await until('every node is ready', async () => {
    const answers = await Promise.all(nodes.map((node) => node.get('/readyz')));
    return answers.every(({ status }) => status === 200);
  });
}

await withEachJournal('drain', (open) => {
  test('[BR-REL-005] [BR-REL-013] [HNP-047] a node that is told to end refuses no request, hands its share over and exits 0; what it took is told once', async (t) => {
    const place = await open(t);
    await using sink = await startSink();
    const yaml = `
server: { drain_delay: 3s }
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sink.url}" } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_by: ['...'], group_wait: 0s, repeat_interval: 100d }
`;
    await using a = await startNode(place, { name: 'a', yaml });
    await using b = await startNode(place, { name: 'b', yaml });
    await untilShared(place, [a, b]);
    await untilReady([a, b]);
    const load = startLoad([a, b]);
    try {
      await until('the load runs', () => load.acknowledged.length >= BEFORE);
      assert.equal(await a.stop(), 0);
      const atEnd = load.acknowledged.length + load.refused.length;
      await until('the load goes on', () => load.acknowledged.length + load.refused.length >= atEnd + AFTER);
    } finally {
      await load.stop();
    }
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
