import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink, type Sink } from '../fakes/sink.ts';
import { startHub, type Hub } from '../harness.ts';
import { alertmanagerBody, found, list, processed } from './told.ts';

const HOUR = 3_600_000;

function yaml(sink: Sink, approvals: string): string {
  return `
integrations:
  prom: { connector: alertmanager }
  erp: { connector: webhook, config: { url: "${sink.url}/erp" } }
receivers:
  ops: [{ integration: erp }]
routes: { receiver: ops, group_by: [alertname], group_wait: 0s, group_interval: 1m, repeat_interval: 24h }
approvals: { ${approvals} }
`;
}

/** The receiver refuses what it is told, so that it becomes a dead letter. */
async function refuseOne(hub: Hub, sink: Sink): Promise<{ readonly id: string }> {
  sink.answerWith(422);
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk' })));
  const letter = await found(hub, 'dead-letters');
  sink.answerWith(200);
  return letter;
}

const fetchUntil = (hub: Hub, id: string, state: string) =>
  found(hub, 'approvals', (approval) => approval.id === id && approval.state === state);

test('[BR-ERR-010] [BR-AP-019] a re-drive waits for the approval of somebody else, and then happens once', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink, 'redrive: [erp]') });
  const letter = await refuseOne(hub, sink);

  const asked = await hub.post(`/api/v1/dead-letters/${letter.id}/redrive`, { by: 'ada' });
  assert.equal(asked.status, 200);
  const { outcome, approval } = asked.json;
  assert.equal(outcome, 'awaiting_approval');
  const again = await hub.post(`/api/v1/deliveries/${letter.id}/redrive`);
  assert.deepEqual([again.status, again.json.code], [409, 'approval_needed'], 'no way leads past it');
  assert.equal((await list(hub, 'approvals')).length, 1, 'who asks again finds the same question');

  const own = await hub.post(`/api/v1/approvals/${approval}/approve`, { by: 'ada' });
  assert.equal(own.status, 409);
  assert.equal(sink.requests.length, 1, 'nothing was sent again yet');

  const approved = await hub.post(`/api/v1/approvals/${approval}/approve`, {
    by: 'grace',
    comment: 'the ERP is back',
  });
  assert.equal(approved.status, 200, approved.text);
  const { state, answered_by, comment, execution } = approved.json;
  assert.deepEqual([state, answered_by, comment], ['approved', 'grace', 'the ERP is back']);
  assert.equal(execution.state, 'done');
  await sink.received(2);

  assert.equal((await hub.post(`/api/v1/approvals/${approval}/approve`, { by: 'linus' })).status, 409);
  assert.equal((await hub.post(`/api/v1/approvals/${approval}/reject`, { by: 'linus' })).status, 409);
  await found(hub, `deliveries?status=delivered`, ({ id }) => id === letter.id);
  await hub.restart();
  await hub.forward(HOUR);
  assert.equal(sink.requests.length, 2, 'a restart repeats nothing');
});

test('[BR-AP-019] an approval that nobody answers expires to its default', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink, 'redrive: [erp], deadline: 2h') });
  const letter = await refuseOne(hub, sink);
  const { approval } = (await hub.post(`/api/v1/dead-letters/${letter.id}/redrive`, { by: 'ada' })).json;
  await hub.forward(2 * HOUR);
  const expired = await fetchUntil(hub, approval, 'expired');
  assert.deepEqual(
    [expired.on_expiry, expired.answered_by, expired.execution],
    ['reject', undefined, undefined],
  );
  assert.equal((await hub.post(`/api/v1/approvals/${approval}/approve`, { by: 'grace' })).status, 409);
  assert.equal((await list(hub, 'dead-letters')).length, 1, 'it stays a dead letter');

  await hub.reload(yaml(sink, 'redrive: [erp], deadline: 2h, on_expiry: approve'));
  const second = (await hub.post(`/api/v1/dead-letters/${letter.id}/redrive`, { by: 'ada' })).json.approval;
  assert.notEqual(second, approval);
  await hub.forward(2 * HOUR);
  await sink.received(2);
  assert.equal((await fetchUntil(hub, second, 'expired')).execution.state, 'done');
});

test('[BR-ERR-007] a dead letter asks for a person by itself, and names the delivery and its fault', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink, 'intervene: [erp]') });
  const letter = await refuseOne(hub, sink);
  const approval = await found(hub, `approvals?subject_kind=dead_letter&subject_id=${letter.id}`);
  assert.match(approval.question, new RegExp(`^${letter.id} to erp is a dead letter \\(SB_REJECTED: `));
  assert.equal(approval.requested_by, 'signalbox');
  const rejected = await hub.post(`/api/v1/approvals/${approval.id}/reject`, { by: 'ada' });
  assert.deepEqual([rejected.json.state, rejected.json.answered_by], ['rejected', 'ada']);
  assert.equal(sink.requests.length, 1);
  // Where only intervention is asked for, whoever wants to may still send it again at once.
  assert.equal((await hub.post(`/api/v1/dead-letters/${letter.id}/redrive`)).json.outcome, 'redriven');
  await sink.received(2);
});

test('[BR-ERR-010] a quarantined signal is read anew once somebody approves', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink, 'redrive: [prom]') });
  const refused = await hub.send('/hooks/prom', { version: '4', alerts: 'none' });
  assert.ok(refused.status >= 400, refused.text);
  const letter = await found(hub, 'dead-letters?kind=signal');
  const { outcome, approval } = (await hub.post(`/api/v1/dead-letters/${letter.id}/redrive`, { by: 'ada' }))
    .json;
  assert.equal(outcome, 'awaiting_approval');
  await hub.post(`/api/v1/approvals/${approval}/approve`, { by: 'grace' });
  // It is as broken as before, and that is what came of it.
  const done = await found(hub, 'approvals', ({ execution }) => execution?.state === 'failed');
  assert.match(done.execution.detail, /still can't be taken in/);
  assert.equal((await list(hub, 'dead-letters')).length, 1);
});
