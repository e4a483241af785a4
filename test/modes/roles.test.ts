import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { until } from '../harness.ts';
import { alertmanagerBody, told } from '../stories/told.ts';
import { readOwners, startNode } from './node.ts';
import { withEachJournal } from './with-servers.ts';

await withEachJournal('roles apart', (open) => {
  test('[BR-SCALE-002] [BR-REL-013] one process takes signals and answers people, one decides, one sends: told once, and each ends with 0', async (t) => {
    const place = await open(t);
    await using sink = await startSink();
    const yaml = `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sink.url}" } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 100d }
`;
    await using front = await startNode(place, { name: 'front', yaml, roles: 'intake,api' });
    const { status, json } = await front.post('/hooks/prom', alertmanagerBody({ name: 'Early' }));
    assert.equal(status, 202, 'it is taken although nobody decides yet');
    const receipt = () => front.get(`/api/v1/receipts/${json.receipt}`);
    assert.equal((await receipt()).json.status, 'accepted');

    await using mind = await startNode(place, { name: 'mind', yaml, roles: 'process' });
    await until('it is decided', async () => (await receipt()).json.status === 'processed');
    assert.equal((await mind.post('/hooks/prom', {})).status, 404, 'it takes no signals');
    assert.equal((await mind.get('/api/v1/alerts')).status, 404, 'it answers no people');
    assert.equal((await mind.get('/livez')).status, 200);
    assert.equal(sink.requests.length, 0, 'nobody sends yet');

    await using hand = await startNode(place, { name: 'hand', yaml, roles: 'deliver' });
    await sink.received(1);
    await front.post('/hooks/prom', alertmanagerBody({ name: 'Early', status: 'resolved' }));
    await sink.received(2);
    assert.deepEqual(sink.requests.map(told), ['firing: Early firing', 'resolved: Early resolved']);

    const owners = await readOwners(place);
    const holdersOf = (kind: string) => [
      ...new Set([...owners].filter(([name]) => name.startsWith(kind)).map(([, owner]) => owner)),
    ];
    assert.deepEqual(['partition/', 'scope/', 'integration/'].map(holdersOf), [['mind'], ['mind'], ['hand']]);
    for (const node of [front, mind, hand]) {
      assert.equal((await node.get('/readyz')).status, 200, node.name);
      assert.equal(await node.stop(), 0, node.name);
    }
    assert.deepEqual([...(await readOwners(place))], [], 'nobody leaves a lease behind');
  });
});
