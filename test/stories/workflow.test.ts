import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startFakeEngine, type FakeEngine } from '../fakes/workflow-engine.ts';
import { exchange, startHub, until, type Hub } from '../harness.ts';
import { startHubProcess } from '../hub-process.ts';
import { alertmanagerBody, found, list, processed } from './told.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function yaml(engine: FakeEngine, rule: string, more = ''): string {
  return `
integrations:
  prom: { connector: alertmanager, dedupe_window: 0s }
  argo:
    connector: workflow-http
    retry: { initial: 10s, max: 10s }
    config:
      url: "${engine.url}/runs"
      bearer_token: s3cret-t0ken
      body: '{"workflow": {{ run.rule | json }}, "parameters": {{ run.inputs | json }}, "fingerprint": {{ alert.fingerprint | json }}}'
      reference_pointer: /metadata/name
      status:
        url: "${engine.url}/runs/{{ reference }}"
        pointer: /status/phase
        words_pointer: /status/message
        succeeded: [Succeeded]
        failed: [Failed, Error]
receivers: { nobody: [] }
routes: { receiver: nobody }
workflows:
  - id: restart
    integration: argo
    inputs: { namespace: "{{ alert.labels.namespace }}" }
    ${rule}
${more}`;
}

const STUCK = { name: 'Stuck', labels: { namespace: 'shop' } };

async function say(hub: Hub, status: 'firing' | 'resolved' = 'firing'): Promise<void> {
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ ...STUCK, status })));
}

/** Waits until a run has a status; resolves with it. */
const runIs = (hub: Hub, status: string) => found(hub, 'workflow-runs', (run) => run.status === status);

test('[BR-AP-017] a firing alert starts one run per episode, its end reaches the alert, and explain says what was started and by which rule', async () => {
  await using engine = await startFakeEngine();
  await using hub = await startHub({ yaml: yaml(engine, `matchers: ['alertname="Stuck"']`) });
  await say(hub);
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Other' })));
  const run = await runIs(hub, 'running');
  const [alert] = await list(hub, 'alerts?matcher=alertname%3D%22Stuck%22');
  assert.deepEqual(
    [run.rule, run.integration, run.trigger, run.subject, run.reference, run.inputs],
    ['restart', 'argo', 'firing', { kind: 'alert', id: alert.fingerprint }, 'fix-1', { namespace: 'shop' }],
  );
  assert.deepEqual(engine.starts[0]?.body, {
    workflow: 'restart',
    parameters: { namespace: 'shop' },
    fingerprint: alert.fingerprint,
  });

  await say(hub);
  await hub.restart();
  await hub.forward(MINUTE);
  await say(hub);
  engine.report('Succeeded', 'three pods restarted');
  const ended = await until('the end is known', async () => {
    await hub.forward(5 * MINUTE);
    return (await list(hub, 'workflow-runs')).find(({ status }) => status === 'succeeded');
  });
  assert.match(ended.words, /Succeeded: three pods restarted/);
  assert.equal(engine.starts.length, 1, 'repeats and a restart start nothing more');
  const asked = engine.questions();
  await hub.forward(HOUR);
  assert.equal(engine.questions(), asked, 'nobody asks after what has ended');

  const explained = (await hub.get(`/api/v1/alerts/${alert.fingerprint}/explain`)).json;
  const stage = explained.chain.find((step: { stage: string }) => step.stage === 'workflow');
  assert.equal(stage.entries.length, 1);
  assert.deepEqual([stage.entries[0].rule, stage.entries[0].tone], ['restart', 'good']);
  assert.match(stage.entries[0].text, /^it fires: run w_\w+ at argo as fix-1 has succeeded/);
  assert.ok(!JSON.stringify(await list(hub, 'workflow-runs')).includes('s3cret'));

  await say(hub, 'resolved');
  await say(hub);
  await until('the next episode is handed over as well', () => engine.starts.length === 2);
  const episodes = (await list(hub, 'workflow-runs')).map(({ episode }) => episode);
  assert.deepEqual(episodes, [2, 1]);
  assert.notEqual(engine.starts[0]?.key, engine.starts[1]?.key);
});

test('[BR-AP-017] [BR-REL-014] a hub that is killed after the engine took the run starts it again under the same key, so there is one run', async () => {
  await using engine = await startFakeEngine();
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-killed-'));
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rm(folder, { recursive: true }));
  const config = yaml(engine, 'on: firing');
  engine.answerStartsWith('silent');
  const first = await startHubProcess(folder, config);
  const body = JSON.stringify(alertmanagerBody(STUCK));
  const headers = { 'content-type': 'application/json' };
  await exchange(`${first.url}/hooks/prom`, { method: 'POST', headers, body });
  await until('the engine has the run, and the hub does not know yet', () => engine.starts.length === 1);
  first.program.child.kill('SIGKILL');
  await once(first.program.child, 'exit');

  engine.answerStartsWith(undefined);
  const second = await startHubProcess(folder, config);
  cleanup.defer(async () => void (await second.program.stop()));
  const [run] = await until('the run is known', async () => {
    const { json } = await exchange(`${second.url}/api/v1/workflow-runs?status=running`, {});
    return json.items.length > 0 && json.items;
  });
  assert.deepEqual(engine.runs, ['fix-1']);
  assert.equal(run.reference, 'fix-1');
  assert.equal(new Set(engine.starts.map(({ key }) => key)).size, 1);
});

test('[BR-AP-017] while the engine is down the start is tried again; what resolves meanwhile is not started late', async () => {
  await using engine = await startFakeEngine();
  await using hub = await startHub({ yaml: yaml(engine, 'on: firing') });
  engine.answerStartsWith({ status: 503, body: { error: 's3cret-t0ken is fine' } });
  await say(hub);
  const waiting = await found(hub, 'workflow-runs', ({ words }) => words !== undefined);
  assert.equal(waiting.status, 'starting');
  assert.match(waiting.words, /^its start is tried again: SB_UNAVAILABLE: /);
  assert.ok(!waiting.words.includes('s3cret'));
  engine.answerStartsWith(undefined);
  await until('it is started', async () => {
    await hub.forward(MINUTE);
    return engine.runs.length === 1;
  });
  await runIs(hub, 'running');
  assert.equal(new Set(engine.starts.map(({ key }) => key)).size, 1);

  engine.answerStartsWith({ status: 503 });
  await say(hub, 'resolved');
  await say(hub);
  await found(hub, 'workflow-runs', ({ episode, words }) => episode === 2 && words !== undefined);
  await say(hub, 'resolved');
  engine.answerStartsWith(undefined);
  const canceled = await until('it is given up', async () => {
    await hub.forward(MINUTE);
    return (await list(hub, 'workflow-runs')).find(({ status }) => status === 'canceled');
  });
  assert.deepEqual([canceled.episode, canceled.words], [2, 'the alert has resolved']);
  assert.deepEqual(engine.runs, ['fix-1']);
});

test('[BR-AP-017] what the engine refuses for good is a dead letter, and a person may have it tried again', async () => {
  await using engine = await startFakeEngine();
  await using hub = await startHub({ yaml: yaml(engine, 'on: firing') });
  engine.answerStartsWith({ status: 422 });
  await say(hub);
  const failed = await runIs(hub, 'failed');
  assert.match(failed.words, /^it could not be started: SB_REJECTED: /);
  engine.answerStartsWith(undefined);
  assert.equal((await hub.post(`/api/v1/dead-letters/${failed.delivery}/redrive`)).json.outcome, 'redriven');
  assert.equal((await runIs(hub, 'running')).id, failed.id);
  assert.deepEqual(engine.runs, ['fix-1']);
});

test('[BR-AP-017] [BR-AP-019] with an approval nothing starts before somebody agrees, then exactly one run does', async () => {
  await using engine = await startFakeEngine();
  await using hub = await startHub({ yaml: yaml(engine, 'approval: { deadline: 2h }') });
  await say(hub);
  const run = await runIs(hub, 'waiting');
  const approval = await found(hub, `approvals?subject_kind=workflow_run&subject_id=${run.id}`);
  assert.equal(approval.question, 'May argo run restart for Stuck with namespace=shop?');
  await hub.forward(HOUR);
  await hub.restart();
  assert.equal(engine.starts.length, 0);

  const approved = await hub.post(`/api/v1/approvals/${approval.id}/approve`, { by: 'grace' });
  assert.deepEqual([approved.status, approved.json.execution.state], [200, 'done'], approved.text);
  const running = await runIs(hub, 'running');
  assert.deepEqual([running.id, running.approved_by], [run.id, 'grace']);
  assert.equal((await hub.post(`/api/v1/approvals/${approval.id}/approve`, { by: 'linus' })).status, 409);
  await hub.restart();
  await hub.forward(HOUR);
  assert.equal(engine.starts.length, 1);
});

test('[BR-AP-017] [BR-AP-019] nothing starts after a rejection, after nobody answered, or once the alert is over', async () => {
  await using engine = await startFakeEngine();
  await using hub = await startHub({ yaml: yaml(engine, 'approval: { deadline: 2h }') });
  const pending = () => found(hub, 'approvals?state=pending');
  await say(hub);
  await hub.post(`/api/v1/approvals/${(await pending()).id}/reject`, { by: 'grace' });
  assert.equal((await runIs(hub, 'refused')).words, 'rejected by grace');

  await say(hub, 'resolved');
  await say(hub);
  await pending();
  await hub.forward(3 * HOUR);
  await found(hub, 'workflow-runs', ({ words }) => words === 'nobody approved it in time');

  await say(hub, 'resolved');
  await say(hub);
  const { id } = await pending();
  await say(hub, 'resolved');
  const { execution } = (await hub.post(`/api/v1/approvals/${id}/approve`, { by: 'grace' })).json;
  assert.deepEqual([execution.state, execution.detail], ['failed', 'the alert has resolved']);
  await runIs(hub, 'canceled');
  await hub.forward(HOUR);
  assert.equal(engine.starts.length, 0);
});

test('[BR-AP-017] a silenced alert starts nothing while the silence holds, and an engine that never ends is asked no longer than `watch_for`', async () => {
  await using engine = await startFakeEngine();
  await using hub = await startHub({ yaml: yaml(engine, 'watch_for: 10m') });
  const silence = await hub.post('/api/v1/silences', {
    matchers: ['alertname="Stuck"'],
    starts_at: new Date(hub.now() - MINUTE).toISOString(),
    ends_at: new Date(hub.now() + HOUR).toISOString(),
    created_by: 'ada',
    comment: 'we know',
  });
  assert.ok(silence.status < 300, silence.text);
  await say(hub);
  const held = await found(hub, 'workflow-runs', ({ words }) => words !== undefined);
  assert.match(held.words, /^held: silenced/);
  assert.equal(engine.starts.length, 0);
  await hub.forward(HOUR + MINUTE);
  await runIs(hub, 'running');
  await hub.forward(11 * MINUTE);
  assert.match((await runIs(hub, 'unknown')).words, /^it had not ended when `watch_for` was over/);
});

test('[BR-AP-017] an incident is handed over once, however many alerts join it, and a person may hand an alert over by hand', async () => {
  await using engine = await startFakeEngine();
  const correlation = `correlation: { rules: [{ id: by-namespace, same: [namespace] }] }`;
  await using hub = await startHub({ yaml: yaml(engine, 'on: incident', correlation) });
  const stuck = (instance: string) => ({ ...STUCK, instance });
  for (const instance of ['a', 'b', 'c'])
    await processed(hub, await hub.send('/hooks/prom', alertmanagerBody(stuck(instance))));
  const run = await runIs(hub, 'running');
  const [incident] = await list(hub, 'incidents');
  assert.deepEqual([run.subject, run.trigger], [{ kind: 'incident', id: incident.id }, 'incident']);
  assert.equal(engine.starts.length, 1);

  const [alert] = await list(hub, 'alerts');
  const start = (body: object) => hub.post(`/api/v1/alerts/${alert.fingerprint}/workflow`, body);
  assert.equal((await start({ workflow: 'unknown' })).status, 404);
  const byHand = await start({ workflow: 'restart', by: 'ada' });
  assert.deepEqual([byHand.status, byHand.json.trigger, byHand.json.requested_by], [200, 'person', 'ada']);
  await until('the engine has it', () => engine.runs.length === 2);
  await found(hub, 'workflow-runs', ({ trigger, status }) => trigger === 'person' && status === 'running');
  assert.equal((await start({ workflow: 'restart', by: 'ada' })).status, 409, 'not twice at a time');
});

test('[BR-AP-017] a rehearsal says what would be run with which inputs, and runs nothing', async () => {
  await using engine = await startFakeEngine();
  await using hub = await startHub({ yaml: yaml(engine, 'on: firing') });
  const body = { kind: 'payload', integration: 'prom', body: JSON.stringify(alertmanagerBody(STUCK)) };
  const { status, json } = await hub.post('/api/v1/simulations', body);
  assert.equal(status, 200, JSON.stringify(json));
  const { result } = await until('the simulation has ended', async () => {
    const answer = await hub.get(`/api/v1/simulations/${json.id}`);
    return answer.json.status === 'done' && answer.json;
  });
  const texts = result.timeline.map(({ text }: { text: string }) => text);
  assert.ok(texts.includes('argo is asked to run restart'), texts.join('; '));
  assert.deepEqual(JSON.parse(result.messages[0].body).inputs, { namespace: 'shop' });
  assert.deepEqual([engine.starts.length, (await list(hub, 'workflow-runs')).length], [0, 0]);
});
