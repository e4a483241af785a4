import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink, type Sink } from '../fakes/sink.ts';
import { startHub, until, type Hub } from '../harness.ts';
import { alertmanagerBody, found, list, processed } from './told.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function yaml(sink: Sink, more: string): string {
  return `
integrations:
  prom: { connector: alertmanager }
  erp: { connector: webhook, config: { url: "${sink.url}/erp" } }
  chat: { connector: webhook, config: { url: "${sink.url}/chat" } }
receivers:
  ops: [{ integration: erp }]
  people: [{ integration: chat }]
routes: { receiver: ops, group_by: [alertname], group_wait: 0s, group_interval: 1m, repeat_interval: 24h }
${more}
`;
}

interface Message {
  readonly status: string;
  readonly reason: string;
  readonly groupKey: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
}

/** What people were told over the chat, oldest first. */
function messages({ requests }: Sink): readonly Message[] {
  return requests
    .filter(({ path }) => path === '/chat')
    .map(({ body }) => {
      const { status, groupKey, notification_reason: reason, alerts } = JSON.parse(body);
      const [{ labels, annotations }] = alerts;
      return { status, reason, groupKey, labels, ...annotations };
    });
}

const message = (sink: Sink, number: number): Promise<Message> =>
  until(`message ${number} came`, () => messages(sink)[number - 1]);

/** One receiver refuses what it is told first, so that it becomes a dead letter; people hear all. */
function startRefusing(): Promise<Sink> {
  let refusals = 1;
  return startSink({
    answer: ({ path }) => (path === '/erp' && refusals-- > 0 ? { status: 422 } : undefined),
  });
}

async function refuseOne(hub: Hub): Promise<{ readonly id: string }> {
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk' })));
  return found(hub, 'dead-letters');
}

async function fire(hub: Hub, name: string, severity: string, status: 'firing' | 'resolved' = 'firing') {
  const alert = { name, status, labels: { cluster: 'eu', severity } };
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody(alert)));
}

test('[BR-AP-019] [BR-ERR-010] whoever may answer is told that an approval waits, once more before its deadline, and what came of it', async () => {
  await using sink = await startRefusing();
  const approvals = 'approvals: { redrive: [erp], deadline: 4h, receiver: people, remind_before: 1h }';
  await using hub = await startHub({ yaml: yaml(sink, approvals) });
  const letter = await refuseOne(hub);
  const { approval } = (await hub.post(`/api/v1/dead-letters/${letter.id}/redrive`, { by: 'ada' })).json;

  const asked = await message(sink, 1);
  assert.equal(asked.summary, `To be approved: May ${letter.id} be sent to erp again?`);
  assert.match(asked.description, /^Asked by ada\. Without an answer by .* it is rejected\./);
  assert.match(asked.description, new RegExp(`signalbox approvals approve ${approval}\n`));
  assert.deepEqual([asked.labels['approval'], asked.labels['use']], [approval, 'redrive']);

  await hub.forward(3 * HOUR);
  const reminded = await message(sink, 2);
  assert.equal(reminded.reason, 'updated');
  assert.match(reminded.summary, /^Still to be approved: /);
  assert.equal(reminded.groupKey, asked.groupKey, 'one thread');

  await hub.post(`/api/v1/approvals/${approval}/approve`, { by: 'grace', comment: 'the ERP is back' });
  const outcome = await message(sink, 3);
  assert.equal(outcome.status, 'resolved');
  assert.match(outcome.summary, /^Approved by grace: /);
  assert.match(outcome.description, /grace: the ERP is back\ndone: .* is sent to erp again$/);
  await hub.forward(HOUR);
  await hub.restart();
  await hub.forward(HOUR);
  assert.equal(messages(sink).length, 3);
});

test('[BR-ERR-007] a dead letter that takes a person tells one; what nobody answers is told as well, and uses have receivers of their own', async () => {
  await using sink = await startRefusing();
  const approvals =
    'approvals: { intervene: [erp], deadline: 2h, uses: { intervene: { receiver: people } } }';
  await using hub = await startHub({ yaml: yaml(sink, approvals) });
  await refuseOne(hub);
  assert.match((await message(sink, 1)).summary, /^To be approved: .* to erp is a dead letter \(SB_REJECTED/);
  await hub.forward(2 * HOUR);
  const { status, summary } = await message(sink, 2);
  assert.equal(status, 'resolved');
  assert.match(summary, /^Not answered in time, so it is rejected: /);
});

const INCIDENTS = `
correlation: { rules: [{ id: by-cluster, matchers: ['cluster!=""'], same: [cluster], parent: ['alertname="Node"'] }] }
incidents: { receiver: people, updates: [severity, acknowledged], reopen_window: 30m, close_after: 2h`;

test('[BR-AP-004] people are told of an incident as one thread: its opening, what becomes of it, and its end', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink, `${INCIDENTS} }`) });
  await fire(hub, 'Disk', 'warning');
  const opened = await message(sink, 1);
  assert.equal(opened.summary, 'Incident: Disk');
  assert.match(opened.description, /Likely cause: Disk: it began before the others/);

  await hub.forward(MINUTE);
  await fire(hub, 'Node', 'critical');
  const worse = await message(sink, 2);
  assert.equal(worse.summary, 'Incident: Node');
  assert.match(worse.description, /^Now: its severity is critical\.\n2 alerts, 2 of them firing/);
  assert.match(worse.description, /Likely cause: Node: a rule names it as the parent/);
  assert.match(worse.description, /Alerts: Node \(firing\), Disk \(firing\)/);
  assert.equal(worse.groupKey, opened.groupKey, 'one thread');
  assert.equal(worse.labels['severity'], 'critical');

  const id = opened.labels['incident'];
  await hub.post(`/api/v1/incidents/${id}/acknowledge`, { by: 'kim' });
  const acknowledged = await message(sink, 3);
  assert.match(acknowledged.description, /^Now: acknowledged by kim\./);
  await hub.forward(30 * HOUR);
  assert.equal(messages(sink).length, 3, 'what somebody is on is not repeated');

  await fire(hub, 'Disk', 'warning', 'resolved');
  await fire(hub, 'Node', 'critical', 'resolved');
  const resolved = await message(sink, 4);
  assert.deepEqual([resolved.status, resolved.summary], ['resolved', 'Incident resolved: Node']);
  const rows = (await list(hub, 'incidents')) as { alerts: number }[];
  assert.deepEqual(
    rows.map(({ alerts }) => alerts),
    [2],
    'what tells of an incident is no part of one',
  );
  const alerts = sink.requests.filter(({ path }) => path === '/erp');
  assert.ok(alerts.length >= 4, 'the routes of its alerts are as they were');
});

test('[BR-AP-004] an incident that is told holds its alerts, and after it they are told by themselves', async () => {
  await using sink = await startSink();
  const hold = `${INCIDENTS}, suppress_member_notifications: true }`;
  await using hub = await startHub({ yaml: yaml(sink, hold) });
  await fire(hub, 'Disk', 'critical');
  await fire(hub, 'Node', 'critical');
  const incident = (await message(sink, 1)).labels['incident'];
  const { suppressed_by: held } = await found(hub, 'alerts', ({ labels }) => labels.alertname === 'Disk');
  assert.deepEqual(held, [{ reason: 'incident', rule: incident }]);
  await hub.forward(10 * MINUTE);
  const alerts = () => sink.requests.filter(({ path }) => path === '/erp');
  assert.deepEqual(alerts(), [], 'not even at a later tick');

  await fire(hub, 'Node', 'critical', 'resolved');
  await hub.post(`/api/v1/incidents/${incident}/close`, { by: 'kim' });
  await hub.forward(MINUTE);
  const told = await until('the alert is told by itself', () => alerts()[0]);
  assert.equal(JSON.parse(told.body).alerts[0].labels.alertname, 'Disk');
});

test('[BR-AP-004] whoever acknowledges an incident may acknowledge its alerts with it', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink, `${INCIDENTS} }`) });
  await fire(hub, 'Disk', 'warning');
  await fire(hub, 'Node', 'warning');
  const id = (await message(sink, 1)).labels['incident'];
  await found(hub, 'incidents', ({ alerts }) => alerts === 2);
  const states = async () =>
    (await list(hub, 'alerts'))
      .filter(({ labels }) => labels.cluster === 'eu')
      .map(({ lifecycle }) => lifecycle.state as string);
  await hub.post(`/api/v1/incidents/${id}/acknowledge`, { by: 'kim' });
  assert.deepEqual(await states(), ['open', 'open']);
  const both = { by: 'kim', acknowledge_alerts: true };
  assert.equal((await hub.post(`/api/v1/incidents/${id}/acknowledge`, both)).status, 200);
  assert.deepEqual(await states(), ['acknowledged', 'acknowledged']);
});
