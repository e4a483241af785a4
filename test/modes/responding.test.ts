import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scopeOf } from '../../src/model/scope.ts';
import { startFakeOpenai } from '../fakes/openai.ts';
import { startSink, type Sink } from '../fakes/sink.ts';
import { until } from '../harness.ts';
import { alertmanagerBody } from '../stories/told.ts';
import { listOf, query, readOwners, startNode, untilShared, type Node } from './node.ts';
import type { SharedPlace } from './place.ts';
import { withEachJournal } from './with-servers.ts';

const ALERTS = 24;

function yaml(sink: Sink, more = ''): string {
  return `
integrations:
  prom: { connector: alertmanager }
  erp: { connector: webhook, config: { url: "${sink.url}/erp" } }
  chat: { connector: webhook, config: { url: "${sink.url}/chat" } }
${more}
receivers: { ops: [{ integration: erp }], people: [{ integration: chat }] }
routes: { receiver: ops, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 100d }
correlation: { rules: [{ id: by-cluster, matchers: ['cluster!=""'], same: [cluster] }] }
incidents: { receiver: people, updates: [] }
approvals: { redrive: [erp], receiver: people, deadline: 1h }
`;
}

/** What people were told of a kind: `firing Incident: Disk1`. */
function toldOf({ requests }: Sink, kind: 'incident' | 'approval'): readonly string[] {
  return requests
    .filter(({ path }) => path === '/chat')
    .map(({ body }) => JSON.parse(body))
    .filter(({ alerts: [{ labels }] }) => labels[kind] !== undefined)
    .map(({ status, alerts: [{ annotations }] }) => `${status} ${annotations.summary}`);
}

const send = (node: Node, name: string, labels: Record<string, string>) =>
  node.post('/hooks/prom', alertmanagerBody({ name, labels }));

/** The node that owns it, and the other one. */
async function ownerOf(place: SharedPlace, lease: string, nodes: readonly [Node, Node]) {
  const name = (await readOwners(place)).get(lease);
  const owner = nodes.find((node) => node.name === name);
  assert.ok(owner, `${lease} has an owner`);
  return { owner, other: nodes.find((node) => node !== owner)! };
}

await withEachJournal('responding on two nodes', (open) => {
  test('[BR-AP-004] [BR-SCALE-002] alerts that different nodes fold become one incident, also when the owner of its scope is killed in between, and people are told of one', async (t) => {
    const place = await open(t);
    await using sink = await startSink();
    await using a = await startNode(place, { name: 'a', yaml: yaml(sink) });
    await using b = await startNode(place, { name: 'b', yaml: yaml(sink) });
    await untilShared(place, [a, b]);
    const names = Array.from({ length: ALERTS }, (_, index) => `Disk${index}`);
    const post = (some: readonly string[], nodes: readonly Node[]) =>
      Promise.all(
        some.map(async (name, index) => {
          assert.equal((await send(nodes[index % nodes.length]!, name, { cluster: 'eu' })).status, 202);
        }),
      );
    await post(names.slice(0, ALERTS / 2), [a, b]);
    const first = await until('there is an incident', async () => (await listOf(a, 'incidents')).at(0));
    await until('half of the alerts are in it', async () => {
      const [incident] = await listOf(b, 'incidents');
      return incident.alerts === ALERTS / 2;
    });
    const [row] = await query<{ scope_id: string }>(place.storageUrl, 'SELECT scope_id FROM incidents');
    const { owner, other } = await ownerOf(place, `scope/${scopeOf(row!.scope_id)}`, [a, b]);

    const rest = post(names.slice(ALERTS / 2), [other]);
    owner.program.child.kill('SIGKILL');
    await rest;
    await until('all alerts are in it', async () => {
      const [incident] = await listOf(other, 'incidents');
      return incident.alerts === ALERTS;
    });
    const incidents = await listOf(other, 'incidents');
    assert.deepEqual(
      incidents.map(({ id, firing }) => [id, firing]),
      [[first.id, ALERTS]],
    );
    const partitions = await query(place.storageUrl, 'SELECT DISTINCT partition FROM alerts');
    assert.ok(partitions.length > 1, 'they came through several partitions');
    await until('people are told', () => toldOf(sink, 'incident').length > 0);
    assert.match(toldOf(sink, 'incident')[0]!, /^firing Incident: Disk/);
    assert.equal(new Set(toldOf(sink, 'incident')).size, 1);
  });

  test('[BR-ERR-010] [BR-AP-019] what is asked on one node is answered on the other, told to people, and carried out once', async (t) => {
    const place = await open(t);
    let refusals = 1;
    await using sink = await startSink({
      answer: ({ path }) => (path === '/erp' && refusals-- > 0 ? { status: 400 } : undefined),
    });
    await using a = await startNode(place, { name: 'a', yaml: yaml(sink) });
    await using b = await startNode(place, { name: 'b', yaml: yaml(sink) });
    await untilShared(place, [a, b]);
    assert.equal((await send(a, 'Disk', {})).status, 202);
    const letter = await until('it is a dead letter', async () => (await listOf(b, 'dead-letters')).at(0));

    const path = `/api/v1/dead-letters/${letter.id}/redrive`;
    const asked = await Promise.all([a.post(path, { by: 'ada' }), b.post(path, { by: 'ada' })]);
    const [{ approval }] = asked.map(({ json }) => json);
    await until('people are told that it waits', () =>
      toldOf(sink, 'approval').some((told) => told.startsWith('firing To be approved: ')),
    );
    const answers = await Promise.all(
      [a, b].map((node) => node.post(`/api/v1/approvals/${approval}/approve`, { by: 'grace' })),
    );
    assert.deepEqual(
      answers.map(({ status }) => status).sort((left, right) => left - right),
      [200, 409],
    );
    const sent = () => sink.requests.filter((request) => request.path === '/erp').length;
    await until('it is sent again', () => sent() === 2);
    await until('people are told what came of it', () =>
      toldOf(sink, 'approval').some((told) => told.startsWith('resolved Approved by grace: ')),
    );
    for (const node of [a, b]) {
      const { json } = await node.get(`/api/v1/approvals/${approval}`);
      assert.deepEqual([json.state, json.execution.state], ['approved', 'done']);
    }
    assert.equal(sent(), 2);
  });

  test('[BR-AP-016] an analyst is asked once about an alert; what it was asked when its node was killed it is asked again by the next owner', async (t) => {
    await using cleanup = new AsyncDisposableStack();
    const place = await open(t);
    await using sink = await startSink();
    const openai = await startFakeOpenai();
    cleanup.defer(openai.close);
    const config = yaml(
      sink,
      `  llm: { connector: openai, config: { base_url: "${openai.baseUrl}", api_key: sk-test, model: small } }
analysis: { analyst: { integration: llm, timeout: 1h } }`,
    );
    await using a = await startNode(place, { name: 'a', yaml: config });
    await using b = await startNode(place, { name: 'b', yaml: config });
    await untilShared(place, [a, b]);
    const questionsAbout = (name: string) =>
      openai.questions.filter(({ text }) => text.includes(name)).length;
    const answered = (node: Node, name: string) =>
      until(`${name} has an answer`, async () =>
        (await listOf(node, 'alerts')).find(
          ({ labels, facts }) => labels.alertname === name && facts?.analysis !== undefined,
        ),
      );
    openai.answerWith(() => ({ summary: 'A disk is full.' }));
    assert.equal((await send(a, 'Answered', {})).status, 202);
    await answered(b, 'Answered');

    openai.answerWith('silent');
    assert.equal((await send(b, 'Waiting', {})).status, 202);
    await until('it is asked about', () => questionsAbout('Waiting') === 1);
    const [row] = await query<{ partition: number }>(
      place.storageUrl,
      `SELECT partition FROM alerts WHERE document LIKE '%"alertname":"Waiting"%'`,
    );
    const { owner, other } = await ownerOf(place, `partition/${row!.partition}`, [a, b]);
    openai.answerWith(() => ({ summary: 'It is still full.' }));
    owner.program.child.kill('SIGKILL');
    const alert = await answered(other, 'Waiting');
    assert.equal(alert.facts.analysis.summary, 'It is still full.');
    assert.deepEqual([questionsAbout('Waiting'), questionsAbout('Answered')], [2, 1]);
  });
});
