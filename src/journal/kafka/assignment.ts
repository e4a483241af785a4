import { Consumer } from '@platformatic/kafka';
import { setTimeout as pause } from 'node:timers/promises';
import type { Position } from '../../model/position.ts';
import { connectionOptions } from './connection.ts';
import { journalError } from './errors.ts';
import type { KafkaSettings } from './url.ts';

/** A member that says nothing for so long loses its partitions; brokers allow 6 s and more (`group.min.session.timeout.ms`). */
const SESSION_TIMEOUT_MS = 15_000;
const HEARTBEAT_MS = 3_000;
/** How long members may take to join anew when the group changes. */
const REBALANCE_TIMEOUT_MS = 30_000;
const REJOIN_MS = 1_000;
/** Only what changes hands is revoked; everything else is read on meanwhile (KIP-429). */
const COOPERATIVE = { name: 'cooperative-sticky', version: 3 };

export interface GroupOptions {
  readonly settings: KafkaSettings;
  /** Shared by all nodes that divide the partitions among them. */
  readonly groupId: string;
  /**
   * The node's own name (KIP-345): one that dies and is back within the session time-out gets the same partitions, and nobody else moves. Two
   * nodes with one name take the partitions from each other without end.
   */
  readonly instanceId: string;
  /** From now on these are this node's. The positions to begin with are the store's. */
  onAssigned(partitions: readonly number[]): void;
  /** From now on these are not. A commit that is late fails at the store, which compares positions before it sets them. */
  onRevoked(partitions: readonly number[]): void;
  /** The group can't be reached, or refuses; joining is tried on. */
  onTrouble(error: Error): void;
}

export interface Membership {
  /** What this node owns now, ascending. */
  partitions(): readonly number[];
  /** Tells the brokers how far the store is. Only advice, for tools that show the lag: nobody starts from it. */
  commit(positions: readonly Position[]): Promise<void>;
  /** Gives everything back at once, so that others needn't wait for the session to end. */
  leave(): Promise<void>;
}

/**
 * Joins the group of nodes that divide the partitions of `<prefix>-signals` among them. Uses the classic protocol with cooperative
 * rebalancing: the client offers the newer one (KIP-848) only together with its own reading, and the journal reads for itself.
 */
export async function joinGroup(options: GroupOptions): Promise<Membership> {
  const { settings } = options;
  const topic = `${settings.prefix}-signals`;
  const consumer = new Consumer({
    ...connectionOptions(settings),
    groupId: options.groupId,
    groupInstanceId: options.instanceId,
    protocols: [COOPERATIVE],
    sessionTimeout: SESSION_TIMEOUT_MS,
    heartbeatInterval: HEARTBEAT_MS,
    rebalanceTimeout: REBALANCE_TIMEOUT_MS,
    heartbeatStallTimeout: SESSION_TIMEOUT_MS,
  });
  consumer.topics.track(topic);
  let held: readonly number[] = [];
  let left = false;

  const hold = (assigned: readonly number[]) => {
    const { revoked, added } = comparePartitions(held, assigned);
    held = assigned.toSorted((a, b) => a - b);
    if (revoked.length > 0) options.onRevoked(revoked);
    if (added.length > 0) options.onAssigned(added);
  };
  const holdAssigned = () => {
    if (!left) hold(consumer.assignments?.find((one) => one.topic === topic)?.partitions ?? []);
  };
  const trouble = (error: unknown) =>
    options.onTrouble(journalError(error, 'the group was joined', settings));
  const rejoin = async () => {
    for (;;) {
      await pause(REJOIN_MS, undefined, { ref: false });
      if (left) return;
      try {
        await consumer.joinGroup({});
        return;
      } catch (error) {
        trouble(error);
      }
    }
  };

  consumer.on('consumer:group:rebalance', holdAssigned);
  consumer.on('consumer:group:join', holdAssigned);
  // So long without an answer, and the brokers have given the partitions to others.
  consumer.on('consumer:heartbeat:stalled', ({ lastError }) => {
    hold([]);
    trouble(lastError ?? new Error(`the group has not answered for ${SESSION_TIMEOUT_MS} ms`));
  });
  // It was the brokers that were away, all of them, and nobody took anything meanwhile: there is no new assignment, the old one holds.
  consumer.on('consumer:heartbeat:end', holdAssigned);
  // The client could not join again and has stopped trying.
  consumer.on('error', (error) => {
    hold([]);
    trouble(error);
    void rejoin();
  });

  try {
    await consumer.joinGroup({});
  } catch (error) {
    left = true;
    consumer.close(true, () => {});
    throw journalError(error, 'the group was joined', settings);
  }
  return {
    partitions: () => held,
    async commit(positions) {
      const offsets = positions.map(({ partition, offset }) => ({
        topic,
        partition,
        offset: BigInt(offset),
        leaderEpoch: -1,
      }));
      try {
        if (offsets.length > 0) await consumer.commit({ offsets });
      } catch (error) {
        throw journalError(error, 'positions were reported', settings);
      }
    },
    async leave() {
      if (left) return;
      hold([]);
      left = true;
      await consumer.close(true);
    },
  };
}

/** What goes and what comes between two assignments, each ascending. */
export function comparePartitions(
  before: readonly number[],
  after: readonly number[],
): { readonly revoked: readonly number[]; readonly added: readonly number[] } {
  const without = (all: readonly number[], others: readonly number[]) =>
    all.filter((one) => !others.includes(one)).toSorted((a, b) => a - b);
  return { revoked: without(before, after), added: without(after, before) };
}
