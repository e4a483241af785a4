import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { startFakeServer, type FakeAnswer, type ReceivedRequest } from '@signalbox/sdk/testing';
import type { Order } from './delivery/order.ts';
import { createSender, type Ended, type Sender, type SenderEvents } from './delivery/sender.ts';
import { createHost } from './host/create-host.ts';
import { loadConnectors } from './host/load-connectors.ts';
import { createClockOffset, createMovedClock, monotonicNow } from './lib/clock.ts';
import { createLog } from './lib/log.ts';
import type { Settings } from './model/settings.ts';
import { startSenderThread } from './sender-link.ts';
import { loadSettings } from './settings/load.ts';
import { packSettings } from './settings/transfer.ts';
import { openSqliteStore } from './store/sqlite/store.ts';
import { sampleNotification } from './store/suite/samples.ts';

const FAR_AHEAD_MS = 3_600_000;
const connectors = await loadConnectors({ external: [] });

/** What a sender has told, and what it waits for. */
interface Told {
  readonly ended: readonly Ended[];
  readonly unsent: readonly number[];
}

interface Place {
  readonly settings: () => Settings;
  readonly events: SenderEvents;
}

/** The two places where attempts are made. */
const senders: readonly (readonly [name: string, start: (place: Place) => Promise<Sender>])[] = [
  [
    'here',
    async ({ settings, events }) => {
      const now = createMovedClock(createClockOffset());
      const log = createLog('silent');
      const makeHost = () =>
        createHost({ settings: settings(), connectors, log, metrics: undefined, now, version: '0' });
      let host = await makeHost();
      const store = { connectorState: async () => undefined };
      const sender = createSender(
        {
          settings,
          host: () => host,
          now,
          log,
          store,
          isOurs: ({ heldUntil }) => monotonicNow() < heldUntil,
        },
        events,
      );
      return {
        ...sender,
        async reconfigure() {
          const left = host;
          host = await makeHost();
          await sender.reconfigure();
          await left.close();
        },
        async drain() {
          await sender.drain();
          await host.close();
        },
      };
    },
  ],
  [
    'in a thread of its own',
    ({ settings, events }) =>
      startSenderThread(
        {
          data: { clock: createClockOffset(), version: '0', externalConnectors: [] },
          settings: () => packSettings(settings()),
          onDeath: (reason) => assert.fail(reason),
        },
        events,
      ),
  ],
];

for (const [name, start] of senders) {
  describe(`attempts are made ${name}:`, () => {
    test('as many at once as there are slots, and each is told once', async () => {
      await using desk = await openDesk(start, { concurrency: 2 });
      desk.take(1, 2, 3, 4, 5);
      await desk.asked(2);
      assert.equal(desk.told.ended.length, 0, 'nobody has been answered yet');
      desk.answerAll();
      await desk.until(() => desk.told.ended.length === 5);
      assert.deepEqual(
        desk.told.ended.map(({ no }) => no).toSorted((a, b) => a - b),
        [1, 2, 3, 4, 5],
      );
      assert.equal(desk.most(), 2, 'never more than there are slots');
      const [first] = desk.told.ended;
      assert.equal(first!.integration, 'pager');
      assert.equal(first!.result.kind, 'delivered');
      assert.ok(first!.endedAt >= first!.startedAt);
    });

    test('what waits comes back when the breaker opens', async () => {
      await using desk = await openDesk(start, { concurrency: 1 });
      desk.answer = () => ({ status: 503 });
      desk.take(1, 2, 3, 4, 5);
      desk.answerAll();
      await desk.until(() => desk.told.ended.length + desk.told.unsent.length === 5);
      assert.deepEqual(
        desk.told.ended.map(({ result }) => result.kind === 'failed' && result.code),
        ['SB_UNAVAILABLE', 'SB_UNAVAILABLE'],
      );
      assert.deepEqual(desk.told.unsent, [3, 4, 5]);
    });

    test('what waits comes back when it is recalled, and what is under way ends', async () => {
      await using desk = await openDesk(start, { concurrency: 1 });
      desk.take(1, 2, 3);
      await desk.asked(1);
      desk.sender.recall('pager');
      await desk.until(() => desk.told.unsent.length === 2);
      desk.answerAll();
      await desk.until(() => desk.told.ended.length === 1);
      assert.deepEqual([desk.told.ended[0]!.no, desk.told.unsent], [1, [2, 3]]);
    });

    test('an attempt whose lease has run out before it could begin comes back', async () => {
      await using desk = await openDesk(start, { concurrency: 1 });
      desk.takeOrders([{ ...desk.order(1), delivery: { ...desk.order(1).delivery, leaseUntil: 0 } }]);
      await desk.until(() => desk.told.unsent.length === 1);
      assert.equal(desk.told.ended.length, 0);
    });

    test('an attempt at an integration that another node may have by now comes back', async () => {
      await using desk = await openDesk(start, { concurrency: 1 });
      desk.takeOrders([
        { ...desk.order(1), heldUntil: monotonicNow() },
        { ...desk.order(2), heldUntil: monotonicNow() + FAR_AHEAD_MS },
      ]);
      desk.answerAll();
      await desk.until(() => desk.told.ended.length + desk.told.unsent.length === 2);
      assert.deepEqual([desk.told.unsent, desk.told.ended.map(({ no }) => no)], [[1], [2]]);
    });

    test('what is taken after a change of the configuration goes by the new one', async () => {
      await using desk = await openDesk(start, { concurrency: 4 });
      desk.answerAll();
      desk.take(1);
      await desk.until(() => desk.told.ended.length === 1);
      await desk.reconfigure('/moved');
      desk.take(2);
      await desk.until(() => desk.told.ended.length === 2);
      assert.deepEqual(
        desk.requests().map(({ path }) => path),
        ['/', '/moved'],
      );
    });

    test('at the end what is under way is waited for, and what waits comes back', async () => {
      await using desk = await openDesk(start, { concurrency: 1 });
      desk.take(1, 2);
      await desk.asked(1);
      const drained = desk.sender.drain();
      await desk.until(() => desk.told.unsent.length === 1);
      desk.answerAll();
      await drained;
      assert.deepEqual([desk.told.ended[0]?.no, desk.told.unsent], [1, [2]]);
    });

    test('an integration that the configuration has no more fails with that', async () => {
      await using desk = await openDesk(start, { concurrency: 1 });
      const order = desk.order(1);
      desk.takeOrders([{ ...order, delivery: { ...order.delivery, integration: 'gone' } }]);
      await desk.until(() => desk.told.ended.length === 1);
      const { result } = desk.told.ended[0]!;
      assert.equal(result.kind === 'failed' && result.code, 'SB_CONFIG');
    });
  });
}

/** A sender, and a receiver that answers nobody until `answerAll`. */
async function openDesk(
  start: (place: Place) => Promise<Sender>,
  { concurrency }: { readonly concurrency: number },
) {
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-sender-'));
  cleanup.defer(() => rm(folder, { recursive: true }));
  const store = await openSqliteStore({ path: join(folder, 'store.db') });
  cleanup.defer(() => store.close());
  const open = Promise.withResolvers<void>();
  let answer: () => FakeAnswer = () => ({ body: {} });
  let current = 0;
  let most = 0;
  const server = await startFakeServer(async () => {
    most = Math.max(most, ++current);
    await open.promise;
    current--;
    return answer();
  });
  cleanup.defer(server.close);
  cleanup.defer(open.resolve);
  const told = { ended: [] as Ended[], unsent: [] as number[] };
  let settings = await settingsOf(folder, `${server.url}/`, concurrency);
  const sender = await start({
    settings: () => settings,
    events: {
      onEnded: (ended) => void told.ended.push(ended),
      onUnsent: (_integration, numbers) => void told.unsent.push(...numbers),
    },
  });
  let drained: Promise<void> | undefined;
  const drain = (): Promise<void> => (drained ??= sender.drain());
  const order = (no: number): Order => ({
    no,
    lease: 0,
    heldUntil: Infinity,
    delivery: {
      id: `d${no}`,
      integration: 'pager',
      priority: 'critical',
      notificationId: `n${no}`,
      leaseUntil: Date.now() + FAR_AHEAD_MS,
    },
    notification: () => sampleNotification(`n${no}`),
  });
  const kept = cleanup.move();
  return {
    sender: { ...sender, drain },
    told: told as Told,
    order,
    take: (...numbers: readonly number[]) => sender.take(numbers.map(order)),
    takeOrders: (orders: readonly Order[]) => sender.take(orders),
    answerAll: () => open.resolve(),
    set answer(next: () => FakeAnswer) {
      answer = next;
    },
    requests: (): readonly ReceivedRequest[] => server.requests,
    most: () => most,
    asked: (count: number) => until(() => server.requests.length >= count),
    until,
    async reconfigure(path: string) {
      settings = await settingsOf(folder, `${server.url}${path}`, concurrency);
      await sender.reconfigure();
    },
    async [Symbol.asyncDispose]() {
      open.resolve();
      await drain();
      await kept.disposeAsync();
    },
  };
}

async function settingsOf(folder: string, url: string, concurrency: number): Promise<Settings> {
  const text = `
storage: { path: "${folder}" }
integrations:
  pager:
    connector: webhook
    config: { url: "${url}" }
    concurrency: ${concurrency}
    breaker: { failures: 2, cooldown: 1h }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops }
`;
  const loaded = await loadSettings({
    files: [],
    text: { name: 'signalbox.yaml', text },
    env: {},
    connectors: [...connectors.connectors.values()],
  });
  assert.ok(loaded.ok, JSON.stringify(loaded));
  return loaded.settings;
}

/** Looks again until it is so; a guard against hanging ends the wait. */
async function until(isSo: () => boolean): Promise<void> {
  const givenUpAt = performance.now() + 30_000;
  while (!isSo()) {
    assert.ok(performance.now() < givenUpAt, 'it did not come about within 30 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
