// One hub for all stories: each alert has a label that decides which way it goes, and what keeps it from being told.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runCli } from '../../src/cli/testing/run-cli.ts';
import { startSink, type Sink } from '../fakes/sink.ts';
import { startHub, until, type Hub } from '../harness.ts';
import { alertmanagerBody, list, processed } from './told.ts';

const MINUTE = 60_000;

const yaml = (url: string) => `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${url}/pager" } }
  broken:
    connector: webhook
    config: { url: "${url}/broken" }
    retry: { initial: 20m, max: 20m }
    deadline: 2h
receivers:
  ops: [{ integration: pager }]
  shaky: [{ integration: broken }]
  nobody: []
time_intervals:
  always: [{ times: [{ start_time: "00:00", end_time: "24:00" }] }]
inhibit_rules:
  - { source_matchers: 'alertname="ClusterDown"', target_matchers: 'way="inhibited"' }
rules:
  - { id: quiet-batch, matchers: 'way="filtered"', hold: batch jobs may be late }
routes:
  receiver: ops
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1m
  repeat_interval: 4h
  routes:
    - { receiver: ops, matchers: ['way="waiting"'], group_wait: 10m }
    - { receiver: nobody, matchers: ['way="nobody"'] }
    - { receiver: shaky, matchers: ['way="failing"'] }
    - { receiver: ops, matchers: ['way="muted"'], mute_time_intervals: [always] }
`;

let sink: Sink;
let hub: Hub;
before(async () => {
  sink = await startSink({ answer: ({ path }) => (path === '/broken' ? { status: 503 } : undefined) });
  hub = await startHub({ yaml: yaml(sink.url) });
});
after(async () => {
  await hub?.stop();
  await hub?.[Symbol.asyncDispose]();
  await sink?.close();
});

async function say(name: string, way: string, status: 'firing' | 'resolved' = 'firing'): Promise<string> {
  const receipt = await processed(
    hub,
    await hub.send('/hooks/prom', alertmanagerBody({ name, status, severity: 'warning', labels: { way } })),
  );
  return receipt.alerts[0];
}

/** Asks until the hub has come so far. */
function explained(fingerprint: string, verdict: string) {
  return until(`${fingerprint} is ${verdict}`, async () => {
    const { json } = await hub.get(`/api/v1/alerts/${fingerprint}/explain`);
    return json.verdict === verdict && json;
  });
}

const stage = (explanation: any, name: string): { text: string; rule?: string }[] =>
  explanation.chain.find((step: { stage: string }) => step.stage === name).entries;

test('[BR-AP-020] of an alert that was told it says who was told, when, why, and when they are told again', async () => {
  const { answer, told, next, ...more } = await explained(await say('Plain', 'plain'), 'told');
  assert.match(answer, /^Told that it fires: pager at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\.$/);
  const [{ integration, receiver, why, status }] = told;
  assert.deepEqual([integration, receiver, why, status], ['pager', 'ops', 'first', 'delivered']);
  assert.deepEqual(next.map(({ kind }: { kind: string }) => kind).slice(0, 3), [
    'flush',
    'repeat',
    'lifecycle',
  ]);
  assert.match(stage(more, 'route')[0]!.text, /^receiver ops \(pager\), because it takes whatever/);
  assert.match(stage(more, 'receive')[0]!.text, /^signal [0-9a-f]{32}, processed after \d+ ms$/);
});

test('[BR-AP-020] a silence: by whom, why and until when', async () => {
  const until12 = new Date(hub.now() + 10 * MINUTE).toISOString();
  const made = await hub.post('/api/v1/silences', {
    matchers: ['way="silenced"'],
    ends_at: until12,
    created_by: 'ada',
    comment: 'disks are being replaced',
  });
  assert.equal(made.status, 200);
  const { answer, next } = await explained(await say('Quiet', 'silenced'), 'held');
  assert.match(
    answer,
    /^Nobody was told: it is silenced by ada until .* \(“disks are being replaced”\), silence /,
  );
  const release = next.find(({ kind }: { kind: string }) => kind === 'release');
  assert.equal(release.at, made.json.ends_at);
});

test('[BR-AP-020] an inhibition names the alert that inhibits', async () => {
  await say('ClusterDown', 'plain');
  const { answer } = await explained(await say('Slow', 'inhibited'), 'held');
  assert.match(answer, /it is inhibited by ClusterDown \([0-9a-f]{16}\) for as long as that fires/);
});

test('[BR-AP-020] a muted route and a rule that holds are named', async () => {
  const muted = await until('the group has looked', async () => {
    const made = await explained(await say('Muted', 'muted'), 'held').catch(() => undefined);
    return made;
  });
  assert.match(muted.answer, /it is muted by the time interval always/);
  const filtered = await explained(await say('Batch', 'filtered'), 'held');
  assert.match(filtered.answer, /held by the rule quiet-batch \(“batch jobs may be late”\)/);
  assert.equal(stage(filtered, 'filter')[0]!.rule, 'quiet-batch');
});

test('[BR-AP-020] group_wait, and a receiver with nobody', async () => {
  const waiting = await explained(await say('Later', 'waiting'), 'waiting');
  assert.match(
    waiting.answer,
    /its group waits for group_wait\. ops \(pager\) is told at .*, in (?:9m \d+s|10m)\./,
  );
  const nobody = await explained(await say('Lost', 'nobody'), 'no_recipient');
  assert.equal(nobody.answer, 'Nobody is told: the receiver nobody names nobody.');
});

test('[BR-AP-020] a delivery that failed: with what, and when it is tried again', async () => {
  const fingerprint = await say('Shaky', 'failing');
  const { answer, told, next } = await explained(fingerprint, 'failing');
  assert.match(
    answer,
    /^Nobody was told yet: the delivery to broken failed once, last with SB_UNAVAILABLE: .*503.*; tried again in /,
  );
  assert.equal(told[0].attempts[0].outcome, 'failed');
  assert.deepEqual(next.map(({ kind }: { kind: string }) => kind).slice(0, 3), [
    'retry',
    'deadline',
    'flush',
  ]);
  const { code, stdout, stderr } = await runCli(['explain', fingerprint], {
    folder: hub.folder,
    env: { SIGNALBOX_URL: hub.url },
  });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Nobody was told yet: the delivery to broken/);
  assert.match(stdout, /^ {2}try 1 +✗ failed: SB_UNAVAILABLE/m);
  assert.match(stdout, /^What happens next$/m);
});

test('[BR-AP-020] what was over before anybody was told', async () => {
  const fingerprint = await say('Blip', 'waiting');
  await say('Blip', 'waiting', 'resolved');
  const { answer } = await explained(fingerprint, 'resolved_untold');
  assert.match(answer, /before group_wait \(10m\) was over/);
});

test('an alert that nobody knows is not found', async () => {
  const { status } = await hub.get('/api/v1/alerts/00000000000000ff/explain');
  assert.equal(status, 404);
  assert.ok((await list(hub, 'alerts')).length > 0);
});
