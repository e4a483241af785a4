import { setTimeout as startTimer } from 'node:timers';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Alert } from '../model/alert.ts';
import type { Position } from '../model/position.ts';
import { StaleLease } from '../store/lease.ts';
import type { ApprovalDesk } from '../approvals/desk.ts';
import {
  CommitUnknown,
  StaleDelivery,
  StaleIncident,
  StalePosition,
  StaleRun,
  StoreUnavailable,
} from '../store/port.ts';
import type { DeliveryMachine } from '../delivery/machine.ts';
import type { RunWatch } from '../workflows/watch-runs.ts';
import { createRound } from './round.ts';
import { runDuties, runSteps } from './run-steps.ts';
import type { WaitingDesk } from './waiting-batch.ts';
import type { StepContext } from './step.ts';

/** After a start nothing is told before the journal is caught up, or this long has passed (design §2.7). */
const CATCH_UP_MS = 60_000;
const RETRY_MS = 500;
const ROUNDS_APART = 4;
/** How often to look how far other nodes are. */
const LOOK_MS = 250;
const LONGEST_SLEEP_MS = 10_000;
/** While answers are awaited; what can be done meanwhile rings the bell. */
const ANSWER_LOOK_MS = 50;
/** What other nodes leave in the inbox is announced, but an announcement may be lost. */
const SHARED_SLEEP_MS = 1_000;
/** Bounds how long signals wait for deliveries, which get more turns than they. */
const TICKS_PER_ROUND = 32;
/** Time for attempts to end, so that one commit settles many. */
const FLOW_MS = 5;
/** A clock that is moved, or settings that are reloaded, are noticed after this long at the latest. */
const HEARTBEAT_LOOK_MS = 10_000;

export interface PipelineStatus {
  /** Everything that was there when the last share came is decided, so people are told. */
  readonly caughtUp: boolean;
  /** It was caught up at least once since the start. */
  readonly wasCaughtUp: boolean;
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
  /** How far this node is in the partitions that are its own. */
  positions(): readonly Position[];
}

/**
 * The whole flow behind the journal (`run-steps.ts`): fold → expire → age → heartbeat, storm → gather → correlate → flush → deliver. Each step takes
 * one bounded batch and commits it; the loop goes round while anybody made progress and sleeps until the next due time otherwise.
 */
export function createPipeline(
  context: StepContext,
  machine: DeliveryMachine,
  approvals: Pick<ApprovalDesk, 'tick' | 'nextTickAt'>,
  runs: Pick<RunWatch, 'tick' | 'nextTickAt'>,
  onBegun: (alerts: readonly Alert[]) => void = () => {},
  onWhole: (partitions: readonly number[]) => Promise<void> = async () => {},
): Pipeline {
  const { store, journal, ownership } = context;
  /** The next offset to process, of the partitions that are this node's. */
  const positions = new Map<number, number>();
  /** What was owned when the positions were read. */
  let ownedVersion = -1;
  /** Partitions and scopes, when their targets were set. */
  let ownedBefore: ReadonlySet<string> = new Set();
  /** Where each partition ended when something was gained: before that nobody is told (design §2.7). */
  let targets: ReadonlyMap<number, number> = new Map();
  /** Of which `onWhole` was told. */
  let takenUp: ReadonlySet<number> = new Set();
  let lookedAt = 0;
  let startedAt = 0;
  /** Nobody is told before, however whole the state is. */
  const silentUntil = context.now() + (context.settings().server.startDelayMs ?? 0);
  let caughtUp = false;
  let wasCaughtUp = false;
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
  const desk: WaitingDesk = {};
  /** Answers about the next batch. */
  let awaited: Promise<void> | undefined;

  /** Begins with what the store says of the partitions that are owned now. */
  async function load(): Promise<void> {
    const known = new Map((await store.positions()).map(({ partition, offset }) => [partition, offset]));
    positions.clear();
    for (const partition of ownership.partitions()) positions.set(partition, known.get(partition) ?? 0);
    // What went to another node comes back with what that one left undone.
    takenUp = new Set([...takenUp].filter((partition) => positions.has(partition)));
  }

  /** A node that takes no part in the deciding. */
  async function onlyDeliver(): Promise<boolean> {
    caughtUp = true;
    wasCaughtUp = true;
    // Whatever it takes up later, it catches up with first.
    ownedBefore = new Set();
    takenUp = new Set();
    oldestAt = undefined;
    return deliver();
  }

  /** Nobody is told before all partitions, whoever folds them, are where they end now. */
  async function aim(): Promise<void> {
    const owned = new Set([
      ...[...positions.keys()].map((partition) => `partition/${partition}`),
      ...(ownership.scopes() ?? []).map((scope) => `scope/${scope}`),
    ]);
    const gained = [...owned].some((name) => !ownedBefore.has(name));
    if (!gained) {
      // What was lost may come back, with what another node did to it in between.
      ownedBefore = owned;
      return;
    }
    startedAt = context.now();
    caughtUp = false;
    const partitions = Array.from({ length: journal.partitions }, (_, partition) => partition);
    targets = new Map(
      await Promise.all(
        partitions.map(async (partition) => [partition, await journal.end(partition)] as const),
      ),
    );
    ownedBefore = owned;
  }

  async function lookAtDuties(step: StepContext): Promise<void> {
    if (context.now() < heartbeatAt) return;
    heartbeatAt = Math.min(await runDuties(step), context.now() + HEARTBEAT_LOOK_MS);
  }

  /** The next positions are taken over when the round is committed. */
  async function takeTurn(step: StepContext, next: Map<number, number>, begun: Alert[]): Promise<boolean> {
    const turn = { positions, isWhole: caughtUp, isLate: late, duties: lookAtDuties, desk };
    const { folded, progressed } = await runSteps(step, turn);
    if (folded.awaits !== awaited) void folded.awaits?.then(wake);
    awaited = folded.awaits;
    for (const [partition, position] of folded.next) next.set(partition, position);
    oldestAt = folded.oldestAt;
    begun.push(...folded.begun);
    return progressed;
  }

  /** All steps of a round share one commit. */
  async function runTogether(next: Map<number, number>, begun: Alert[]): Promise<boolean> {
    const staged = createRound(store);
    const progressed = await takeTurn({ ...context, store: staged.store }, next, begun);
    const taken = machine.takeOver([...staged.deliveries.values()], staged.notifications);
    for (const delivery of taken.deliveries) staged.replaceDelivery(delivery);
    if (taken.fences.length > 0) await staged.store.commit({ fences: taken.fences });
    try {
      await staged.commit();
    } catch (error) {
      if (error instanceof CommitUnknown) taken.takeBack();
      throw error;
    }
    taken.start();
    const waiting = [...staged.deliveries.values()].filter(({ status }) => status === 'pending');
    machine.remember(waiting.map(({ notificationId }) => staged.notifications.get(notificationId)!));
    for (const { integration, dueAt } of waiting) machine.expect(integration, dueAt);
    return progressed;
  }

  /** Each step commits by itself, so that a batch with a poisonous record can be halved until that record is found. */
  async function runApart(next: Map<number, number>, begun: Alert[]): Promise<boolean> {
    const progressed = await takeTurn(context, next, begun);
    await machine.rescan();
    return progressed;
  }

  async function round(): Promise<boolean> {
    const version = ownership.version();
    if (version !== ownedVersion) {
      await load();
      await aim();
      ownedVersion = version;
    }
    const isIdle = positions.size === 0 && ownership.scopes()?.length === 0;
    if (isIdle || !context.mayDecide()) return onlyDeliver();
    const next = new Map<number, number>();
    const begun: Alert[] = [];
    let progressed = await (apart > 0 ? runApart(next, begun) : runTogether(next, begun));
    if (begun.length > 0) onBegun(begun);
    apart = Math.max(0, apart - 1);
    for (const [partition, position] of next) positions.set(partition, position);
    await noticeWhole();
    if (caughtUp && (await approvals.tick())) progressed = true;
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
    let committed = await runs.tick();
    for (let ticks = 0; ticks < TICKS_PER_ROUND; ticks++) {
      if (await machine.tick()) committed = true;
      else if (!machine.isFlowing(context.now())) break;
      await (machine.isFlowing(context.now()) ? setTimeout(FLOW_MS) : setImmediate());
    }
    return committed;
  }

  async function noticeWhole(): Promise<void> {
    if (caughtUp || context.now() < silentUntil) return;
    const whole = await isWhole();
    late = !whole && context.now() - startedAt > CATCH_UP_MS;
    if (whole || late) await takeUp();
    caughtUp = whole || late;
    wasCaughtUp ||= caughtUp;
  }

  /** Partitions that came since the last time, as far as their records are folded. */
  async function takeUp(): Promise<void> {
    const gained = [...positions.keys()].filter((partition) => !takenUp.has(partition));
    if (gained.length > 0) await onWhole(gained);
    takenUp = new Set(positions.keys());
  }

  async function isWhole(): Promise<boolean> {
    const behind = (known: ReadonlyMap<number, number>) =>
      [...targets].filter(([partition, target]) => (known.get(partition) ?? 0) < target);
    const open = behind(positions);
    if (open.length === 0) return true;
    if (open.some(([partition]) => positions.has(partition))) return false;
    // The rest is other nodes' work, and only the store knows how far they are.
    if (context.now() - lookedAt < LOOK_MS) return false;
    lookedAt = context.now();
    const known = new Map((await store.positions()).map(({ partition, offset }) => [partition, offset]));
    return behind(known).length === 0;
  }

  /** After a failure: what was believed of heartbeats may not have been committed, and the lag is that of the oldest record. */
  async function recollect(): Promise<void> {
    context.pulses.restore(await store.heartbeats());
    heartbeatAt = 0;
    oldestAt = undefined;
    for (const [partition, position] of positions) {
      const [record] = await journal.read(partition, position, 1);
      if (record) oldestAt = Math.min(record.at, oldestAt ?? Infinity);
    }
  }

  async function recover(error: unknown): Promise<void> {
    if (
      error instanceof StalePosition ||
      error instanceof StaleLease ||
      error instanceof StaleIncident ||
      error instanceof StaleDelivery ||
      error instanceof StaleRun
    ) {
      // Somebody else has it now, or had it in between. That is no trouble.
      context.log.info('another node goes on with a part of the work', { reason: error.message });
      context.metrics.failures.inc({ step: 'stale' });
      await ownership.refresh();
      ownedVersion = -1;
    } else {
      if (!(error instanceof StoreUnavailable)) apart = ROUNDS_APART;
      if (trouble === undefined)
        context.log.error('processing waits', { reason: String(error), stack: stackOf(error) });
      trouble = String(error instanceof Error ? error.message : error);
      context.metrics.failures.inc({ step: error instanceof StoreUnavailable ? 'store' : 'other' });
    }
    await recollect().catch(() => undefined);
    await pause(RETRY_MS);
  }

  async function sleep(): Promise<void> {
    if (rung) {
      rung = false;
      return;
    }
    const now = context.now();
    const scopes = ownership.scopes();
    const owned = scopes && { scopes, partitions: ownership.partitions() };
    const incidentDue = context.settings().correlation ? await store.nextIncidentDue(scopes) : Infinity;
    const next = Math.min(
      await store.nextDueAt(owned),
      incidentDue,
      machine.nextTickAt(now),
      heartbeatAt,
      approvals.nextTickAt(),
      runs.nextTickAt(now),
    );
    const longest = !caughtUp ? LOOK_MS : scopes ? SHARED_SLEEP_MS : LONGEST_SLEEP_MS;
    // What is due and not done waits for the same answers as the next batch.
    const waitMs = Math.min(Math.max(awaited ? ANSWER_LOOK_MS : 0, next - now), longest);
    if (waitMs === 0) return;
    await pause(waitMs);
  }

  function wake(): void {
    rung = true;
    ring?.();
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
      while (!stopping) {
        try {
          for (const guest of guests.splice(0)) await guest();
          const progressed = await round();
          if (trouble !== undefined) context.log.info('processing goes on');
          trouble = undefined;
          await (progressed ? setImmediate() : sleep());
        } catch (error) {
          await recover(error);
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
    wake,
    stop() {
      stopping = true;
      ring?.();
    },
    positions: () => Array.from(positions, ([partition, offset]) => ({ partition, offset })),
    status() {
      return {
        caughtUp,
        wasCaughtUp,
        lagMs: oldestAt === undefined ? 0 : Math.max(0, context.now() - oldestAt),
        ...(trouble === undefined ? {} : { trouble }),
      };
    },
  };
}

function stackOf(error: unknown): string | undefined {
  return error instanceof StoreUnavailable || !(error instanceof Error) ? undefined : error.stack;
}
