import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { startHub, until } from '../harness.ts';
import { alertmanagerBody, found, list, processed, sorted, told } from './told.ts';

const MINUTE = 60_000;

test('[BR-REL-003] [BR-REL-008] [BR-ERR-008] [KUB-020] [BR-REL-005] while every receiver is down for hours signals are taken and state is kept; afterwards people hear how things are, not how they were', async () => {
  let isUp = false;
  await using sink = await startSink({ answer: () => ({ status: isUp ? 200 : 503 }) });
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager, dedupe_window: 0s }
  pager: { connector: webhook, config: { url: "${sink.url}" } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_by: [alertname], group_wait: 0s, group_interval: 1m, repeat_interval: 1h }
`,
  });
  const say = async (name: string, instance: string, status: 'firing' | 'resolved') => {
    const receipt = await processed(
      hub,
      await hub.send('/hooks/prom', alertmanagerBody({ name, instance, status })),
    );
    await hub.forward(20 * MINUTE);
    return receipt;
  };
  await say('Disk', 'a', 'firing');
  await say('Disk', 'b', 'firing');
  await say('Blink', 'a', 'firing');
  await say('Disk', 'a', 'resolved');
  await say('Blink', 'a', 'resolved');
  for (let hour = 0; hour < 3; hour++) await hub.forward(60 * MINUTE);

  const states = (await list(hub, 'alerts')).map(
    ({ labels, status }) => `${labels.alertname} ${labels.instance} ${status}`,
  );
  assert.deepEqual(sorted(states), ['Blink a resolved', 'Disk a resolved', 'Disk b firing']);
  assert.equal((await hub.get('/readyz')).status, 200, 'the hub itself is well');

  isUp = true;
  const before = sink.requests.length;
  await until('everything has come to an end', async () => {
    await hub.forward(MINUTE);
    return (await list(hub, 'deliveries?status=pending&status=sending')).length === 0;
  });
  const heard = sink.requests.slice(before).map(told);
  const trials = heard.filter((text) => !text.includes('Blink') && !text.includes('Disk b firing'));
  assert.deepEqual(trials, [], 'nobody is told that only Disk a fires');
  assert.match(heard.filter((text) => text.includes('Disk')).at(-1) ?? '', /^firing: .*Disk b firing/);
  assert.ok(heard.length <= 3, heard.join('; '));
  await found(hub, 'deliveries?status=superseded');
});
