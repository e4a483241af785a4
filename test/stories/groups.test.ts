import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink, type Sink } from '../fakes/sink.ts';
import { startHub, until, type Hub } from '../harness.ts';
import { alertmanagerBody, found, list, processed, told, type Statement } from './told.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Alerts named `Now` are told at once on a path of their own: when one has arrived, everything that was due before it is told. */
function grouped(sink: Sink, route: string, source = ''): string {
  return `
integrations:
  prom: { connector: alertmanager, dedupe_window: 0s, ${source} }
  pager: { connector: webhook, config: { url: "${sink.url}/pager" } }
  mail: { connector: webhook, config: { url: "${sink.url}/mail" } }
  marker: { connector: webhook, config: { url: "${sink.url}/marker" } }
receivers:
  ops: [{ integration: pager }]
  quiet: [{ integration: pager }, { integration: mail, send_resolved: false }]
  mail: [{ integration: mail }]
  nobody: []
  marker: [{ integration: marker }]
routes:
  receiver: ops
  group_by: [alertname]
  group_wait: 10m
  group_interval: 1h
  repeat_interval: 24h
  routes:
    - { matchers: ['alertname="Now"'], receiver: marker, group_by: [instance], group_wait: 0s }
${route}
`;
}

interface Stage {
  readonly hub: Hub;
  say(...statements: readonly Statement[]): Promise<void>;
  /** What was told on a path, after everything that is due now was. */
  heard(path?: string): Promise<string[]>;
}

function stageOf(hub: Hub, sink: Sink): Stage {
  let markers = 0;
  const say = async (...statements: readonly Statement[]): Promise<void> => {
    await processed(hub, await hub.send('/hooks/prom', alertmanagerBody(...statements)));
  };
  return {
    hub,
    say,
    async heard(path = '/pager') {
      markers += 1;
      await say({ name: 'Now', instance: `${markers}` });
      const mine = `firing: Now ${markers} firing`;
      const isDone = async () =>
        sink.requests.some((request) => request.path === '/marker' && told(request) === mine) &&
        (await list(hub, 'deliveries?status=pending&status=sending')).length === 0;
      await until('the marker has arrived and nothing is under way', isDone);
      return sink.requests.filter((request) => request.path === path).map(told);
    },
  };
}

test('[BR-AP-004] group_wait gathers what comes first, group_interval what comes later, repeat_interval reminds', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: grouped(sink, '') });
  const { say, heard } = stageOf(hub, sink);

  await say({ name: 'Disk', instance: 'a' });
  await hub.forward(6 * MINUTE);
  await say({ name: 'Disk', instance: 'b' }, { name: 'Net', instance: 'a' });
  await hub.forward(3 * MINUTE);
  assert.deepEqual(await heard(), [], 'ten minutes are not over');
  await hub.forward(MINUTE);
  assert.deepEqual(await heard(), ['firing: Disk a firing, Disk b firing'], 'Net has a group of its own');
  await hub.forward(6 * MINUTE);
  assert.deepEqual((await heard()).slice(1), ['firing: Net a firing']);

  await say({ name: 'Disk', instance: 'c' });
  await hub.forward(40 * MINUTE);
  assert.equal((await heard()).length, 2, 'an hour is not over');
  await hub.forward(20 * MINUTE);
  assert.deepEqual((await heard()).slice(2), ['firing: Disk a firing, Disk b firing, Disk c firing']);

  await hub.forward(22 * HOUR);
  assert.equal((await heard()).length, 3, 'a day is not over');
  await hub.forward(3 * HOUR);
  const reminded = (await heard()).slice(3);
  assert.deepEqual(reminded.sort(), [
    'firing: Disk a firing, Disk b firing, Disk c firing',
    'firing: Net a firing',
  ]);
});

test('[BR-AP-004] who is told of resolves: each receiver as it says, nobody of what they never heard of', async () => {
  await using sink = await startSink();
  await using hub = await startHub({
    yaml: grouped(sink, `    - { matchers: ['team="quiet"'], receiver: quiet }`),
  });
  const { say, heard } = stageOf(hub, sink);
  const labels = { team: 'quiet' };

  await say({ name: 'Disk', instance: 'a', labels }, { name: 'Disk', instance: 'b', labels });
  await hub.forward(10 * MINUTE);
  const firing = 'firing: Disk a firing, Disk b firing';
  assert.deepEqual([await heard(), await heard('/mail')], [[firing], [firing]]);

  await say({ name: 'Disk', instance: 'b', labels, status: 'resolved' });
  await hub.forward(HOUR);
  assert.deepEqual((await heard()).slice(1), ['firing: Disk a firing, Disk b resolved']);
  assert.equal((await heard('/mail')).length, 1, 'send_resolved is false');

  await say({ name: 'Disk', instance: 'a', labels, status: 'resolved' });
  await hub.forward(HOUR);
  assert.deepEqual((await heard()).slice(2), ['resolved: Disk a resolved']);
  assert.equal((await heard('/mail')).length, 1);
  const groups = await list(hub, 'groups');
  assert.deepEqual(
    groups.filter(({ receiver }) => receiver === 'quiet'),
    [],
    'nothing fires: the group is gone',
  );

  await say({ name: 'Blink', instance: 'a' });
  await hub.forward(MINUTE);
  await say({ name: 'Blink', instance: 'a', status: 'resolved' });
  await hub.forward(HOUR);
  assert.equal((await heard()).length, 3, 'over before group_wait was: nobody hears of it');
});

test('[BR-AP-004] [BR-AP-001] the tree decides: matchers in UTF-8, continue, group_by ["..."], and a receiver that tells nobody', async () => {
  await using sink = await startSink();
  await using hub = await startHub({
    yaml: grouped(
      sink,
      `    - { matchers: ['severity=~"info|debug"'], receiver: nobody }
    - { matchers: ['"équipe"="réseau"'], receiver: mail, continue: true, group_by: ['...'] }
    - { matchers: ['alertname="Net"'] }`,
    ),
  });
  const { say, heard } = stageOf(hub, sink);
  const labels = { équipe: 'réseau' };
  await say(
    { name: 'Chat', instance: 'a', severity: 'info' },
    { name: 'Net', instance: 'a', labels },
    { name: 'Net', instance: 'b', labels },
  );
  await hub.forward(10 * MINUTE);
  assert.deepEqual(
    await heard(),
    ['firing: Net a firing, Net b firing'],
    'the next route is tried because of continue',
  );
  assert.deepEqual((await heard('/mail')).sort(), ['firing: Net a firing', 'firing: Net b firing']);

  const filtered = await found(hub, 'alerts', ({ labels: own }) => own.alertname === 'Chat');
  const detail = (await hub.get(`/api/v1/alerts/${filtered.fingerprint}`)).json;
  assert.equal(detail.status, 'firing', 'held back from people, not from sight');
  const groupsOfChat = detail.groups.map(({ receiver }: { receiver: string }) => receiver);
  assert.deepEqual(groupsOfChat, ['nobody']);
});

test('[BR-AP-001] filter rules of a source decide with expressions what becomes an alert at all', async () => {
  await using hub = await startHub({
    yaml: `
integrations:
  ci:
    connector: generic
    config:
      when: 'body.branch == "main" && body.duration > 60.0'
      labels: { alertname: '"SlowBuild"', job: 'body.job' }
receivers: { none: [] }
routes: { receiver: none }
`,
  });
  const send = (body: object) => hub.send('/hooks/ci', body);
  assert.equal((await send({ job: 'b', branch: 'topic', duration: 61.5 })).status, 202);
  assert.equal((await send({ job: 'c', branch: 'main', duration: 1.5 })).status, 202);
  const receipt = await processed(hub, await send({ job: 'a', branch: 'main', duration: 61.5 }));
  assert.equal(receipt.alerts.length, 1);
  assert.deepEqual(
    (await list(hub, 'alerts')).map(({ labels }) => labels.job),
    ['a'],
  );
});

test('[BR-AP-004] an alert that falls silent resolves after resolve_after; when it fires again it is a new episode and told anew', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: grouped(sink, '', 'resolve_after: 3h') });
  const { say, heard } = stageOf(hub, sink);
  const disk = async () => found(hub, 'alerts', ({ labels }) => labels.alertname === 'Disk');

  await say({ name: 'Disk', instance: 'a' });
  await hub.forward(10 * MINUTE);
  assert.deepEqual(await heard(), ['firing: Disk a firing']);
  await hub.forward(2 * HOUR);
  await say({ name: 'Disk', instance: 'a' });
  await hub.forward(2 * HOUR);
  assert.equal((await disk()).status, 'firing', 'it was repeated in time');
  await hub.forward(61 * MINUTE);
  await heard();
  assert.equal((await disk()).status, 'resolved');
  await hub.forward(HOUR);
  assert.deepEqual((await heard()).slice(1), ['resolved: Disk a resolved']);

  await say({ name: 'Disk', instance: 'a' });
  const again = await disk();
  assert.deepEqual([again.status, again.episode, again.occurrences], ['firing', 2, 1]);
  await hub.forward(10 * MINUTE);
  assert.deepEqual((await heard()).slice(2), ['firing: Disk a firing']);
});

test('[BR-AP-004] a re-fire between two ticks of the interval is told as firing, never as resolved', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: grouped(sink, '') });
  const { say, heard } = stageOf(hub, sink);
  await say({ name: 'Flap', instance: 'a' });
  await hub.forward(10 * MINUTE);
  await heard();
  await say({ name: 'Flap', instance: 'a', status: 'resolved' });
  await hub.forward(MINUTE);
  await say({ name: 'Flap', instance: 'a' });
  await hub.forward(HOUR);
  assert.deepEqual(
    await heard(),
    ['firing: Flap a firing'],
    'as with Alertmanager: nothing has changed at the tick',
  );
});
