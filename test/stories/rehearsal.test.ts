import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCli } from '../../src/cli/testing/run-cli.ts';
import { startSink, type Sink } from '../fakes/sink.ts';
import { startHub, until, type Hub } from '../harness.ts';
import { alertmanagerBody, processed, sorted } from './told.ts';

const MINUTE = 60_000;

const yaml = (url: string, routes: string, more = '') => `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${url}/pager" } }
  chat: { connector: webhook, config: { url: "${url}/chat" } }
receivers:
  ops: [{ integration: pager }]
  team: [{ integration: chat }]
routes:
  receiver: ops
  group_by: [alertname]
  group_wait: 10s
  group_interval: 1m
  repeat_interval: 1h
${routes}
${more}`;

const NO_CHILDREN = '  routes: []';
const TO_TEAM = `  routes: [{ receiver: team, matchers: ['team="shop"'] }]`;

async function say(hub: Hub, name: string, team: string, status: 'firing' | 'resolved' = 'firing') {
  const body = alertmanagerBody({ name, status, severity: 'warning', labels: { team } });
  await processed(hub, await hub.send('/hooks/prom', body));
}

/** Half an hour of a hub: two alerts fire, one of them resolves, one is silenced. */
async function record(hub: Hub, sink: Sink): Promise<{ from: string; to: string }> {
  const from = new Date(hub.now() - 1_000).toISOString();
  await hub.post('/api/v1/silences', {
    matchers: ['alertname="Quiet"'],
    ends_at: new Date(hub.now() + 600 * MINUTE).toISOString(),
    created_by: 'ada',
    comment: 'known',
  });
  await say(hub, 'Slow', 'shop');
  await say(hub, 'Disk', 'db');
  await say(hub, 'Quiet', 'db');
  await hub.forward(11_000);
  await sink.received(2);
  await hub.forward(5 * MINUTE);
  await say(hub, 'Disk', 'db', 'resolved');
  await hub.forward(2 * MINUTE);
  await sink.received(3);
  return { from, to: new Date(hub.now()).toISOString() };
}

async function backTest(hub: Hub, config: string, range: { from: string; to: string }) {
  const file = join(hub.folder, 'candidate.yaml');
  await writeFile(file, config);
  const { from, to } = range;
  const args = ['simulate', '--config', file, '--data', hub.dataPath, '--from', from, '--to', to];
  const options = { folder: hub.folder, env: hub.env };
  const json = await runCli([...args, '--json'], options);
  assert.equal(json.code, 0, json.stderr);
  const found = JSON.parse(json.stdout);
  return { found, json: json.stdout, text: async () => (await runCli(args, options)).stdout };
}

test('[BR-QUAL-014] what was recorded, replayed under the same configuration, tells the same people the same; under another one each difference is named', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink.url, NO_CHILDREN) });
  const range = await record(hub, sink);
  const sent = sink.requests.length;

  const same = await backTest(hub, yaml(sink.url, NO_CHILDREN), range);
  assert.deepEqual(same.found.differences, []);
  assert.deepEqual([same.found.same, same.found.records], [2, 4]);
  assert.equal((await backTest(hub, yaml(sink.url, NO_CHILDREN), range)).json, same.json);
  assert.match(await same.text(), /^No difference: 2 pairs/m);

  const other = await backTest(hub, yaml(sink.url, TO_TEAM), range);
  assert.deepEqual(other.found.counts, { lost: 1, added: 1, retimed: 0, fewer: 0, more: 0 });
  const [lost, added] = other.found.differences;
  assert.deepEqual([lost.kind, lost.receiver, lost.name, lost.why], ['lost', 'ops', 'Slow', 'goes to team']);
  assert.deepEqual([added.kind, added.receiver, added.name], ['added', 'team', 'Slow']);
  assert.match(await other.text(), /^lost +ops +Slow +1 firing from .* nothing +goes to team/m);

  const slower = await backTest(
    hub,
    yaml(sink.url, NO_CHILDREN).replace('group_wait: 10s', 'group_wait: 3m'),
    range,
  );
  assert.deepEqual(slower.found.counts, { lost: 0, added: 0, retimed: 2, fewer: 0, more: 0 });

  const muted = await backTest(
    hub,
    yaml(
      sink.url,
      `  routes: [{ receiver: ops, matchers: ['alertname="Disk"'], mute_time_intervals: [always] }]`,
      'time_intervals:\n  always: [{ times: [{ start_time: "00:00", end_time: "24:00" }] }]\n',
    ),
    range,
  );
  assert.deepEqual(
    muted.found.differences.map(({ kind, name, why }: Record<string, string>) => [kind, name, why]),
    [['lost', 'Disk', 'held: muted by always']],
  );
  assert.equal(sink.requests.length, sent, 'a rehearsal sends nothing');
});

const OWNERS = `enrichment: [{ id: owners, integration: owners, ttl: 1s, as: owner }]
rules:
  - { id: by-owner, when: 'facts.context.owner.team == "shop"', set: { labels: { team: shop } } }
`;

test('[BR-QUAL-014] rules that depend on enrichment are replayed with what was found then, whatever its source says now', async () => {
  await using sink = await startSink();
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-owners-'));
  const file = join(folder, 'owners.csv');
  const config = (match: string) =>
    yaml(sink.url, TO_TEAM, OWNERS).replace(
      '  pager:',
      `  owners: { connector: table, config: { file: ${JSON.stringify(file)}, match: { ${match} } } }\n  pager:`,
    );
  const fires = async (hub: Hub, name: string) => {
    const body = alertmanagerBody({ name, severity: 'warning', labels: { host: name } });
    await processed(hub, await hub.send('/hooks/prom', body));
  };
  try {
    await writeFile(file, 'name,team\nSlow,shop\nDisk,db\n');
    await using hub = await startHub({ yaml: config('name: host') });
    const from = new Date(hub.now() - 1_000).toISOString();
    await fires(hub, 'Slow');
    await fires(hub, 'Disk');
    await hub.forward(11_000);
    const told = await sink.received(2);
    assert.deepEqual(sorted(told.map(({ path }) => path)), ['/chat', '/pager']);
    await hub.forward(MINUTE);
    const range = { from, to: new Date(hub.now()).toISOString() };
    await writeFile(file, 'name,team\nSlow,db\nDisk,shop\n');

    const same = await backTest(hub, config('name: host'), range);
    assert.deepEqual([same.found.differences, same.found.same], [[], 2]);
    assert.deepEqual([same.found.enriched, same.found.unknown], [{ recorded: 2, unknown: 0 }, []]);
    assert.equal((await backTest(hub, config('name: host'), range)).json, same.json);
    assert.match(await same.text(), /^2 statements had the enrichment of then/m);
    const asked = await simulated(hub, { kind: 'back_test', ...range });
    assert.deepEqual([asked.result.differences, asked.result.enriched], [[], { recorded: 2, unknown: 0 }]);

    // Another question is not answered by what was found then.
    const other = await backTest(hub, config('name: alertname'), range);
    assert.deepEqual(other.found.enriched, { recorded: 0, unknown: 2 });
    assert.deepEqual(
      other.found.differences.map(({ kind, name, facts }: Record<string, string>) => [kind, name, facts]),
      [
        ['lost', 'Slow', 'unknown'],
        ['added', 'Slow', 'unknown'],
      ],
    );
    assert.match(await other.text(), /goes to ops; its enrichment is unknown/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('[BR-QUAL-014] silences and windows are replayed as they were then, also those that were changed, ended or taken out of the configuration since', async () => {
  await using sink = await startSink();
  const windows = (hub: Hub) => `maintenance_windows:
  works:
    matchers: ['alertname="Works"']
    starts_at: "${new Date(hub.now() - MINUTE).toISOString()}"
    ends_at: "${new Date(hub.now() + 600 * MINUTE).toISOString()}"
    reason: works
`;
  await using hub = await startHub({ yaml: yaml(sink.url, NO_CHILDREN) });
  await hub.reload(yaml(sink.url, NO_CHILDREN, windows(hub)));
  const from = new Date(hub.now() - 1_000).toISOString();
  const silence = await hub.post('/api/v1/silences', {
    matchers: ['alertname="Quiet"'],
    ends_at: new Date(hub.now() + 600 * MINUTE).toISOString(),
    created_by: 'ada',
    comment: 'known',
  });
  for (const name of ['Quiet', 'Works', 'Loud']) await say(hub, name, 'db');
  await hub.forward(11_000);
  await sink.received(1);
  await hub.forward(5 * MINUTE);
  // What had been told is under a window that began before it, but nobody knew that then.
  await hub.post('/api/v1/silences', {
    kind: 'maintenance',
    matchers: ['alertname="Loud"'],
    starts_at: new Date(hub.now() - 60 * MINUTE).toISOString(),
    ends_at: new Date(hub.now() + 600 * MINUTE).toISOString(),
    recurrence: { rrule: 'FREQ=DAILY', duration_ms: 23 * 60 * MINUTE, time_zone: 'UTC' },
    created_by: 'ada',
    comment: 'late',
  });
  for (const name of ['Quiet', 'Works']) await say(hub, name, 'db', 'resolved');
  await hub.forward(2 * MINUTE);
  await hub.post(`/api/v1/silences/${silence.json.id}/expire`);
  await hub.reload(yaml(sink.url, NO_CHILDREN));
  const range = { from, to: new Date(hub.now() - 1).toISOString() };
  await hub.forward(MINUTE);

  const same = await backTest(hub, yaml(sink.url, NO_CHILDREN), range);
  assert.deepEqual([same.found.differences, same.found.same], [[], 1]);
  assert.equal(sink.requests.length, 1, 'nobody heard of what was held');
});

test('[BR-QUAL-014] a payload is followed through mute times and group timers for as long as people ask, without waiting', async () => {
  await using hub = await startHub({
    yaml: 'integrations: { prom: { connector: alertmanager } }\nreceivers: { ops: [] }\nroutes: { receiver: ops }\n',
  });
  const file = join(hub.folder, 'candidate.yaml');
  const night = `
    - receiver: ops
      matchers: ['team="shop"']
      mute_time_intervals: [night]`;
  const escalate = `time_intervals:
  night: [{ times: [{ start_time: "20:00", end_time: "24:00" }, { start_time: "00:00", end_time: "06:00" }] }]
lifecycle: { escalate: [{ matchers: ['team="shop"'], after: 14h, severity: critical }] }
`;
  await writeFile(file, yaml('http://127.0.0.1:9', `  routes:${night}`, escalate));
  const payload = join(hub.folder, 'payload.json');
  const labels = { team: 'shop' };
  const startsAt = '2026-11-20T21:00:00Z';
  await writeFile(
    payload,
    JSON.stringify(alertmanagerBody({ name: 'Slow', severity: 'warning', labels, startsAt })),
  );
  const args = ['simulate', '-i', 'prom', payload, '-c', file, '--at', startsAt, '--for', '24h', '--json'];
  const { code, stdout, stderr } = await runCli(args, { folder: hub.folder });
  assert.equal(code, 0, stderr);
  const { timeline, messages } = JSON.parse(stdout);
  const told = timeline.filter(({ kind }: { kind: string }) => kind === 'told' || kind === 'held');
  assert.deepEqual(
    told.slice(0, 3).map(({ at, text }: { at: string; text: string }) => `${at.slice(0, 16)} ${text}`),
    [
      '2026-11-20T21:00 ops is not told of {}/{team="shop"}:{alertname="Slow"}: muted by night until 2026-11-21T06:00:00.000Z',
      '2026-11-21T06:00 ops (pager) is told: Slow firing (first)',
      '2026-11-21T07:00 ops (pager) is told: Slow firing (repeat)',
    ],
  );
  assert.ok(
    told.some(
      ({ at, text }: { at: string; text: string }) =>
        at.startsWith('2026-11-21T11:0') && text.endsWith('(raised)'),
    ),
  );
  assert.deepEqual([messages.length, messages[0].integration], [1, 'pager']);
  assert.equal(JSON.parse(messages[0].body).alerts[0].labels.alertname, 'Slow');
});

async function simulated(hub: Hub, body: object) {
  const { status, json } = await hub.post('/api/v1/simulations', body);
  assert.equal(status, 200, JSON.stringify(json));
  return until('the simulation has ended', async () => {
    const answer = await hub.get(`/api/v1/simulations/${json.id}`);
    return answer.json.status !== 'running' && answer.json;
  });
}

test('[BR-QUAL-014] over the API: a payload and a back-test, with the configuration in force or a candidate that may read nothing of the machine', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink.url, NO_CHILDREN) });
  const range = await record(hub, sink);

  const same = await simulated(hub, { kind: 'back_test', ...range });
  assert.equal(same.status, 'done', JSON.stringify(same.problem));
  assert.deepEqual([same.result.differences, same.result.same], [[], 2]);

  const candidate = yaml('${env:HOME}', TO_TEAM).replace('${env:HOME}/chat', '${env:CHAT_URL}');
  const other = await simulated(hub, { kind: 'back_test', config: candidate, ...range });
  assert.equal(other.status, 'done', JSON.stringify(other.problem));
  assert.deepEqual(
    other.result.differences.map(({ kind, receiver }: Record<string, string>) => [kind, receiver]),
    [
      ['lost', 'ops'],
      ['added', 'team'],
    ],
  );

  const body = JSON.stringify(alertmanagerBody({ name: 'Quiet', severity: 'warning' }));
  const payload = { kind: 'payload', integration: 'prom', body, silences: true };
  const held = await simulated(hub, payload);
  assert.equal(held.status, 'done', JSON.stringify(held.problem));
  assert.match(held.result.holds[0], /^ops is not told: silenced by /);
  const free = await simulated(hub, { ...payload, silences: false });
  assert.equal(JSON.parse(free.result.messages[0].body).alerts[0].labels.alertname, 'Quiet');

  const files = await simulated(hub, { ...payload, config: `${candidate}\ntemplates: ["/etc/*"]\n` });
  assert.deepEqual([files.status, files.problem.code], ['failed', 'invalid']);
  assert.match(files.problem.detail, /templates\[0\] names a file/);
  const wrong = await simulated(hub, { ...payload, config: 'receivers: 5' });
  assert.match(wrong.problem.detail, /^config:1:12: expected a map$/m);
  assert.equal(sink.requests.length, 3, 'a rehearsal sends nothing');
});
