import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { until } from '../harness.ts';
import { alertmanagerBody, sorted, told } from '../stories/told.ts';
import { listOf, query, readOwners, startNode, untilShared, type Node } from './node.ts';
import { PARTITIONS, type SharedPlace } from './place.ts';
import { withoutKafka } from './with-servers.ts';

const BEFORE = 60;
const AFTER = 60;

function yaml(sinkUrl: string): string {
  return `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sinkUrl}/pager" } }
  mail: { connector: webhook, config: { url: "${sinkUrl}/mail" } }
  chat: { connector: webhook, config: { url: "${sinkUrl}/chat" } }
receivers: { ops: [{ integration: pager }, { integration: mail }, { integration: chat }] }
routes: { receiver: ops, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 100d }
`;
}

const PATHS = ['/pager', '/mail', '/chat'];

/** As Prometheus does: every alert to every node; resolves with how many of them acknowledged it. */
async function tellAll(nodes: readonly Node[], name: string): Promise<number> {
  const body = alertmanagerBody({ name, startsAt: '2026-01-01T00:00:00Z' });
  const answers = await Promise.allSettled(nodes.map((node) => node.post('/hooks/prom', body)));
  return answers.filter((one) => one.status === 'fulfilled' && one.value.status === 202).length;
}

async function untilQuiet(node: Node): Promise<void> {
  await until('nothing is under way', async () => {
    const { json } = await node.get('/api/v1/status');
    const under = await listOf(node, 'deliveries?status=pending&status=sending');
    return json.journal.lag === 0 && under.length === 0;
  });
}

/** Partitions that somebody folds. */
async function ownedBy(place: SharedPlace, names: readonly string[]): Promise<number> {
  const owners = [...(await readOwners(place))];
  return owners.filter(([name, owner]) => name.startsWith('partition/') && names.includes(owner)).length;
}

/** Deliveries that a node found half-sent by another one. */
async function abandonedAt(node: Node): Promise<number> {
  const { text } = await node.get('/metrics');
  const counts = text.matchAll(/^signalbox_deliveries_abandoned_total\{[^}]*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

await withoutKafka('three nodes', (open) => {
  test('[BR-SCALE-002] [BR-REL-013] [BR-WH-006] three nodes that all get every alert tell each notification once', async (t) => {
    const place = await open(t);
    await using sink = await startSink();
    await using a = await startNode(place, { name: 'a', yaml: yaml(sink.url) });
    await using b = await startNode(place, { name: 'b', yaml: yaml(sink.url) });
    await using c = await startNode(place, { name: 'c', yaml: yaml(sink.url) });
    await untilShared(place, [a, b, c]);
    const names = Array.from({ length: BEFORE }, (_, index) => `Disk${index}`);
    const acknowledged = await Promise.all(names.map((name) => tellAll([a, b, c], name)));
    assert.deepEqual(new Set(acknowledged), new Set([3]));
    await sink.received(PATHS.length * names.length);
    await untilQuiet(a);
    for (const path of PATHS) {
      const heard = sink.requests.filter((request) => request.path === path).map(told);
      assert.deepEqual(sorted(heard), sorted(names.map((name) => `firing: ${name} firing`)), path);
    }
    const [sum] = await query<{ records: string }>(
      place.storageUrl,
      'SELECT sum(next) AS records FROM journal_partitions',
    );
    assert.equal(Number(sum!.records), 3 * BEFORE, 'every acknowledged signal is in the journal once');
  });

  test('[BR-REL-002] [BR-REL-013] [BR-SCALE-002] killed under load, one of three nodes takes nothing along: all is told, once but for what was on its way, and its partitions pass on', async (t) => {
    const place = await open(t);
    await using sink = await startSink();
    await using a = await startNode(place, { name: 'a', yaml: yaml(sink.url) });
    await using b = await startNode(place, { name: 'b', yaml: yaml(sink.url) });
    await using c = await startNode(place, { name: 'c', yaml: yaml(sink.url) });
    await untilShared(place, [a, b, c]);
    const exited = once(c.program.child, 'exit');
    const names: string[] = [];
    let isOver = false;
    const load = (async () => {
      for (let serial = 0; !isOver; serial++) {
        const name = `Disk${serial}`;
        if ((await tellAll([a, b, c], name)) > 0) names.push(name);
      }
    })();
    await until('the load runs', () => names.length >= BEFORE);
    c.program.child.kill('SIGKILL');
    await exited;
    const atDeath = names.length;
    await until('the load goes on', () => names.length >= atDeath + AFTER);
    isOver = true;
    await load;
    await until(
      'the other two own all partitions',
      async () => (await ownedBy(place, ['a', 'b'])) === PARTITIONS,
    );
    await until('everything is told', async () => {
      const heard = new Set(sink.requests.map((request) => `${request.path} ${told(request)}`));
      return heard.size === PATHS.length * names.length;
    });
    await untilQuiet(a);

    const counts = new Map<string, number>();
    for (const request of sink.requests) {
      const what = `${request.path} ${told(request)}`;
      counts.set(what, (counts.get(what) ?? 0) + 1);
    }
    const expected = PATHS.flatMap((path) => names.map((name) => `${path} firing: ${name} firing`));
    assert.deepEqual(sorted([...counts.keys()]), sorted(expected), 'nothing is lost, and nothing is made up');
    const twice = [...counts].filter(([, count]) => count > 1);
    const underWay = (await abandonedAt(a)) + (await abandonedAt(b));
    assert.ok(twice.length <= underWay, `${twice.length} were told twice, ${underWay} were on their way`);
    assert.deepEqual(
      twice.filter(([, count]) => count > 2),
      [],
    );
  });
});
