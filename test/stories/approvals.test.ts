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

test('[BR-AP-028] [BR-QUAL-010] a namespace is promoted when everybody has agreed whom the gate names, and no way leads past it', async () => {
  await using sink = await startSink();
  await using hub = await startHub({
    yaml: yaml(
      sink,
      `roles: { developer: [dora], lead: [dora, leo], business: [bea] },
  promotions: [{ from: staging, to: production, requested_by: [developer], needs: { lead: 1, business: 1 } }]`,
    ),
  });
  const shop = { cluster: 'eu-1', namespace: 'shop' };
  const isIn = (environment: string) => found(hub, 'namespaces', (item) => item.environment === environment);
  await hub.post('/api/v1/namespaces/events', { ...shop, event: 'present', labels: { env: 'staging' } });
  await isIn('staging');

  const past = { ...shop, event: 'promoted', environment: 'production', promotion: 'CHG-7' };
  assert.equal((await hub.post('/api/v1/namespaces/events', past)).json.code, 'approval_needed');
  const ask = (to: string, by: string) => hub.post('/api/v1/promotions', { ...shop, to, by });
  const skipped = await ask('testing', 'dora');
  assert.deepEqual([skipped.status, skipped.json.code], [409, 'conflict'], 'no gate leads there');
  assert.match(skipped.json.detail, /from there it can go to production/);
  assert.equal((await ask('production', 'bea')).status, 409, 'she may not ask');

  const asked = await ask('production', 'dora');
  assert.equal(asked.status, 200, asked.text);
  const { id } = asked.json;
  assert.equal((await ask('production', 'dora')).json.id, id, 'one question, however often it is asked');
  const approve = (by: string) => hub.post(`/api/v1/approvals/${id}/approve`, { by });
  assert.equal((await approve('dora')).status, 409, 'nobody agrees to an own request');
  assert.equal((await approve('eve')).status, 409, 'who has no role has no say');
  const half = (await approve('leo')).json;
  assert.deepEqual([half.state, half.action.missing], ['pending', [{ role: 'business', count: 1 }]]);
  assert.equal((await approve('leo')).status, 409, 'and nobody twice');
  await isIn('staging');

  const whole = (await approve('bea')).json;
  assert.deepEqual([whole.state, whole.execution.state], ['approved', 'done']);
  await isIn('production');
  const entry = (await list(hub, 'namespaces/history')).find(
    ({ event, kind }) => (event ?? kind) === 'promoted',
  );
  assert.equal(entry.promotion, id);
  assert.deepEqual(await list(hub, 'namespaces/history?unapproved=true'), []);
});

test('[BR-QUAL-010] approvals are for the environment that was asked from: a namespace that changed is not promoted', async () => {
  await using sink = await startSink();
  const gates = `roles: { lead: [leo] }, promotions: [{ from: staging, to: production, needs: { lead: 1 } }]`;
  await using hub = await startHub({ yaml: yaml(sink, gates) });
  const shop = { cluster: 'eu-1', namespace: 'shop', event: 'present' };
  const isIn = (environment: string) => found(hub, 'namespaces', (item) => item.environment === environment);
  await hub.post('/api/v1/namespaces/events', { ...shop, labels: { env: 'staging' } });
  await isIn('staging');
  const { event: _, ...place } = shop;
  const { id } = (await hub.post('/api/v1/promotions', { ...place, to: 'production', by: 'dora' })).json;
  await hub.post('/api/v1/namespaces/events', { ...shop, labels: { env: 'development' } });
  await isIn('development');
  const { execution } = (await hub.post(`/api/v1/approvals/${id}/approve`, { by: 'leo' })).json;
  assert.deepEqual(
    [execution.state, execution.detail],
    ['failed', 'the namespace is development by now, and the approvals are for staging'],
  );
});

test('[BR-AP-019] another tool asks, is found again under its key, sees the answer, and the metrics count it', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink, 'deadline: 2h') });
  const body = { subject: 'deploy/shop', question: 'May shop 1.4 go to production?', by: 'ci' };
  const ask = (question = body.question) =>
    hub.send('/api/v1/approvals', { ...body, question }, { 'idempotency-key': 'shop-1.4' });
  const asked = await ask();
  assert.equal(asked.status, 200, asked.text);
  const { id, state, subject, action } = asked.json;
  assert.deepEqual([state, subject, action], ['pending', { kind: 'request', id: 'deploy/shop' }, undefined]);
  assert.equal((await ask()).json.id, id, 'the same question, however often it is asked');
  assert.equal((await ask('May shop 1.5 go?')).status, 409, 'the key stands for other words');
  assert.match(await metricsOf(hub), /^signalbox_approvals_pending\{subject="request"\} 1$/m);

  assert.equal((await hub.post(`/api/v1/approvals/${id}/approve`, { by: 'ci' })).status, 409, 'four eyes');
  await hub.post(`/api/v1/approvals/${id}/approve`, { by: 'grace' });
  const { state: after, answered_by } = (await hub.get(`/api/v1/approvals/${id}`)).json;
  assert.deepEqual([after, answered_by], ['approved', 'grace']);
  assert.equal((await ask()).json.state, 'approved', 'a repeat after the answer finds the answer');
  const metrics = await metricsOf(hub);
  assert.match(metrics, /^signalbox_approvals_total\{use="request",outcome="approved"\} 1$/m);
  assert.match(metrics, /^signalbox_approvals_oldest_pending_seconds 0$/m);

  const other = { ...body, subject: 'other', deadline_ms: HOUR, on_expiry: 'approve' };
  const second = (await hub.post('/api/v1/approvals', other)).json;
  await hub.forward(HOUR);
  assert.equal((await fetchUntil(hub, second.id, 'expired')).on_expiry, 'approve');
});

const metricsOf = async (hub: Hub): Promise<string> => (await hub.get('/metrics')).text;
