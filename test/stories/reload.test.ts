import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { startHub, until } from '../harness.ts';
import { alertmanagerBody, found, list, processed, sorted, told } from './told.ts';

const HOUR = 3_600_000;

test('[HNP-037] a configuration is taken up whole or not at all: a wrong one is refused by file, line and column and the old one goes on', async () => {
  await using sink = await startSink();
  const yaml = (source: string, receiver: string) => `integrations:
  ${source}: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sink.url}/${source}" } }
receivers: { ops: [{ integration: ${receiver} }] }
routes: { receiver: ops, group_by: ['...'], group_wait: 0s }
`;
  await using hub = await startHub({ yaml: yaml('old', 'pager') });
  const revision = async () => (await hub.get('/api/v1/status')).json.revision;
  const before = await revision();

  await assert.rejects(hub.reload(yaml('new', 'pagre')), /signalbox\.yaml:4:\d+.*pagre/s);
  assert.equal(await revision(), before);
  assert.equal((await hub.send('/hooks/new', alertmanagerBody({ name: 'A' }))).status, 404);
  assert.equal((await hub.send('/hooks/old', alertmanagerBody({ name: 'B' }))).status, 202);
  await sink.received(1);

  await hub.reload(yaml('new', 'pager'));
  assert.notEqual(await revision(), before);
  assert.equal((await hub.send('/hooks/old', alertmanagerBody({ name: 'C' }))).status, 404);
  assert.equal((await hub.send('/hooks/new', alertmanagerBody({ name: 'D' }))).status, 202);
  await sink.received(2);
  assert.deepEqual(
    sink.requests.map(({ path }) => path),
    ['/old', '/new'],
  );
});

test('[BR-AP-004] [BR-REL-013] changed routes regroup what fires: nobody is told twice, newcomers are told, and who is left out gets the resolve', async () => {
  await using sink = await startSink();
  const yaml = (receivers: string, route: string) => `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sink.url}/pager" } }
  mail: { connector: webhook, config: { url: "${sink.url}/mail" } }
  chat: { connector: webhook, config: { url: "${sink.url}/chat" } }
receivers: { ops: [${receivers}] }
routes: { receiver: ops, ${route}, group_wait: 0s, group_interval: 1m, repeat_interval: 100d }
`;
  await using hub = await startHub({
    yaml: yaml('{ integration: pager }, { integration: mail }', 'group_by: [alertname]'),
  });
  const heard = (path: string) => sink.requests.filter((request) => request.path === path).map(told);
  const two = alertmanagerBody({ name: 'Disk', instance: 'a' }, { name: 'Net', instance: 'b' });
  await processed(hub, await hub.send('/hooks/prom', two));
  await sink.received(4);
  const firing = ['firing: Disk a firing', 'firing: Net b firing'];
  assert.deepEqual([sorted(heard('/pager')), sorted(heard('/mail'))], [firing, firing]);

  await hub.reload(yaml('{ integration: pager }, { integration: chat }', 'group_by: [instance]'));
  await hub.forward(HOUR);
  await sink.received(8);
  await until('nothing is under way', async () => {
    const open = await list(hub, 'deliveries?status=pending&status=sending');
    return open.length === 0;
  });
  assert.deepEqual(sorted(heard('/pager')), firing, 'the pager knows already');
  assert.deepEqual(sorted(heard('/chat')), firing, 'the chat is new');
  const over = ['resolved: Disk a resolved', 'resolved: Net b resolved'];
  assert.deepEqual(sorted(heard('/mail')), sorted([...firing, ...over]), 'the mail is left out');
  const groups = await list(hub, 'groups');
  assert.deepEqual(sorted(groups.map(({ labels }) => JSON.stringify(labels))), [
    '{"instance":"a"}',
    '{"instance":"b"}',
  ]);

  const end = alertmanagerBody({ name: 'Disk', instance: 'a', status: 'resolved' });
  await processed(hub, await hub.send('/hooks/prom', end));
  await hub.forward(HOUR);
  await sink.received(10);
  assert.deepEqual(heard('/pager').slice(2), ['resolved: Disk a resolved']);
  assert.deepEqual(heard('/chat').slice(2), ['resolved: Disk a resolved']);
});

test('[BR-REL-009] an integration that is taken out of the configuration leaves its open deliveries as dead letters, not in silence', async () => {
  await using sink = await startSink({ answer: () => ({ status: 500 }) });
  const yaml = (rest: string, receiver: string) => `
integrations:
  prom: { connector: alertmanager }
  ${rest}
receivers: { ops: [${receiver}] }
routes: { receiver: ops, group_wait: 0s }
`;
  const pager = `pager: { connector: webhook, config: { url: "${sink.url}" }, retry: { initial: 1h } }`;
  await using hub = await startHub({ yaml: yaml(pager, '{ integration: pager }') });
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk' })));
  await found(hub, 'deliveries', ({ attempt_count }) => attempt_count === 1);
  await hub.reload(yaml('', ''));
  await hub.forward(HOUR);
  const letter = await found(hub, 'dead-letters');
  assert.match(letter.reason, /no integration pager/);
});

test('[BR-AP-004] when only the members of a receiver change, the newcomer is told and who is left out gets the resolve', async () => {
  await using sink = await startSink();
  const yaml = (second: string) => `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sink.url}/pager" } }
  mail: { connector: webhook, config: { url: "${sink.url}/mail" } }
  chat: { connector: webhook, config: { url: "${sink.url}/chat" } }
receivers: { ops: [{ integration: pager }, { integration: ${second} }] }
routes: { receiver: ops, group_wait: 0s, group_interval: 1m, repeat_interval: 100d }
`;
  await using hub = await startHub({ yaml: yaml('mail') });
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk' })));
  await sink.received(2);
  await found(hub, 'groups', ({ told: known }) => known.length === 2);
  await hub.reload(yaml('chat'));
  await hub.forward(HOUR);
  await sink.received(4);
  const heard = sink.requests.slice(2).map((request) => `${request.path} ${told(request)}`);
  assert.deepEqual(sorted(heard), ['/chat firing: Disk firing', '/mail resolved: Disk resolved']);
});
