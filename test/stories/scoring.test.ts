import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { startHub, until, type Hub } from '../harness.ts';
import { alertmanagerBody, list, processed } from './told.ts';

const MINUTE = 60_000;

interface Scored {
  readonly fingerprint: string;
  readonly facts: { score: { value: number; why: { feature: string; weight: number }[] } };
  readonly hold?: { reason: string; rule: string; comment: string };
}

async function say(
  hub: Hub,
  name: string,
  namespace: string,
  severity: string,
  status: 'firing' | 'resolved',
) {
  const at = new Date(hub.now()).toISOString();
  const body = alertmanagerBody({
    name,
    severity,
    status,
    labels: { namespace },
    ...(status === 'firing' ? { startsAt: at } : { endsAt: at }),
  });
  await processed(hub, await hub.send('/hooks/prom', body));
  const matcher = encodeURIComponent(`{alertname="${name}",namespace="${namespace}"}`);
  const [alert] = await list(hub, `alerts?matcher=${matcher}`);
  return alert as unknown as Scored;
}

test('[BR-AP-007] [BR-AP-018] a score is shown with its features, learns from alerts that end by themselves, and holds only where a rule says so, never what is critical in production', async () => {
  await using sink = await startSink();
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sink.url}/pager" } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_by: ['...'], group_wait: 0s, repeat_interval: 30d }
classification: {}
scoring: { quick: 2m }
rules:
  - { id: rarely-relevant, when: facts.score.value < 0.35, hold: looked at in the morning }
`,
  });
  const first = await say(hub, 'Flap', 'shop-staging', 'warning', 'firing');
  assert.equal(first.hold, undefined);
  const sum = first.facts.score.why.reduce((total, { weight }) => total + weight, 0);
  assert.ok(
    Math.abs(first.facts.score.value - 1 / (1 + Math.exp(-sum))) < 0.001,
    'the weights explain the value',
  );
  assert.deepEqual(
    first.facts.score.why.slice(0, 4).map(({ feature }) => feature),
    ['bias', 'alertname=Flap', 'severity=warning', 'environment=staging'],
  );
  for (let round = 1; round <= 8; round++) {
    await hub.forward(MINUTE);
    await say(hub, 'Flap', 'shop-staging', 'warning', 'resolved');
    await until('it was learned from', async () => {
      const { status, json } = await hub.get('/api/v1/scoring/model');
      return status === 200 && json.learned === round;
    });
    await hub.forward(10 * MINUTE);
    await say(hub, 'Flap', 'shop-staging', 'warning', 'firing');
  }
  const last = await say(hub, 'Flap', 'shop-staging', 'warning', 'firing');
  assert.ok(last.facts.score.value < first.facts.score.value - 0.1, JSON.stringify(last.facts.score));
  assert.equal(last.hold?.reason, 'low_score');
  assert.equal(last.hold?.rule, 'rarely-relevant');
  assert.ok(last.facts.score.why.some(({ feature }) => feature === 'history=usually_noise'));

  const { json: model } = await hub.get('/api/v1/scoring/model');
  const learned = (model.weights as { feature: string; learned: number; weight: number }[]).find(
    ({ feature }) => feature === 'alertname=Flap',
  );
  assert.ok(learned && learned.learned < 0, JSON.stringify(model.weights));

  const before = sink.requests.length;
  const critical = await say(hub, 'Flap', 'shop-prod', 'critical', 'firing');
  assert.equal(critical.hold, undefined);
  await until('what is critical in production is told', () => sink.requests.length > before);
});

test('[BR-AP-007] what people acknowledge scores higher from then on', async () => {
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager }
  out: { connector: console }
receivers: { ops: [{ integration: out }] }
routes: { receiver: ops }
classification: {}
scoring: { quick: 1m }
`,
  });
  const scores: number[] = [];
  for (let round = 1; round <= 3; round++) {
    const { fingerprint, facts } = await say(hub, 'Disk', 'shop-dev', 'warning', 'firing');
    scores.push(facts.score.value);
    assert.equal((await hub.post(`/api/v1/alerts/${fingerprint}/acknowledge`, { by: 'ada' })).status, 200);
    await until(
      'it was learned from',
      async () => (await hub.get('/api/v1/scoring/model')).json.learned === round,
    );
    // It ends soon, which says nothing any more: somebody has taken it up.
    await hub.forward(MINUTE / 2);
    await say(hub, 'Disk', 'shop-dev', 'warning', 'resolved');
    await hub.forward(10 * MINUTE);
  }
  assert.ok(scores[0]! < scores[1]! && scores[1]! < scores[2]!, scores.join(' '));
  assert.equal((await hub.get('/api/v1/scoring/model')).json.learned, 3);
});

test('[BR-AP-007] a silence that somebody makes after an alert fired speaks against its like, once per episode; one that was there before says nothing', async () => {
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager }
  out: { connector: console }
receivers: { ops: [{ integration: out }] }
routes:
  receiver: ops
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1m
  repeat_interval: 2m
  routes:
    - { matchers: ['severity="warning"'], receiver: ops, continue: true }
    - { matchers: ['severity="warning"'], receiver: ops, group_by: ['...'] }
scoring: {}
`,
  });
  const silence = (name: string) =>
    hub.post('/api/v1/silences', {
      matchers: [`alertname="${name}"`],
      ends_at: new Date(hub.now() + 60 * MINUTE).toISOString(),
      created_by: 'ada',
      comment: 'it is noise',
    });
  assert.equal((await silence('Before')).status, 200);
  await hub.forward(MINUTE);
  await say(hub, 'Before', 'shop', 'warning', 'firing');
  await say(hub, 'Noise', 'shop', 'warning', 'firing');
  await hub.forward(MINUTE);
  assert.equal((await silence('Noise')).status, 200);
  await hub.forward(2 * MINUTE);
  const model = await until('it was learned from', async () => {
    const { status, json } = await hub.get('/api/v1/scoring/model');
    return status === 200 && json.learned > 0 && json;
  });
  const learned = (model.weights as { feature: string; learned: number }[]).filter(({ feature }) =>
    feature.startsWith('alertname='),
  );
  assert.deepEqual(
    learned.map(({ feature }) => feature),
    ['alertname=Noise'],
  );
  assert.ok(learned[0]!.learned < 0);
  await hub.forward(5 * MINUTE);
  await say(hub, 'Other', 'shop', 'warning', 'firing');
  assert.equal(
    (await hub.get('/api/v1/scoring/model')).json.learned,
    1,
    'two groups, many ticks, one lesson',
  );
});
