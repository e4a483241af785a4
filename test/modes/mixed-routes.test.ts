import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { until } from '../harness.ts';
import { alertmanagerBody, sorted, told } from '../stories/told.ts';
import { listOf, startNode, untilShared, type Node } from './node.ts';
import { withEachJournal } from './with-servers.ts';

async function pipelineOf(node: Node): Promise<{ readonly ready: boolean; readonly detail: string }> {
  const { json } = await node.get('/readyz?verbose');
  return json.parts.find(({ part }: { part: string }) => part === 'pipeline');
}

await withEachJournal('mixed routes', (open) => {
  test('[BR-REL-005] [BR-REL-013] [BR-AP-004] a node with other routes stands aside and says so, while it takes signals; when the last node with the old ones is gone it regroups, and nobody is told twice', async (t) => {
    const place = await open(t);
    await using sink = await startSink();
    const yaml = (groupBy: string, second: string) => `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sink.url}/pager" } }
  mail: { connector: webhook, config: { url: "${sink.url}/mail" } }
  chat: { connector: webhook, config: { url: "${sink.url}/chat" } }
receivers: { ops: [{ integration: pager }, { integration: ${second} }] }
routes: { receiver: ops, group_by: [${groupBy}], group_wait: 0s, group_interval: 1s, repeat_interval: 100d }
`;
    const heard = (path: string) =>
      sorted(sink.requests.filter((request) => request.path === path).map(told));
    const before = yaml('alertname', 'mail');
    const after = yaml('instance', 'chat');

    await using a = await startNode(place, { name: 'a', yaml: before });
    await untilShared(place, [a]);
    await a.post('/hooks/prom', alertmanagerBody({ name: 'Disk', instance: 'x' }));
    await sink.received(2);

    await using b = await startNode(place, { name: 'b', yaml: after });
    const waiting = await until('b stands aside', async () => {
      const pipeline = await pipelineOf(b);
      return !pipeline.ready && /other routes/.test(pipeline.detail) && pipeline;
    });
    assert.match(waiting.detail, /reload them with this configuration, or this one with theirs/);
    assert.equal((await b.get('/readyz')).status, 503);
    assert.equal((await b.post('/hooks/prom', alertmanagerBody({ name: 'Net', instance: 'y' }))).status, 202);
    await sink.received(4);
    assert.deepEqual(
      [heard('/pager'), heard('/chat')],
      [['firing: Disk x firing', 'firing: Net y firing'], []],
    );

    await a.configure(after);
    await untilShared(place, [a, b]);
    await sink.received(8);
    await until('nothing is under way', async () => {
      const under = await listOf(b, 'deliveries?status=pending&status=sending');
      return under.length === 0;
    });
    const firing = ['firing: Disk x firing', 'firing: Net y firing'];
    assert.deepEqual(heard('/pager'), firing, 'the pager knows already');
    assert.deepEqual(heard('/chat'), firing, 'the chat is new');
    assert.deepEqual(heard('/mail'), [...firing, 'resolved: Disk x resolved', 'resolved: Net y resolved']);
    for (const node of [a, b]) {
      await until(`${node.name} is ready`, async () => (await node.get('/readyz')).status === 200);
    }
  });

  test('[BR-REL-005] a node with other routes takes over when the node with the old ones ends', async (t) => {
    const place = await open(t);
    await using sink = await startSink();
    const yaml = (groupBy: string) => `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sink.url}" } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_by: [${groupBy}], group_wait: 0s, group_interval: 1s, repeat_interval: 100d }
`;
    await using a = await startNode(place, { name: 'a', yaml: yaml('alertname') });
    await untilShared(place, [a]);
    await a.post('/hooks/prom', alertmanagerBody({ name: 'Disk', instance: 'x' }));
    await sink.received(1);
    await using b = await startNode(place, { name: 'b', yaml: yaml('instance') });
    await until('b stands aside', async () => /other routes/.test((await pipelineOf(b)).detail));
    assert.equal(await a.stop(), 0);
    await untilShared(place, [b]);
    await b.post('/hooks/prom', alertmanagerBody({ name: 'Disk', instance: 'x', status: 'resolved' }));
    await sink.received(2);
    assert.deepEqual(sink.requests.map(told), ['firing: Disk x firing', 'resolved: Disk x resolved']);
    assert.equal((await b.get('/readyz')).status, 200);
  });
});
