import { setTimeout as pause } from 'node:timers/promises';
import { startSenders, type SenderMemory } from './crash-load.ts';
import { compare, type KeyState } from './crash-model.ts';
import { everyAlertItsOwnGroup, startHub, TOKEN, type Hub } from './hub.ts';
import { awaitNothingPending, awaitProcessed, findUnprocessed, readAlerts, readMetric } from './hub-api.ts';
import { createRandom } from './random.ts';
import { sendLanes } from './sender.ts';
import { awaitDeliveries, startSink, type Sink, type Told } from './sink.ts';

export interface CrashOptions {
  readonly kills: number;
  /** Fixes what is said and when the kills come. How far the hub got until then is the machine's. */
  readonly seed: number;
  /** A kill comes at a random moment after the hub was ready, at most this late. Default 1.5. */
  readonly seconds?: number;
  /** Senders, one connection each. Default 16. */
  readonly connections?: number;
  /** Keys of each sender. Default 32. */
  readonly keysEach?: number;
  /** Sections of the hub's configuration beside the shipped defaults, as YAML. */
  readonly sections?: string;
  /** Tells a person how it goes. */
  readonly say?: (line: string) => void;
}

export interface CrashReport {
  readonly kills: number;
  readonly seed: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly unanswered: number;
  readonly refused: number;
  /** Acknowledged signals that the hub does not know as processed, and keys whose state is older than what was acknowledged. */
  readonly lost: readonly string[];
  /** Keys whose alert is in a state that does not follow from what was said. */
  readonly wrong: readonly string[];
  /** Keys whose last word at the receiver is not the alert's state. */
  readonly toldWrong: readonly string[];
  /** Statements that reached the receiver after a newer one of the same key. */
  readonly outOfOrder: number;
  readonly delivered: number;
  /** Deliveries that reached the receiver more than once, each time counted. */
  readonly repeated: number;
  /** Deliveries that the restarted hub found half-sent, over all kills: nothing else may be repeated. */
  readonly inFlightAtKills: number;
  /** Milliseconds from the start of the process to ready, after each kill. */
  readonly restartMs: readonly number[];
}

/** The ticks of the groups are a second apart; after three of them without news nothing is to be told any more. */
const QUIET_MS = 3_500;
const SETTLE_MS = 120_000;

/**
 * Kills the hub with SIGKILL at random moments under load, starts it again, and at the end compares what it knows, and what the
 * receiver heard, with what the senders know. Nothing may be lost, wrong, or repeated without need (design §2).
 */
export async function runCrashes(options: CrashOptions): Promise<CrashReport> {
  const {
    kills,
    seed,
    seconds = 1.5,
    connections = 16,
    keysEach = 32,
    sections = '',
    say = () => {},
  } = options;
  const random = createRandom(seed ^ 0x5eed);
  const sink = await startSink('check');
  let hub = await startHub({
    sinkUrl: sink.url,
    routes: everyAlertItsOwnGroup('1s'),
    more: { sections },
  });
  try {
    const target = { port: hub.port, token: TOKEN };
    const senders = startSenders(target, { connections, keysEach, seed });
    let inFlightAtKills = 0;
    const restartMs: number[] = [];
    for (let kill = 1; kill <= kills; kill++) {
      await pause(random() * seconds * 1000);
      await hub.stop('SIGKILL');
      hub = await hub.restart();
      restartMs.push(hub.startMs);
      inFlightAtKills += await readMetric(hub.url, 'signalbox_deliveries_abandoned_total');
      if (kill % 10 === 0 || kill === kills) say(`crash: ${kill} of ${kills} kills`);
    }
    await pause(500);
    const memory = await senders.stop();
    await settle(hub, sink);
    const found = await inspect(hub, memory, await sink.told());
    const { count, repeated, outOfOrder } = await sink.count();
    const { sent, unanswered, refused, receipts } = memory;
    const counts = { kills, seed, sent, acknowledged: receipts.length, unanswered, refused };
    return { ...counts, ...found, delivered: count, repeated, outOfOrder, inFlightAtKills, restartMs };
  } finally {
    await hub.stop('SIGKILL');
    hub.remove();
    await sink.stop();
  }
}

/** Waits until everything that was taken is processed and told. */
async function settle(hub: Hub, sink: Sink): Promise<void> {
  let last = '';
  const now = new Date().toISOString();
  const marker = [{ key: 'crash-end', version: 1, status: 'firing', startsAt: now } as const];
  await sendLanes({ port: hub.port, token: TOKEN }, [[marker]], (receipt) => (last = receipt));
  await awaitProcessed(hub.url, last);
  await awaitDeliveries(sink, { expected: Infinity, quietMs: QUIET_MS, limitMs: SETTLE_MS });
  if (!(await awaitNothingPending(hub.url, SETTLE_MS)))
    throw new Error('deliveries still wait after the last restart');
}

async function inspect(
  hub: Hub,
  { knowledge, receipts }: SenderMemory,
  told: ReadonlyMap<string, Told>,
): Promise<Pick<CrashReport, 'lost' | 'wrong' | 'toldWrong'>> {
  const alerts = await readAlerts(hub.url);
  const lost = await findUnprocessed(hub.port, receipts, 8);
  const wrong: string[] = [];
  const toldWrong: string[] = [];
  for (const [key, known] of knowledge) {
    const actual = alerts.get(key);
    const found = compare(known, actual);
    const expected = known.possible.map(describe).join(' or ');
    if (found !== 'right')
      (found === 'lost' ? lost : wrong).push(`${key}: expected ${expected}, is ${describe(actual)}`);
    const word = told.get(key)?.status;
    // Whoever never heard "firing" is not told "resolved".
    const isTold = actual?.status === 'firing' ? word === 'firing' : word !== 'firing';
    if (!isTold) toldWrong.push(`${key}: is ${describe(actual)}, receiver heard ${word ?? 'nothing'}`);
  }
  return { lost, wrong, toldWrong };
}

function describe(state: KeyState | undefined): string {
  return state ? `${state.status} (version ${state.version})` : 'unknown';
}
