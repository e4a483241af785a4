import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { startHub, until, type Hub } from '../harness.ts';
import { alertmanagerBody, list, processed, told } from './told.ts';

const MINUTE = 60_000;

function yaml(url: string, more = ''): string {
  return `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${url}/pager" } }
receivers:
  ops: [{ integration: pager }]
routes:
  receiver: ops
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1m
  repeat_interval: 10m
${more}`;
}

/** The alert of a name. */
async function alertNamed(hub: Hub, name: string) {
  const alerts = await list(hub, `alerts?matcher=alertname%3D%22${name}%22`);
  return alerts[0]!;
}

/** Until the group of the only alert was looked at again after the hub's clock moved. */
async function flushedAgain(hub: Hub, before: string): Promise<void> {
  await until('the group was looked at', async () => {
    const [group] = await list(hub, 'groups');
    return group?.['next_flush_at'] !== before;
  });
}

test('[BR-AP-021b] [BR-AP-022b] an acknowledgement is visible at once, stops repeats, and ends with the episode', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink.url) });
  const startsAt = new Date(hub.now()).toISOString();
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk', startsAt })));
  await sink.received(1);
  const { fingerprint } = await alertNamed(hub, 'Disk');

  const acted = await hub.post(`/api/v1/alerts/${fingerprint}/acknowledge`, {
    by: 'ada',
    comment: 'looking',
  });
  assert.equal(acted.status, 200);
  assert.equal(acted.json.changed, true);
  const { json } = await hub.get(`/api/v1/alerts/${fingerprint}`);
  assert.deepEqual(
    [json.lifecycle.state, json.lifecycle.by, json.lifecycle.comments[0].text],
    ['acknowledged', 'ada', 'looking'],
  );
  assert.ok(
    json.decisions.some(
      ({ stage, rule, outcome }: Record<string, string>) =>
        stage === 'lifecycle' && rule === 'acknowledge' && outcome === 'by ada',
    ),
  );
  const again = await hub.post(`/api/v1/alerts/${fingerprint}/acknowledge`, { by: 'grace' });
  assert.deepEqual([again.json.changed, again.json.alert.lifecycle.by], [false, 'ada']);

  const [before] = await list(hub, 'groups');
  await hub.forward(11 * MINUTE);
  await flushedAgain(hub, before!['next_flush_at']);
  assert.deepEqual(sink.requests.map(told), ['firing: Disk firing']);
  const [group] = await list(hub, 'groups');
  assert.ok(Date.parse(group!['next_flush_at']) > hub.now());

  // Taking it back tells what was due meanwhile.
  assert.equal((await hub.post(`/api/v1/alerts/${fingerprint}/unacknowledge`)).json.changed, true);
  await hub.forward(2 * MINUTE);
  await sink.received(2);
  await hub.post(`/api/v1/alerts/${fingerprint}/acknowledge`, { by: 'ada' });
  await hub.post(`/api/v1/alerts/${fingerprint}/assign`, { by: 'ada', assignee: 'grace' });
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk', status: 'resolved' })));
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk' })));
  const { lifecycle, episode } = await alertNamed(hub, 'Disk');
  assert.deepEqual([episode, lifecycle.state, lifecycle.assignee], [2, 'open', 'grace']);
});

test('[BR-AP-022b] many alerts are closed at once, each with its own result, and stay closed while their source goes on about the same start', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink.url) });
  const startsAt = new Date(hub.now() - MINUTE).toISOString();
  const body = alertmanagerBody(
    ...['a', 'b', 'c'].map((instance) => ({ name: 'Node', instance, labels: { cluster: 'old' }, startsAt })),
    { name: 'Other', instance: 'd', startsAt },
  );
  await processed(hub, await hub.send('/hooks/prom', body));
  await sink.received(2);
  const closed = await hub.post('/api/v1/alerts/bulk', {
    action: 'close',
    filter: { matchers: ['cluster="old"'] },
    by: 'ada',
  });
  assert.equal(closed.status, 200);
  assert.deepEqual(
    closed.json.items.map(({ ok, changed }: Record<string, boolean>) => [ok, changed]),
    [
      [true, true],
      [true, true],
      [true, true],
    ],
  );
  assert.equal(closed.json.more, false);
  await hub.forward(2 * MINUTE);
  await sink.received(3);
  assert.equal(told(sink.requests[2]!), 'resolved: Node a resolved, Node b resolved, Node c resolved');

  await processed(hub, await hub.send('/hooks/prom', body));
  assert.equal((await list(hub, 'alerts?status=firing')).length, 1);
  assert.equal((await list(hub, 'alerts?state=closed')).length, 3);
  const later = alertmanagerBody({
    name: 'Node',
    instance: 'a',
    labels: { cluster: 'old' },
    startsAt: new Date(hub.now()).toISOString(),
  });
  await processed(hub, await hub.send('/hooks/prom', later));
  const [fires] = await list(hub, 'alerts?status=firing&matcher=instance%3D%22a%22');
  assert.deepEqual([fires!['episode'], fires!['lifecycle'].state], [2, 'open']);
});

test('[BR-AP-022b] what a person resolves or closes too early is reopened in the same episode; what does not fit is refused', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink.url) });
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk' })));
  const { fingerprint } = await alertNamed(hub, 'Disk');
  const act = (action: string, body: object = {}) =>
    hub.post(`/api/v1/alerts/${fingerprint}/${action}`, body);
  const nothing = await act('reopen');
  assert.deepEqual([nothing.status, nothing.json.code], [409, 'conflict']);
  const resolved = await act('resolve', { by: 'ada' });
  assert.deepEqual(
    [resolved.json.alert.status, resolved.json.alert.lifecycle.ended_by],
    ['resolved', 'person'],
  );
  assert.equal((await act('acknowledge')).status, 409);
  const reopened = await act('reopen');
  assert.deepEqual([reopened.json.alert.status, reopened.json.alert.episode], ['firing', 1]);
  assert.equal((await act('snooze', {})).status, 422);
  assert.equal((await act('comment', {})).status, 422);
  assert.equal((await hub.post('/api/v1/alerts/0000000000000000/acknowledge')).status, 404);
});

test('[BR-AP-023b] a snooze holds, also what is critical, shows why and until when, and what still fires is told when it ends', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink.url) });
  const body = alertmanagerBody({
    name: 'Disk',
    severity: 'critical',
    startsAt: new Date(hub.now()).toISOString(),
  });
  await processed(hub, await hub.send('/hooks/prom', body));
  await sink.received(1);
  const { fingerprint } = await alertNamed(hub, 'Disk');
  const snoozed = await hub.post(`/api/v1/alerts/${fingerprint}/snooze`, { for: '30m', by: 'ada' });
  const { snoozed_until: ends, snoozed_by: by } = snoozed.json.alert.lifecycle;
  assert.equal(by, 'ada');
  assert.ok(Date.parse(ends) > hub.now() + 29 * MINUTE && Date.parse(ends) <= hub.now() + 30 * MINUTE);

  // The repeat that is due meanwhile is held, and the group says so.
  const [group] = await list(hub, 'groups');
  await hub.forward(15 * MINUTE);
  await flushedAgain(hub, group!['next_flush_at']);
  const { json } = await hub.get(`/api/v1/alerts/${fingerprint}`);
  assert.ok(
    json.decisions.some(
      ({ stage, outcome }: Record<string, string>) => stage === 'suppress' && outcome === 'snoozed',
    ),
  );
  assert.equal(sink.requests.length, 1);

  await hub.forward(16 * MINUTE);
  await until('the snooze has ended', async () => {
    const { lifecycle } = await alertNamed(hub, 'Disk');
    return lifecycle.snoozed_until === undefined;
  });
  await hub.forward(2 * MINUTE);
  await sink.received(2);
  assert.deepEqual(sink.requests.map(told), ['firing: Disk firing', 'firing: Disk firing']);
});

test('[BR-AP-021b] an alert that fires for too long counts for more and is told again, also when it is acknowledged', async () => {
  await using sink = await startSink();
  const more = `
lifecycle:
  escalate: [{ matchers: 'severity="warning"', after: 20m, severity: critical }]
`;
  await using hub = await startHub({ yaml: yaml(sink.url, more) });
  const body = alertmanagerBody({ name: 'Slow', severity: 'warning' });
  await processed(hub, await hub.send('/hooks/prom', body));
  await sink.received(1);
  const { fingerprint } = await alertNamed(hub, 'Slow');
  await hub.post(`/api/v1/alerts/${fingerprint}/acknowledge`, { by: 'ada' });
  await hub.forward(21 * MINUTE);
  await until('it is raised', async () => (await alertNamed(hub, 'Slow')).priority === 'critical');
  await hub.forward(2 * MINUTE);
  await sink.received(2);
  // What its source says again does not lower it.
  await processed(
    hub,
    await hub.send('/hooks/prom', alertmanagerBody({ name: 'Slow', severity: 'warning' })),
  );
  const { severity, lifecycle, labels } = await alertNamed(hub, 'Slow');
  assert.deepEqual([severity, lifecycle.raised_by_rule, labels.severity], ['critical', 1, 'warning']);
});

test('[BR-AP-024b] what nobody speaks of any more is marked as stale, then resolved with the reason, and whoever was told is told', async () => {
  await using sink = await startSink();
  const more = `
lifecycle:
  stale_after: 1h
  resolve_stale_after: 3h
`;
  await using hub = await startHub({ yaml: yaml(sink.url, more).replace('10m', '10h') });
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Gone' })));
  await sink.received(1);
  await hub.forward(61 * MINUTE);
  await until('it is stale', async () => (await alertNamed(hub, 'Gone')).lifecycle.stale_since !== undefined);
  await hub.forward(2 * 60 * MINUTE);
  await until('it is resolved', async () => (await alertNamed(hub, 'Gone')).status === 'resolved');
  const { lifecycle } = await alertNamed(hub, 'Gone');
  assert.equal(lifecycle.ended_by, 'age');
  await hub.forward(2 * MINUTE);
  await sink.received(2);
  assert.equal(told(sink.requests[1]!), 'resolved: Gone resolved');
});

test('[BR-AP-021b] a command that is repeated under its key is applied once, also over a restart in the middle', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink.url) });
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk' })));
  const { fingerprint } = await alertNamed(hub, 'Disk');
  const path = `/api/v1/alerts/${fingerprint}/comment`;
  const ask = () => hub.send(path, { by: 'ada', comment: 'disk ordered' }, { 'idempotency-key': 'ticket-7' });
  // Stopped while it is asked: the answer may be lost, the command may or may not be on disk.
  const lost = ask().catch(() => undefined);
  await hub.restart();
  await lost;
  const first = await ask();
  assert.equal(first.status, 200);
  assert.equal((await ask()).status, 200);
  const { json } = await hub.get(`/api/v1/alerts/${fingerprint}`);
  assert.deepEqual(
    json.lifecycle.comments.map(({ text }: { text: string }) => text),
    ['disk ordered'],
  );
  const receipt = await hub.get(`/api/v1/receipts/${first.json.receipt}`);
  assert.deepEqual([receipt.json.status, receipt.json.alerts], ['processed', [fingerprint]]);
});

test('[BR-AP-025b] how long people and sources took is measured by tenant, severity and environment, in the API and in the metrics', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink.url) });
  const startsAt = new Date(hub.now()).toISOString();
  const of = (status: 'firing' | 'resolved') =>
    alertmanagerBody({ name: 'Disk', severity: 'critical', status, startsAt });
  await processed(hub, await hub.send('/hooks/prom', of('firing')));
  const { fingerprint } = await alertNamed(hub, 'Disk');
  await hub.forward(3 * MINUTE);
  await hub.post(`/api/v1/alerts/${fingerprint}/acknowledge`, { by: 'ada' });
  await hub.forward(7 * MINUTE);
  await processed(hub, await hub.send('/hooks/prom', of('resolved')));
  const { json } = await hub.get('/api/v1/analytics/alerts?window=1d');
  const [group] = json.groups;
  assert.deepEqual(
    [json.complete, json.groups.length, group.tenant, group.severity],
    [true, 1, 'default', 'critical'],
  );
  assert.deepEqual([group.counts.firing, group.counts.resolved, group.counts.acknowledged], [0, 1, 1]);
  assert.ok(group.time_to_acknowledge.p50 >= 180 && group.time_to_acknowledge.p50 < 300);
  assert.ok(group.time_to_resolve.p99 >= 600 && group.time_to_resolve.p99 < 720);
  const { text } = await hub.get('/metrics');
  assert.match(
    text,
    /signalbox_alert_acknowledge_seconds_bucket{le="300",tenant="default",priority="critical",environment=""} 1/,
  );
  assert.match(
    text,
    /signalbox_alert_resolve_seconds_count{tenant="default",priority="critical",environment=""} 1/,
  );
});
