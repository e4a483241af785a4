import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleChange } from '../store/suite/samples.ts';
import type { Outlet } from './outlet.ts';
import { createPublishStep } from './publish-step.ts';
import { createShelf, openPlace, TTL_MS } from './testing/publish-place.ts';

test('changes of alerts are published once each, in their order, page by page', async (t) => {
  const { portsOf, fire, store } = await openPlace(t);
  const shelf = createShelf();
  const step = createPublishStep(portsOf('a', shelf.outlet, { pageRows: 2 }));
  await fire('x', 'y', 'z');
  await store.commit({ changes: [sampleChange('d', { kind: 'delivery', status: 'delivered' })] });
  assert.deepEqual([await step.run(), await step.run(), await step.run()], ['more', 'more', 'idle']);
  assert.deepEqual(shelf.ids(), ['g-1', 'g-2', 'g-3']);
  assert.deepEqual(
    shelf.events.map(({ topic, event }) => [topic, event['subject']]),
    [
      ['alerts', 'x'],
      ['alerts', 'y'],
      ['alerts', 'z'],
    ],
  );
  await fire('x');
  assert.equal(await step.run(), 'idle');
  assert.deepEqual(shelf.ids().slice(3), ['g-5']);
});

test('what the brokers do not take is published from the same place again, under the same ids', async (t) => {
  const { portsOf, fire } = await openPlace(t);
  const shelf = createShelf();
  let broken = true;
  const flaky: Outlet = {
    async publish(events) {
      await shelf.outlet.publish(broken ? events.slice(0, 1) : events);
      if (broken) throw new Error('away');
    },
    close: () => {},
  };
  const step = createPublishStep(portsOf('a', flaky));
  await fire('x', 'y');
  await assert.rejects(step.run(), /away/);
  broken = false;
  assert.equal(await step.run(), 'idle');
  assert.deepEqual(shelf.ids(), ['g-1', 'g-1', 'g-2']);
});

test('a node that dies between the brokers and the cursor leaves nothing out: the next one repeats the page', async (t) => {
  const { portsOf, fire, clock, store } = await openPlace(t);
  const shelf = createShelf();
  const dying = { ...store, commit: () => Promise.reject(new Error('killed')) };
  await fire('x', 'y');
  await assert.rejects(createPublishStep(portsOf('a', shelf.outlet, { store: dying })).run(), /killed/);
  const heir = createPublishStep(portsOf('b', shelf.outlet));
  assert.equal(await heir.run(), 'elsewhere');
  clock.now += TTL_MS;
  assert.equal(await heir.run(), 'idle');
  assert.deepEqual(shelf.ids(), ['g-1', 'g-2', 'g-1', 'g-2']);
});

test('one node publishes at a time, and another goes on where it stopped', async (t) => {
  const { portsOf, fire } = await openPlace(t);
  const shelf = createShelf();
  const a = createPublishStep(portsOf('a', shelf.outlet));
  const b = createPublishStep(portsOf('b', shelf.outlet));
  await fire('x');
  assert.deepEqual([await a.run(), await b.run()], ['idle', 'elsewhere']);
  await a.release();
  await fire('y');
  assert.deepEqual([await b.run(), await a.run()], ['idle', 'elsewhere']);
  assert.deepEqual(shelf.ids(), ['g-1', 'g-2']);
});

test('a node that was stopped past its lease cannot move the cursor', async (t) => {
  const { portsOf, fire, clock, store } = await openPlace(t);
  const shelf = createShelf();
  const heir = createPublishStep(portsOf('b', shelf.outlet));
  const asleep: Outlet = {
    async publish(events) {
      await shelf.outlet.publish(events);
      clock.now += TTL_MS;
      assert.equal(await heir.run(), 'idle');
    },
    close: () => {},
  };
  const zombie = createPublishStep(portsOf('a', asleep));
  await fire('x');
  assert.equal(await zombie.run(), 'elsewhere');
  assert.deepEqual(shelf.ids(), ['g-1', 'g-1']);
  assert.deepEqual(
    (await store.leases('duty/')).map(({ name, owner }) => [name, owner]),
    [['duty/publish', 'b']],
  );
});

test('changes that the store has forgotten before they were published are counted, and the rest goes on', async (t) => {
  const { portsOf, fire, store, metricsText } = await openPlace(t);
  const shelf = createShelf();
  const step = createPublishStep(portsOf('a', shelf.outlet));
  await fire('x');
  await step.run();
  await fire('y', 'z');
  await store.expire('changes', Number.MAX_SAFE_INTEGER, 10);
  await fire('w');
  assert.deepEqual([await step.run(), await step.run()], ['more', 'idle']);
  assert.deepEqual(shelf.ids(), ['g-1', 'g-4']);
  assert.match(await metricsText(), /^signalbox_publish_missed_total 2$/m);
});

test('a store that was restored to before the cursor publishes all that it keeps', async (t) => {
  const { portsOf, fire, store } = await openPlace(t);
  const shelf = createShelf();
  const state = { integration: 'signalbox', key: 'publish/cursor', value: '99' };
  await store.commit({ connectorState: [{ ...state, expiresAt: Number.MAX_SAFE_INTEGER }] });
  await fire('x');
  const step = createPublishStep(portsOf('a', shelf.outlet));
  assert.deepEqual([await step.run(), await step.run()], ['more', 'idle']);
  assert.deepEqual(shelf.ids(), ['g-1']);
});
