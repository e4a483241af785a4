import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Receipt } from '@signalbox/sdk';
import { sampleIntegrationSettings } from '../api/testing/sample-rows.ts';
import type { CallElsewhere, Host } from '../host/integration.ts';
import { createLog } from '../lib/log.ts';
import { createMetricSet } from '../lib/metrics.ts';
import type { DeliveryThread, Settings } from '../model/settings.ts';
import { ownEverything } from '../ownership/ownership.ts';
import { sampleNotification } from '../store/suite/samples.ts';
import { createDeliveryMetrics } from './metrics.ts';
import { createMovingSender } from './moving-sender.ts';
import type { Order } from './order.ts';
import type { SenderEvents } from './sender.ts';

const SECOND = 1_000;
const MUCH = 20_000;
const { delivery } = sampleIntegrationSettings({});

/** Sends here end when the test says so; those elsewhere are only noted. Time passes only when a test says so. */
function openDesk(deliveryThread: DeliveryThread = 'auto') {
  const clock = { now: 0 };
  const sends: PromiseWithResolvers<Receipt>[] = [];
  const noted: CallElsewhere[] = [];
  const called = {
    connector: { notifier: {} },
    settings: { delivery },
    deliver: () => {
      const send = Promise.withResolvers<Receipt>();
      sends.push(send);
      return send.promise;
    },
    note: (call: CallElsewhere) => void noted.push(call),
  };
  const ids = ['pager', 'chat'];
  const host = { integrations: new Map(ids.map((id) => [id, called])) } as unknown as Host;
  const settings = {
    server: { deliveryThread },
    integrations: Object.fromEntries(ids.map((id) => [id, { id, delivery }])),
  } as unknown as Settings;
  const metrics = createMetricSet('without-process');
  const elsewhere = {
    starts: 0,
    taken: [] as number[],
    recalled: [] as string[],
    reloads: 0,
    drained: false,
  };
  let events: SenderEvents | undefined;
  const told = { ended: [] as number[], unsent: [] as number[] };
  let no = 0;
  const sender = createMovingSender(
    {
      ownership: ownEverything(1),
      settings: () => settings,
      host: () => host,
      now: () => clock.now,
      log: createLog('silent'),
      store: { connectorState: async () => undefined },
      metrics: createDeliveryMetrics(metrics),
      async startSender(given) {
        elsewhere.starts++;
        events = given;
        return {
          take: (orders) => void elsewhere.taken.push(...orders.map((order) => order.no)),
          recall: (id) => void elsewhere.recalled.push(id),
          reconfigure: async () => void elsewhere.reloads++,
          drain: async () => void (elsewhere.drained = true),
        };
      },
    },
    {
      onEnded: (ended) => void told.ended.push(ended.no),
      onUnsent: (_integration, numbers) => void told.unsent.push(...numbers),
    },
  );
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const order = (integration: string): Order => {
    no++;
    const what = { id: `d${no}`, integration, priority: 'critical', notificationId: `n${no}` } as const;
    const leaseUntil = Number.MAX_SAFE_INTEGER;
    return {
      no,
      lease: 0,
      heldUntil: Infinity,
      delivery: { ...what, leaseUntil },
      notification: () => sampleNotification('n'),
    };
  };
  return {
    sender,
    told,
    elsewhere,
    noted,
    metrics,
    turn,
    endedElsewhere: (number: number) =>
      events!.onEnded({
        no: number,
        integration: 'pager',
        result: { kind: 'failed', code: 'SB_UNAVAILABLE', message: 'nobody answered' },
        startedAt: 1 * SECOND,
        endedAt: 3 * SECOND,
        writes: [],
      }),
    take(integration: string, count: number) {
      const orders = Array.from({ length: count }, () => order(integration));
      sender.take(orders);
      return orders.map((one) => one.no);
    },
    /** All that is under way here ends, and what follows it, until nothing is left here. */
    async endAll() {
      while (sends.length > 0) {
        for (const send of sends.splice(0)) send.resolve({ summary: 'ok' });
        await turn();
      }
    },
    /** So many are sent, over a time. */
    async send(count: number, ms = 0) {
      const parts = 10;
      for (let part = 0; part < parts; part++) {
        this.take('pager', count / parts);
        await this.endAll();
        clock.now += ms / parts;
      }
    },
  };
}

test('what is sent at a slower pace is sent here, however long that goes on', async () => {
  const desk = openDesk();
  for (let time = 0; time < 3; time++) await desk.send(MUCH - 10, 10 * SECOND);
  assert.deepEqual([desk.elsewhere.starts, desk.told.ended.length], [0, 3 * (MUCH - 10)]);
});

test('when much was sent within ten seconds, the rest is sent elsewhere, and nobody is sent to from both places', async () => {
  const desk = openDesk();
  await desk.send(MUCH, 9 * SECOND);
  assert.equal(desk.elsewhere.starts, 1);
  const later = [...desk.take('chat', 1), ...desk.take('pager', 1)];
  assert.deepEqual(desk.elsewhere.taken, later);
  assert.equal(desk.told.ended.length, MUCH);
});

test('what an integration still has to be sent from here comes first', async () => {
  const desk = openDesk('always');
  const early = desk.take('pager', 2);
  await desk.turn();
  assert.equal(desk.elsewhere.starts, 1);
  const later = desk.take('pager', 3);
  const other = desk.take('chat', 2);
  assert.deepEqual(desk.elsewhere.taken, other, 'nothing for the chat is left here');
  await desk.endAll();
  assert.deepEqual([desk.told.ended, desk.elsewhere.taken], [early, [...other, ...later]]);
  assert.match(await desk.metrics.text(), /^signalbox_delivery_threads 1$/m);
});

test('a thread that nobody wants is not started', async () => {
  const desk = openDesk('never');
  await desk.send(2 * MUCH);
  assert.equal(desk.elsewhere.starts, 0);
});

test('what is told from elsewhere counts as a call of the integration', async () => {
  const desk = openDesk('always');
  desk.take('pager', 1);
  await desk.endAll();
  const [no] = desk.take('pager', 1);
  desk.endedElsewhere(no!);
  assert.equal(desk.told.ended.at(-1), no);
  const outcome = { kind: 'fault', code: 'SB_UNAVAILABLE', message: 'nobody answered' };
  assert.deepEqual(desk.noted, [{ outcome, seconds: 2 }]);
});

test('what waits to be sent elsewhere comes back at a recall and at the end; changes and the end reach both places', async () => {
  const desk = openDesk('always');
  desk.take('pager', 1);
  await desk.turn();
  const waiting = desk.take('pager', 2);
  desk.sender.recall('pager');
  assert.deepEqual(desk.told.unsent, waiting);
  assert.deepEqual(desk.elsewhere.recalled, ['pager']);
  await desk.sender.reconfigure();
  assert.equal(desk.elsewhere.reloads, 1);
  const again = desk.take('pager', 2);
  const drained = desk.sender.drain();
  await desk.endAll();
  await drained;
  assert.deepEqual(desk.told.unsent, [...waiting, ...again]);
  assert.equal(desk.elsewhere.drained, true);
});
