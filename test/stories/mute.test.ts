import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { startHub, until } from '../harness.ts';
import { alertmanagerBody, list, processed, told } from './told.ts';

const HOUR = 3_600_000;

/** Two ranges of a day in UTC that hold from an hour ago until an hour from now, whatever the time is. */
function aroundNow(): string {
  const minuteOf = (at: number) => Math.floor((at % (24 * HOUR)) / 60_000);
  const clock = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  const [start, end] = [minuteOf(Date.now() - HOUR), minuteOf(Date.now() + HOUR)];
  const ranges: readonly [number, number][] =
    start < end
      ? [[start, end]]
      : [
          [start, 24 * 60],
          [0, end],
        ];
  return ranges
    .filter(([from, to]) => from < to)
    .map(([from, to]) => `{ start_time: "${clock(from)}", end_time: "${clock(to)}" }`)
    .join(', ');
}

test('a muted route holds what fires, shows why and until when, and tells it at the next tick after', async () => {
  await using sink = await startSink();
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sink.url}/pager" } }
  chat: { connector: webhook, config: { url: "${sink.url}/chat" } }
receivers:
  ops: [{ integration: pager }]
  team: [{ integration: chat }]
time_intervals:
  lunch: [{ times: [${aroundNow()}] }]
routes:
  receiver: ops
  group_by: [alertname]
  group_wait: 0s
  group_interval: 10m
  routes: [{ receiver: team, matchers: ['team="shop"'], mute_time_intervals: [lunch] }]
`,
  });
  const body = alertmanagerBody({ name: 'Slow', labels: { team: 'shop' } }, { name: 'Disk' });
  await processed(hub, await hub.send('/hooks/prom', body));
  await until('the other route is told', () => sink.requests.some(({ path }) => path === '/pager'));
  const [group] = await until('the muted group was flushed', async () => {
    const groups = await list(hub, 'groups?receiver=team');
    return groups[0]?.['held'] !== undefined && groups;
  });
  const { reason, rule, until: ends } = group!['held'] as Record<string, string>;
  assert.deepEqual([reason, rule], ['muted', 'lunch']);
  assert.ok(Date.parse(ends!) > hub.now() && Date.parse(ends!) <= hub.now() + HOUR + 60_000);
  assert.equal(sink.requests.filter(({ path }) => path === '/chat').length, 0);

  await hub.forward(2 * HOUR);
  await until('the muted route is told', () => sink.requests.some(({ path }) => path === '/chat'));
  assert.deepEqual(sink.requests.filter(({ path }) => path === '/chat').map(told), ['firing: Slow firing']);
  const [after] = await list(hub, 'groups?receiver=team');
  assert.equal(after!['held'], undefined);
});
