import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startPostgres } from '../servers/postgres.ts';
import { startSink } from '../fakes/sink.ts';
import { until } from '../harness.ts';
import { told } from '../stories/told.ts';
import { startDropIn } from './drop-in.ts';
import { freePort, type Program } from './program.ts';

const NAMES = ['one', 'two', 'three'] as const;

interface Peer {
  readonly name: string;
  readonly address: string;
  readonly program: Program;
}

/** As Prometheus does: the same alerts to every Alertmanager, in spite of those that are dead. */
async function postToAll(peers: readonly Peer[], alerts: readonly object[]): Promise<number> {
  const answers = await Promise.allSettled(
    peers.map(({ address }) =>
      fetch(`http://${address}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts),
      }),
    ),
  );
  return answers.filter((answer) => answer.status === 'fulfilled' && answer.value.status === 200).length;
}

test('three processes that name each other and share one PostgreSQL send each notification once, also after one of them was killed', async (t) => {
  const server = await startPostgres({});
  if ('missing' in server) return t.skip(server.missing);
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => server.stop());
  const sink = await startSink();
  cleanup.defer(() => sink[Symbol.asyncDispose]());
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-cluster-'));
  cleanup.defer(() => rm(folder, { recursive: true }));
  const configuration = `
route: { receiver: team, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 100d }
receivers:
- name: team
  webhook_configs: [{ url: '${sink.url}/team' }]
`;
  const gossip = await Promise.all(NAMES.map(async () => `127.0.0.1:${await freePort()}`));
  const peers: Peer[] = [];
  for (const [index, name] of NAMES.entries()) {
    const flags = [
      `--cluster.listen-address=${gossip[index]}`,
      `--cluster.peer-name=${name}`,
      ...gossip.filter((_, other) => other !== index).map((address) => `--cluster.peer=${address}`),
      `--storage-url=${server.url}`,
    ];
    const peer = { name, ...(await startDropIn({ folder, configuration, name, flags })) };
    cleanup.defer(async () => void (await peer.program.stop()));
    peers.push(peer);
  }
  const hasTold = (names: readonly string[]) =>
    until(`all of ${names.length} are told`, () => {
      const heard = new Set(sink.requests.map(told));
      return names.every((name) => heard.has(`firing: ${name} firing`));
    });

  const before = Array.from({ length: 30 }, (_, index) => `Disk${index}`);
  for (const alertname of before) assert.equal(await postToAll(peers, [{ labels: { alertname } }]), 3);
  await hasTold(before);

  // A silence made on one of them holds on the others.
  const [first, second, third] = peers as [Peer, Peer, Peer];
  const at = Date.now();
  const silenced = await fetch(`http://${second.address}/api/v2/silences`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      matchers: [{ name: 'alertname', value: 'Quiet', isRegex: false }],
      startsAt: new Date(at).toISOString(),
      endsAt: new Date(at + 3_600_000).toISOString(),
      createdBy: 'ada',
      comment: 'known',
    }),
  });
  assert.equal(silenced.status, 200);
  assert.equal(await postToAll([first], [{ labels: { alertname: 'Quiet' } }]), 1);
  await until('the third knows that it is silenced', async () => {
    const alerts = (await (
      await fetch(`http://${third.address}/api/v2/alerts?active=false`)
    ).json()) as object[];
    return alerts.length === 1;
  });

  third.program.child.kill('SIGKILL');
  const after = Array.from({ length: 30 }, (_, index) => `Slow${index}`);
  for (const alertname of after) assert.equal(await postToAll(peers, [{ labels: { alertname } }]), 2);
  await hasTold(after);

  const counts = Map.groupBy(sink.requests.map(told), (text) => text);
  assert.deepEqual(
    [...counts.keys()].toSorted(),
    [...before, ...after].map((name) => `firing: ${name} firing`).toSorted(),
    'all that was said is told, and nothing else',
  );
  const twice = [...counts.values()].filter(({ length }) => length > 1);
  assert.deepEqual(twice, [], 'nothing is told twice');
  const status = (await (await fetch(`http://${first.address}/api/v2/status`)).json()) as {
    cluster: { status: string; peers: object[] };
  };
  assert.equal(status.cluster.status, 'ready');
  assert.equal(status.cluster.peers.length, 3);
});
