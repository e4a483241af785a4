import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { startHub, until } from '../harness.ts';
import { listen } from './live-stream.ts';
import { alertmanagerBody, found, processed } from './told.ts';

test('[HNP-019] [HNP-020] [HNP-023] [VPA-022] every change of state is a typed event on the stream, in order, and can be resumed after a restart', async () => {
  await using sink = await startSink();
  const yaml = `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sink.url}" } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_wait: 0s, group_interval: 1m }
`;
  await using hub = await startHub({ yaml });
  const say = async (status: 'firing' | 'resolved') => {
    const receipt = await processed(
      hub,
      await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk', status })),
    );
    return receipt.alerts[0] as string;
  };

  let cursor: number;
  {
    using stream = await listen(hub.url);
    const fingerprint = await say('firing');
    const delivered = await found(hub, 'deliveries?status=delivered');
    await until('the stream tells of the delivery', () =>
      stream.changes.some(({ id, status }) => id === delivered.id && status === 'delivered'),
    );
    const [first, ...others] = stream.changes;
    assert.deepEqual([first?.kind, first?.id, first?.status], ['alert', fingerprint, 'firing']);
    assert.ok(others.every(({ kind, id }) => kind === 'delivery' && id === delivered.id));
    const numbers = stream.changes.map(({ seq }) => seq);
    assert.deepEqual(
      numbers,
      numbers.toSorted((left, right) => left - right),
    );
    cursor = numbers.at(-1)!;
  }
  await hub.restart();
  await say('resolved');
  await hub.forward(60_000);
  await sink.received(2);
  using resumed = await listen(hub.url, `?cursor=${cursor}&kinds=alert,delivery`);
  await until('what was missed is told', () =>
    resumed.changes.some(({ kind, status }) => kind === 'delivery' && status === 'delivered'),
  );
  assert.deepEqual([resumed.changes[0]?.kind, resumed.changes[0]?.status], ['alert', 'resolved']);
  assert.ok(resumed.changes.every(({ seq }) => seq > cursor));
});
