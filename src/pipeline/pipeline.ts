import { setTimeout as startTimer } from 'node:timers';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { StalePosition, StoreUnavailable } from '../store/port.ts';
import type { DeliveryMachine } from '../delivery/machine.ts';
import { expireStep } from './expire-step.ts';
import { flushStep } from './flush-step.ts';
import { foldStep } from './fold-step.ts';
import { gatherStep } from './gather-step.ts';
import { heartbeatStep } from './heartbeat.ts';
import { createRound } from './round.ts';
import type { StepContext } from './step.ts';

/** After a start nothing is told before the journal is caught up, or this long has passed (design §2.7). */
const CATCH_UP_MS = 60_000;
const RETRY_MS = 500;
const ROUNDS_APART = 4;
/** Bounds how long signals wait for deliveries, which get more turns than they. */
const TICKS_PER_ROUND = 32;
/** Time for attempts to end, so that one commit settles many. */
const FLOW_MS = 5;
/** A clock that is moved, or settings that are reloaded, are noticed after this long at the latest. */
const HEARTBEAT_LOOK_MS = 10_000;

export interface PipelineStatus {
  readonly caughtUp: boolean;
  /** Age of the oldest record that is not folded yet; 0 when there is none. */
  readonly lagMs: number;
  /** Why the newest batch failed, while it does. */
  readonly trouble?: string;
}

export interface Pipeline {
  /** Runs until `stop`; rejects only on a bug that makes going on unsafe. */
  run(): Promise<void>;
  /** Runs work on the state between two rounds, so that neither sees the other half done. */
  between<T>(work: () => Promise<T>): Promise<T>;
  /** Something may be there to do. Cheap. */
  wake(): void;
  /** Ends after the batch at hand. */
  stop(): void;
  status(): PipelineStatus;
}

/**
 * The whole flow behind the journal, in one list: fold → expire → heartbeat → gather → flush → deliver. Each step takes one
 * bounded batch and commits it; the loop goes round while anybody made progress and sleeps until the next due time otherwise.
 */
export function createPipeline(context: StepContext, machine: DeliveryMachine): Pipeline {
  const positions = new Map<number, number>();
  let targets: ReadonlyMap<number, number> = new Map();
  let startedAt = 0;
  let caughtUp = false;
  let late = false;
  let stopping = false;
  let trouble: string | undefined;
  let oldestAt: number | undefined;
  let ring: (() => void) | undefined;
  let rung = false;
  let heartbeatAt = 0;
  /** Rounds to run step by step, after one that could not be committed as a whole. */
  let apart = 0;
  const guests: (() => Promise<void>)[] = [];

  async function load(): Promise<void> {
    positions.clear();
    for (let partition = 0; partition < context.journal.partitions; partition++) positions.set(partition, 0);
    for (const { partition, offset } of await context.store.positions()) positions.set(partition, offset);
  }

  /** The next positions, to be taken over when the round is committed. */
  async function fold(step: StepContext, next: Map<number, number>): Promise<boolean> {
    let oldest: number | undefined;
    for (const [partition, position] of positions) {
      const folded = await foldStep(step, partition, position);
      if (folded.newestAt === undefined) continue;
      next.set(partition, folded.position);
      oldest = Math.min(folded.newestAt, oldest ?? Infinity);
    }
    oldestAt = oldest;
    return oldest !== undefined;
  }

  async function lookAtHeartbeats(step: StepContext): Promise<boolean> {
    if (context.now() < heartbeatAt) return false;
    heartbeatAt = Math.min(await heartbeatStep(step), context.now() + HEARTBEAT_LOOK_MS);
    return false;
  }

  /** The flow. While the journal is being caught up nothing expires and nobody is told. */
  async function runSteps(step: StepContext, next: Map<number, number>): Promise<boolean> {
    let progressed = await fold(step, next);
    if (caughtUp) {
      progressed = (await expireStep(step)) || progressed;
      await lookAtHeartbeats(step);
    }
    progressed = (await gatherStep(step)) || progressed;
    if (!caughtUp) return progressed;
    return (await flushStep(step, late)) || progressed;
  }

  /** All steps of a round share one commit. */
  async function runTogether(next: Map<number, number>): Promise<boolean> {
    const staged = createRound(context.store);
    const progressed = await runSteps({ ...context, store: staged.store }, next);
    const taken = machine.takeOver([...staged.deliveries.values()], staged.notifications);
    for (const delivery of taken.deliveries) staged.replaceDelivery(delivery);
    await staged.commit();
    machine.remember(staged.notifications.values());
    taken.start();
    for (const { status, integration, dueAt } of staged.deliveries.values()) {
      if (status === 'pending') machine.expect(integration, dueAt);
    }
    return progressed;
  }

  /** Each step commits by itself, so that a batch with a poisonous record can be halved until that record is found. */
  async function runApart(next: Map<number, number>): Promise<boolean> {
    const progressed = await runSteps(context, next);
    await machine.rescan();
    return progressed;
  }

  async function round(): Promise<boolean> {
    const next = new Map<number, number>();
    let progressed = await (apart > 0 ? runApart(next) : runTogether(next));
    apart = Math.max(0, apart - 1);
    for (const [partition, position] of next) positions.set(partition, position);
    noticeWhole();
    if (caughtUp && (await deliver())) progressed = true;
    if (progressed) {
      late = false;
      context.onCommit();
    }
    return progressed;
  }

  /**
   * Gives deliveries their turns, and more of them while they go out quickly: what is taken in waits safely in the journal, and what
   * is decided is cheapest to send while it is at hand. Returns whether something was committed.
   */
  async function deliver(): Promise<boolean> {
    let committed = false;
    for (let ticks = 0; ticks < TICKS_PER_ROUND; ticks++) {
      if (await machine.tick()) committed = true;
      else if (!machine.isFlowing(context.now())) break;
      await (machine.isFlowing(context.now()) ? setTimeout(FLOW_MS) : setImmediate());
    }
    return committed;
  }

  function noticeWhole(): void {
    if (caughtUp) return;
    const whole = [...targets].every(([partition, target]) => (positions.get(partition) ?? 0) >= target);
    late = !whole && context.now() - startedAt > CATCH_UP_MS;
    caughtUp = whole || late;
  }

  /** After a failure: what was believed of heartbeats may not have been committed, and the lag is that of the oldest record. */
  async function recollect(): Promise<void> {
    context.pulses.restore(await context.store.heartbeats());
    heartbeatAt = 0;
    oldestAt = undefined;
    for (const [partition, position] of positions) {
      const [record] = await context.journal.read(partition, position, 1);
      if (record) oldestAt = Math.min(record.at, oldestAt ?? Infinity);
    }
  }

  async function sleep(): Promise<void> {
    if (rung) {
      rung = false;
      return;
    }
    const now = context.now();
    const next = Math.min(await context.store.nextDueAt(), machine.nextTickAt(now), heartbeatAt);
    const waitMs = Math.min(Math.max(0, next - now), 10_000);
    if (waitMs === 0) return;
    await pause(waitMs);
  }

  function pause(waitMs: number): Promise<void> {
    return new Promise<void>((resolve) => {
      const timer = startTimer(resolve, waitMs);
      ring = () => {
        clearTimeout(timer);
        resolve();
      };
    }).then(() => {
      ring = undefined;
      rung = false;
    });
  }

  return {
    async run() {
      startedAt = context.now();
      await load();
      targets = new Map(
        await Promise.all([...positions.keys()].map(async (p) => [p, await context.journal.end(p)] as const)),
      );
      while (!stopping) {
        try {
          for (const guest of guests.splice(0)) await guest();
          const progressed = await round();
          if (trouble !== undefined) context.log.info('processing goes on');
          trouble = undefined;
          await (progressed ? setImmediate() : sleep());
        } catch (error) {
          if (error instanceof StalePosition) await load();
          else if (!(error instanceof StoreUnavailable)) apart = ROUNDS_APART;
          if (trouble === undefined)
            context.log.error('processing waits', { reason: String(error), stack: stackOf(error) });
          trouble = String(error instanceof Error ? error.message : error);
          context.metrics.failures.inc({ step: error instanceof StoreUnavailable ? 'store' : 'other' });
          await recollect().catch(() => undefined);
          await pause(RETRY_MS);
        }
      }
    },
    between: (work) =>
      new Promise((resolve, reject) => {
        // The guest's failure is the guest's alone; the loop goes on.
        guests.push(() => work().then(resolve, reject));
        rung = true;
        ring?.();
      }),
    wake() {
      rung = true;
      ring?.();
    },
    stop() {
      stopping = true;
      ring?.();
    },
    status() {
      return {
        caughtUp,
        lagMs: oldestAt === undefined ? 0 : Math.max(0, context.now() - oldestAt),
        ...(trouble === undefined ? {} : { trouble }),
      };
    },
  };
}

function stackOf(error: unknown): string | undefined {
  return error instanceof StoreUnavailable || !(error instanceof Error) ? undefined : error.stack;
}
