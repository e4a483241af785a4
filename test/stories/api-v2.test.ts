import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { startSink } from '../fakes/sink.ts';
import { exchange, startHub, until, type Hub } from '../harness.ts';
import { list, told } from './told.ts';

const SPEC = new URL('../../../shared/specs/alertmanager/alertmanager-api-v2.yaml', import.meta.url);

const HOUR = 3_600_000;

function yaml(url: string): string {
  return `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${url}/pager" } }
receivers:
  ops: [{ integration: pager }]
  team: [{ integration: pager }]
routes:
  receiver: ops
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1m
  routes: [{ receiver: team, matchers: 'team="shop"' }]
`;
}

async function ask(hub: Hub, path: string, init: RequestInit = {}): Promise<{ status: number; body: any }> {
  const { status, text } = await exchange(`${hub.url}/api/v2${path}`, init);
  return { status, body: text === '' ? undefined : JSON.parse(text) };
}

function send(hub: Hub, path: string, body: unknown, method = 'POST') {
  return ask(hub, path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

const post = (hub: Hub, ...alerts: readonly object[]) => send(hub, '/alerts', alerts);

const silence = (hub: Hub, more: object = {}) => ({
  matchers: [{ name: 'alertname', value: 'Disk', isRegex: false, isEqual: true }],
  startsAt: new Date(hub.now()).toISOString(),
  endsAt: new Date(hub.now() + HOUR).toISOString(),
  createdBy: 'ada',
  comment: 'known',
  ...more,
});

test('alerts are posted with 200, are in the next answer, and are told', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink.url) });
  const posted = await post(hub, {
    labels: { alertname: 'Disk', empty: '' },
    annotations: { summary: 'full' },
  });
  assert.deepEqual(posted, { status: 200, body: undefined });
  const { body } = await ask(hub, '/alerts');
  assert.equal(body.length, 1);
  assert.deepEqual(body[0].labels, { alertname: 'Disk' });
  assert.deepEqual(body[0].receivers, [{ name: 'ops' }]);
  assert.deepEqual(body[0].status, { state: 'active', silencedBy: [], inhibitedBy: [], mutedBy: [] });
  await until('it is told', () => sink.requests.length === 1);
  assert.equal(told(sink.requests[0]!), 'firing: Disk firing');

  await post(hub, { labels: { alertname: 'Disk' }, endsAt: new Date(hub.now()).toISOString() });
  assert.deepEqual((await ask(hub, '/alerts')).body, []);
});

test('of alerts that are posted together those that are valid are taken, and the answer says what is wrong with the others', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink.url) });
  const at = (minutes: number) => new Date(hub.now() + minutes * 60_000).toISOString();
  const posted = await post(
    hub,
    { labels: { alertname: 'Disk' }, annotations: { note: '' } },
    { labels: { empty: '' } },
    { labels: { alertname: 'Odd' }, startsAt: at(-1), endsAt: at(-2) },
  );
  assert.deepEqual(posted, {
    status: 400,
    body: 'at least one label pair required\nstart time must be before end time',
  });
  const { body } = await ask(hub, '/alerts');
  assert.deepEqual(
    body.map(({ labels, annotations }: any) => [labels, annotations]),
    [[{ alertname: 'Disk' }, { note: '' }]],
  );
  await until('it is told', () => sink.requests.length === 1);
  const kept = await list(hub, 'quarantine');
  assert.equal(kept.length, 1, 'the request is kept for people');
});

test('lists are filtered by matchers, receivers and state, as Alertmanager does it', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink.url) });
  await post(
    hub,
    { labels: { alertname: 'Disk' } },
    { labels: { alertname: 'Slow', team: 'shop' } },
    { labels: { alertname: 'Slow', team: 'pay' } },
  );
  const names = async (query: string) =>
    (await ask(hub, `/alerts?${query}`)).body
      .map(({ labels }: any) => labels.team ?? labels.alertname)
      .toSorted();
  const filter = (text: string) => `filter=${encodeURIComponent(text)}`;
  assert.deepEqual(await names(filter('alertname="Slow"')), ['pay', 'shop']);
  assert.deepEqual(await names(`${filter('alertname="Slow"')}&${filter('team!="pay"')}`), ['shop']);
  assert.deepEqual(await names(filter('team=""')), ['Disk']);
  assert.deepEqual(await names('receiver=te.*'), ['shop']);
  const groups = (await ask(hub, '/alerts/groups')).body;
  assert.deepEqual(
    groups.map(({ labels, receiver, alerts }: any) => [labels.alertname, receiver.name, alerts.length]),
    [
      ['Disk', 'ops', 1],
      ['Slow', 'ops', 1],
      ['Slow', 'team', 1],
    ],
  );
  await send(hub, '/silences', silence(hub));
  assert.deepEqual(await names('silenced=false'), ['pay', 'shop']);
  assert.deepEqual(await names('active=false'), ['Disk']);
  const wrong = await ask(hub, '/alerts?filter=a%3D~(');
  assert.equal(wrong.status, 400);
  assert.equal(typeof wrong.body, 'string');
  assert.equal((await ask(hub, '/alerts?receiver=(')).status, 400);
});

test('a silence is made, changed in place or replaced, and ended', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink.url) });
  const first = await send(hub, '/silences', silence(hub));
  assert.equal(first.status, 200);
  const id = first.body.silenceID as string;
  const stored = (await ask(hub, `/silence/${id}`)).body;
  assert.equal(stored.status.state, 'active');

  const longer = { ...stored, endsAt: new Date(hub.now() + 2 * HOUR).toISOString() };
  assert.deepEqual((await send(hub, '/silences', longer)).body, { silenceID: id });
  const other = { ...longer, matchers: [{ name: 'alertname', value: 'Slow', isRegex: false }] };
  const replaced = (await send(hub, '/silences', other)).body.silenceID as string;
  assert.notEqual(replaced, id);
  const states = (await ask(hub, '/silences')).body.map(({ id: one, status }: any) => [one, status.state]);
  assert.deepEqual(states, [
    [replaced, 'active'],
    [id, 'expired'],
  ]);
  assert.equal((await ask(hub, `/silence/${replaced}`, { method: 'DELETE' })).status, 200);
  assert.equal((await ask(hub, `/silence/${replaced}`, { method: 'DELETE' })).status, 200);
  assert.equal((await ask(hub, '/silence/none', { method: 'DELETE' })).status, 422);
  assert.equal((await ask(hub, `/silence/${randomUUID()}`)).status, 404);
  assert.deepEqual((await ask(hub, '/silences?expired=false')).body, []);

  assert.equal((await send(hub, '/silences', silence(hub, { matchers: [] }))).status, 422);
  for (const wrong of [
    { matchers: [{ name: 'a', value: '.*', isRegex: true }] },
    { matchers: [{ name: 'a', value: '(', isRegex: true }] },
    { endsAt: new Date(hub.now() - HOUR).toISOString() },
    { endsAt: 'tomorrow' },
  ])
    assert.equal((await send(hub, '/silences', silence(hub, wrong))).status, 400, JSON.stringify(wrong));
});

test('answers have the shape that Alertmanager’s own document gives them', async (t) => {
  if (!existsSync(SPEC)) return t.skip('shared/specs/alertmanager is not there');
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink.url) });
  await post(hub, { labels: { alertname: 'Disk' }, generatorURL: 'http://prom/graph' });
  await send(hub, '/silences', silence(hub));
  const spec = parse(readFileSync(SPEC, 'utf8')) as { paths: Record<string, any>; definitions: object };
  const ajv = new Ajv({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'spec', definitions: spec.definitions });
  for (const path of ['/status', '/receivers', '/silences', '/alerts', '/alerts/groups']) {
    const { status, body } = await ask(hub, path);
    assert.equal(status, 200, path);
    const { schema } = spec.paths[path].get.responses['200'];
    const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"spec#/')));
    assert.ok(validate(body), `${path}: ${ajv.errorsText(validate.errors)}`);
    if (Array.isArray(body)) assert.ok(body.length > 0, `${path} has something to check`);
  }
});
