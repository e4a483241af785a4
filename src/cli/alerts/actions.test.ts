import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink } from '../../../test/fakes/sink.ts';
import { startHub } from '../../../test/harness.ts';
import { alertmanagerBody, list, processed } from '../../../test/stories/told.ts';
import { runCli } from '../testing/run-cli.ts';

test('[BR-AP-022b] [BR-AP-023b] alerts are acknowledged, assigned, snoozed and closed on the command line', async () => {
  await using sink = await startSink();
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sink.url}" } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_wait: 0s }
`,
  });
  const cli = (...args: string[]) =>
    runCli(['alerts', ...args], {
      folder: hub.folder,
      env: { SIGNALBOX_URL: hub.url, SIGNALBOX_USER: 'ada' },
    });
  const body = alertmanagerBody({ name: 'Disk', instance: 'a' }, { name: 'Disk', instance: 'b' });
  await processed(hub, await hub.send('/hooks/prom', body));
  const [first] = await list(hub, 'alerts?matcher=instance%3D%22a%22');
  const { fingerprint } = first!;

  const acked = await cli('ack', fingerprint, '--comment', 'looking');
  assert.deepEqual([acked.code, acked.stdout], [0, `${fingerprint} is acknowledged\n`]);
  assert.equal((await cli('ack', fingerprint)).stdout, `${fingerprint} is acknowledged, as it was\n`);
  assert.equal((await cli('assign', fingerprint, '--to', 'grace')).code, 0);
  assert.equal((await cli('snooze', fingerprint, '--for', '2h')).code, 0);
  const shown = await cli('show', fingerprint);
  for (const said of [/acknowledged by ada/, /assigned to +grace/, /snoozed until/, /ada, .*: looking/])
    assert.match(shown.stdout, said);

  const closed = await cli('close', '--matcher', 'alertname="Disk"', '--json');
  const { items } = JSON.parse(closed.stdout) as { items: { ok: boolean }[] };
  assert.deepEqual([closed.code, items.map(({ ok }) => ok)], [0, [true, true]]);
  const refused = await cli('ack', fingerprint);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /is closed; reopen it first/);
  assert.equal((await cli('close')).code, 2);
  assert.equal((await cli('snooze', fingerprint)).code, 2);
});
