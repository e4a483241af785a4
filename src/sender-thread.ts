// The composition root of the thread that sends. It starts when there is much to send, makes attempts and says how they went. It reads what connectors
// remember from the store, and writes nothing: what follows from an attempt is decided and committed by the thread that owns the state.
import { parentPort, workerData } from 'node:worker_threads';
import { createSender, type Ended } from './delivery/sender.ts';
import { openStoreReader } from './drivers.ts';
import { createHost } from './host/create-host.ts';
import type { Host } from './host/integration.ts';
import { loadUsedConnectors } from './host/load-connectors.ts';
import { createMovedClock, monotonicNow } from './lib/clock.ts';
import { createLog } from './lib/log.ts';
import { openLogStream } from './lib/log-stream.ts';
import { stepBack } from './lib/step-back.ts';
import { readNotification } from './model/notification-text.ts';
import type { Settings } from './model/settings.ts';
import type { FromSender, SenderData, ToSender } from './sender-protocol.ts';
import { unpackSettings } from './settings/transfer.ts';

/** So many results go over in one message, … */
const FULL_MESSAGE = 64;
/** … and fewer when the first of them is so old: each message wakes the other thread. */
const COMPANY_MS = 5;

const port = parentPort;
if (!port) throw new Error('src/sender-thread.ts runs as a worker of src/state-thread.ts, not by itself');
const data = workerData as SenderData;
const say = (message: FromSender): void => port.postMessage(message);
const now = createMovedClock(data.clock);

let settings = unpackSettings(data.settings);
const log = createLog(settings.log.level, { thread: 'send' }, openLogStream(settings.log.format));
stepBack(log);
const store = await openStoreReader(settings.storage);
let host = await makeHost(settings);

let attempts: Ended[] = [];
let telling: NodeJS.Timeout | undefined;
const sender = createSender(
  {
    settings: () => settings,
    host: () => host,
    now,
    log,
    store,
    isOurs: ({ heldUntil }) => monotonicNow() < heldUntil,
  },
  {
    onEnded(ended) {
      attempts.push(ended);
      if (attempts.length >= FULL_MESSAGE) tell();
      else telling ??= setTimeout(tell, COMPANY_MS);
    },
    onUnsent: (integration, numbers) => say({ kind: 'unsent', integration, numbers }),
  },
);
port.on('message', (message: ToSender) => void follow(message));
say({ kind: 'ready' });

async function follow(message: ToSender): Promise<void> {
  switch (message.kind) {
    case 'send':
      return sender.take(
        message.orders.map(({ text, ...order }) => ({
          ...order,
          notification: () => readNotification(text),
        })),
      );
    case 'recall':
      return sender.recall(message.integration);
    case 'reload':
      return reload(message.settings);
    case 'drain':
      return drain();
  }
}

function tell(): void {
  clearTimeout(telling);
  telling = undefined;
  if (attempts.length > 0) say({ kind: 'ended', attempts });
  attempts = [];
}

/** All that is counted of calls is counted where the state is. */
async function makeHost(from: Settings): Promise<Host> {
  const connectors = await loadUsedConnectors(from, data.externalConnectors);
  return createHost({ settings: from, connectors, log, metrics: undefined, now, version: data.version });
}

/** The new host is built whole beside the old one; only then does anything change. */
async function reload(packed: unknown): Promise<void> {
  const next = unpackSettings(packed);
  const made = await makeHost(next);
  const left = host;
  settings = next;
  host = made;
  await sender.reconfigure();
  say({ kind: 'reloaded' });
  await left.close();
}

async function drain(): Promise<void> {
  await sender.drain();
  tell();
  await host.close();
  await store.close();
  say({ kind: 'drained' });
  port!.close();
}
