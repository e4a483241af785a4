import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeServices } from '../testing/fake-services.ts';
import { sampleAlert } from '../testing/sample-rows.ts';
import { ask, startApi } from '../testing/start-api.ts';

const OTHER = sampleAlert({
  fingerprint: '00000000000000aa',
  status: 'resolved',
  labels: { alertname: 'DiskFull', team: 'web' },
});

test('alerts are found by status and by matchers in Alertmanager’s syntax', async (t) => {
  const services = createFakeServices();
  services.rows.alerts.push(OTHER);
  const { url } = await startApi(t, services);
  const find = async (query: string) =>
    (await ask(`${url}/api/v1/alerts?${query}`))
      .json()
      .items.map((alert: { fingerprint: string }) => alert.fingerprint);

  assert.equal((await find('')).length, 2);
  assert.deepEqual(await find('status=resolved'), [OTHER.fingerprint]);
  assert.deepEqual(await find(`matcher=${encodeURIComponent('team=~"d.*"')}`), ['5ef77f1f8a3ecfd7']);
  const both = `matcher=${encodeURIComponent('{alertname="DiskFull"}')}&matcher=${encodeURIComponent('team!=db')}`;
  assert.deepEqual(await find(both), [OTHER.fingerprint]);
});

test('a page links the next one, which goes on where it ended', async (t) => {
  const services = createFakeServices();
  services.rows.alerts.push(OTHER);
  const { url } = await startApi(t, services);
  const first = await ask(`${url}/api/v1/alerts?limit=1&severity=critical`);
  assert.equal(first.json().next, '1');
  const link = /^<(.+)>; rel="next"$/.exec(String(first.headers['link']));
  assert.equal(link?.[1], '/api/v1/alerts?limit=1&severity=critical&cursor=1');
  const second = await ask(url + link[1]);
  assert.equal(second.json().items[0].fingerprint, OTHER.fingerprint);
  assert.deepEqual(['next' in second.json(), second.headers['link']], [false, undefined]);
});

test('a wrong matcher is refused with the place of the mistake, a strange cursor by its name', async (t) => {
  const { url } = await startApi(t, createFakeServices());
  const matcher = (await ask(`${url}/api/v1/alerts?matcher=a%3Db&matcher=a%3D~%22(%22`)).json();
  assert.deepEqual([matcher.status, matcher.field], [400, 'matcher']);
  assert.match(matcher.detail, /matcher 2/);
  const cursor = (await ask(`${url}/api/v1/alerts?cursor=stolen`)).json();
  assert.deepEqual([cursor.status, cursor.code, cursor.field], [400, 'invalid_cursor', 'cursor']);
});

test('one alert comes with what was decided about it and with its groups', async (t) => {
  const { url } = await startApi(t, createFakeServices());
  const alert = (await ask(`${url}/api/v1/alerts/5ef77f1f8a3ecfd7`)).json();
  assert.deepEqual(alert.decisions, [
    { stage: 'route', rule: '{}', outcome: 'on-call', at: '2026-03-01T09:30:00.000Z', count: 3 },
  ]);
  assert.equal(alert.groups[0].receiver, 'on-call');
  assert.equal((await ask(`${url}/api/v1/alerts/5ef77f1f8a3ecfd7?tenant=other`)).status, 404);
  assert.equal((await ask(`${url}/api/v1/alerts/not-a-fingerprint`)).status, 400);
});
