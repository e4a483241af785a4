import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startFakeOpenai } from '../fakes/openai.ts';
import { startSink, type Sink } from '../fakes/sink.ts';
import { exchange, startHub, until, type Hub } from '../harness.ts';
import { startHubProcess } from '../hub-process.ts';
import { alertmanagerBody, found, processed, type Statement } from './told.ts';

const ANSWER = {
  summary: 'The disk of db-1 fills up.',
  probable_cause: 'Logs are not rotated.',
  runbook: '1. Look at /var/log.',
};

function yaml(sink: Sink, more: string): string {
  return `
integrations:
  prom: { connector: alertmanager, dedupe_window: 0s }
  pager: { connector: webhook, config: { url: "${sink.url}", format: cloudevents } }
${more}
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_by: ["..."], group_wait: 0s, group_interval: 1s }
`;
}

const model = (baseUrl: string) =>
  `  llm: { connector: openai, config: { base_url: "${baseUrl}", api_key: sk-test-4711, model: small-model } }
analysis: { analyst: { integration: llm, matchers: ['team="db"'], timeout: 1h } }`;

async function say(hub: Hub, ...statements: readonly Statement[]): Promise<void> {
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody(...statements)));
}

interface ToldAlert {
  readonly status: string;
  readonly analysis?: Record<string, unknown>;
}

function toldOf(sink: Sink, status: string): Promise<ToldAlert> {
  return until(`it is told ${status}`, () =>
    sink.requests
      .flatMap(({ body }) => (JSON.parse(body) as { data: { alerts: ToldAlert[] } }).data.alerts)
      .find((alert) => alert.status === status),
  );
}

test('[BR-AP-016] what a language model makes of a new alert appears at the alert, labelled as made by a machine, and in later notifications; no secret and no personal data reaches it', async () => {
  await using cleanup = new AsyncDisposableStack();
  await using sink = await startSink();
  const openai = await startFakeOpenai();
  cleanup.defer(openai.close);
  openai.answerWith(() => ANSWER);
  await using hub = await startHub({ yaml: yaml(sink, model(openai.baseUrl)) });
  const labels = { team: 'db', user: 'ada', api_token: 'tok-12345678' };
  const summary = 'Disk full, ask ada@example.org, log in with password=hunter22 or sk-test-4711';
  await say(hub, { name: 'DiskFull', labels, annotations: { summary } });
  assert.equal((await toldOf(sink, 'firing')).analysis, undefined, 'nobody waited for it');

  const alert = await until('the answer is at the alert', async () => {
    const known = await found(hub, 'alerts');
    return known.facts?.analysis ? known : undefined;
  });
  const { at, ...analysis } = alert.facts.analysis;
  assert.deepEqual(analysis, { machine_made: true, by: 'llm', ...ANSWER });
  assert.ok(Math.abs(Date.parse(at) - hub.now()) < 60_000);

  const [question, ...more] = openai.questions;
  assert.deepEqual(more, []);
  assert.equal(question?.authorization, 'Bearer sk-test-4711');
  assert.match(question.text, /Disk full, ask \[email\], log in with password=\[secret\]/);
  for (const secret of ['ada', 'tok-12345678', 'hunter22', 'sk-test-4711'])
    assert.ok(!question.text.includes(secret), `${secret} left the house`);

  const { json } = await hub.get(`/api/v1/alerts/${alert.fingerprint}/explain`);
  const stage = json.chain.find((each: { stage: string }) => each.stage === 'analyse');
  assert.match(JSON.stringify(stage), /a machine says: The disk of db-1 fills up\./);

  await say(hub, { name: 'DiskFull', labels });
  assert.ok((await found(hub, 'alerts')).facts.analysis, 'what is said of the alert later leaves it');
  assert.equal(openai.questions.length, 1, 'an episode is asked about once');
  await hub.forward(60_000);
  await say(hub, { name: 'DiskFull', labels, status: 'resolved' });
  const told = (await toldOf(sink, 'resolved')).analysis;
  assert.equal(told?.['machineMade'], true);
  assert.equal(told['probableCause'], ANSWER.probable_cause);
});

test('[BR-AP-016] a model that is silent, down or talks nonsense changes nothing for those who are told, and alerts that nobody asked to analyse stay in the house', async () => {
  await using cleanup = new AsyncDisposableStack();
  await using sink = await startSink();
  const openai = await startFakeOpenai();
  cleanup.defer(openai.close);
  await using hub = await startHub({ yaml: yaml(sink, model(openai.baseUrl)) });
  let told = 0;
  for (const [name, answer] of [
    ['Nonsense', { body: { choices: [{ message: { content: 'no idea' } }] } }],
    ['Down', { status: 503, body: 'down' }],
    ['Silent', 'silent'],
  ] as const) {
    openai.answerWith(answer);
    await say(hub, { name, severity: 'critical', labels: { team: 'db' } });
    told += 1;
    await sink.received(told);
    await until(`${name} was asked about`, () => openai.questions.length === told);
  }
  await say(hub, { name: 'Private', labels: { team: 'hr' } });
  await sink.received(told + 1);
  const { json } = await hub.get('/api/v1/alerts');
  assert.equal(json.items.length, 4);
  for (const { facts } of json.items) assert.equal(facts?.analysis, undefined);
  assert.equal(openai.questions.length, 3);
  const metrics = (await hub.get('/metrics')).text;
  assert.match(metrics, /signalbox_analysis_questions_total\{role="analyst",outcome="failed"\} 2/);
  assert.equal((await hub.get('/api/v1/integrations/llm')).json.health.status, 'degraded');
});

test('[BR-AP-016] what waited for the analyst when the hub ended is asked about again, and what has its answer is not', async () => {
  await using cleanup = new AsyncDisposableStack();
  await using sink = await startSink();
  const openai = await startFakeOpenai();
  cleanup.defer(openai.close);
  await using hub = await startHub({ yaml: yaml(sink, model(openai.baseUrl)) });
  const answered = (name: string) =>
    found(hub, 'alerts', ({ labels, facts }) => labels.alertname === name && facts?.analysis !== undefined);
  const labels = { team: 'db' };
  openai.answerWith(() => ANSWER);
  await say(hub, { name: 'Answered', labels });
  await answered('Answered');
  openai.answerWith('silent');
  await say(hub, { name: 'Waiting', labels });
  await until('it was asked about', () => openai.questions.length === 2);

  openai.answerWith(() => ANSWER);
  await hub.restart();
  await answered('Waiting');
  assert.equal(openai.questions.length, 3);
  assert.match(openai.questions[2]!.text, /Waiting/);
});

const SCORER = `
export default {
  id: 'oracle', title: 'Oracle', summary: 'Knows what matters.', version: '1.0.0',
  config: { type: 'object', properties: {} },
  scorer: { score: async ({ alert }) => ({ value: 0.1, why: alert.labels.alertname + ' is never looked at' }) },
};
`;

test('[BR-AP-007] a scorer from outside judges alerts through the SDK, and a rule says what its score may do', async () => {
  await using cleanup = new AsyncDisposableStack();
  await using sink = await startSink();
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-scorer-'));
  cleanup.defer(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'oracle.mjs'), SCORER);
  const { program, url } = await startHubProcess(
    folder,
    yaml(
      sink,
      `  oracle: { connector: oracle }
connectors: [./oracle.mjs]
classification: {}
analysis: { scorer: { integration: oracle } }
rules: [{ id: unloved, when: facts.analysis.score.value < 0.2, hold: looked at in the morning }]`,
    ),
  );
  cleanup.defer(async () => void (await program.stop()));
  const send = () =>
    exchange(`${url}/hooks/prom`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(
        alertmanagerBody({ name: 'Noise', severity: 'info', labels: { namespace: 'shop-dev' } }),
      ),
    });
  const alertOf = async () => (await exchange(`${url}/api/v1/alerts`, {})).json.items[0];
  await send();
  const scored = await until('it is scored', async () => {
    const alert = await alertOf();
    return alert?.facts?.analysis ? alert : undefined;
  });
  const { value, why, by } = scored.facts.analysis.score;
  assert.deepEqual({ value, why, by }, { value: 0.1, why: 'Noise is never looked at', by: 'oracle' });
  assert.equal(scored.hold, undefined);
  await send();
  const held = await until('a rule holds it', async () => {
    const alert = await alertOf();
    return alert?.hold ? alert : undefined;
  });
  assert.equal(held.hold.rule, 'unloved');
});
