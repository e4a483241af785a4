import { setTimeout as pause } from 'node:timers/promises';
import type { Position } from '../../model/position.ts';
import { JournalUnavailable, type JournalRecord } from '../port.ts';
import { abandon, createFetcher } from './connection.ts';
import { journalError } from './errors.ts';
import {
  fetchFrom,
  findLeaders,
  groupByLeader,
  OFFSET_OUT_OF_RANGE,
  type Fetched,
  type FetchLimits,
  type Wanted,
} from './fetch.ts';
import { createPrefetch, PARTITION_BUFFER_BYTES, takeRecords, type Followed } from './prefetch.ts';
import type { JournalTopic } from './topics.ts';
import type { KafkaSettings } from './url.ts';

const ANSWER_BYTES = 8 * 1024 * 1024;
const AT_ONCE: FetchLimits = { waitMs: 0, maxBytes: ANSWER_BYTES, maxPartitionBytes: PARTITION_BUFFER_BYTES };
/** How long a broker holds a request of the background for records to come. A partition that joins waits for it at most so long. */
const AHEAD: FetchLimits = { ...AT_ONCE, waitMs: 500 };
const RETRY_MS = 250;
/** A leader is elected within a second or two, unless its broker died without a word. */
const DIRECT_ATTEMPTS = 8;

export interface KafkaReader {
  read(partition: number, offset: number, limit: number, maxBytes: number): Promise<readonly JournalRecord[]>;
  readMany(
    positions: readonly Position[],
    limit: number,
    maxBytes: number,
    waitMs: number,
  ): Promise<readonly JournalRecord[]>;
  /** Records up to here were acknowledged to this process: a read must not say that there are none. */
  noteEnds(positions: readonly Position[]): void;
  /** What was fetched of these partitions is forgotten, and no more is fetched. */
  release(partitions: readonly number[]): void;
  close(): Promise<void>;
}

interface Underway {
  readonly offsets: ReadonlyMap<number, number>;
  readonly answer: Promise<void>;
}

export interface ReaderOptions {
  readonly settings: KafkaSettings;
  readonly topic: JournalTopic;
  /** The lowest offset that is kept; for a reader who is behind it. */
  readonly startOf: (partition: number) => Promise<number>;
  /** Records came that nobody had asked for yet. */
  readonly onRecords: () => void;
}

/**
 * Reads with a background that fetches ahead: one long request per broker for all its partitions that are read and have room, so a
 * round over 32 partitions costs as many requests as there are brokers. A read that finds its records here, or knows that there are none,
 * costs none; else it asks at once over a connection of its own, because a broker answers a connection's requests one after the other.
 */
export function createReader(options: ReaderOptions): KafkaReader {
  const { settings, topic } = options;
  const prefetch = createPrefetch();
  const ahead = createFetcher(settings, topic.name);
  const direct = createFetcher(settings, topic.name);
  /** Per broker, the request of the background that is under way, and the offset it asks for of each partition. */
  const underway = new Map<number, Underway>();
  /** Per broker, the last direct request: they follow one another, because they share a fetch session. */
  const queues = new Map<number, Promise<unknown>>();
  let waiters: (() => void)[] = [];
  let closed = false;
  let scheduled = false;

  const arrived = () => {
    const woken = waiters;
    waiters = [];
    for (const wake of woken) wake();
    options.onRecords();
  };

  /** Starts a request to each broker that has none and leads something that is wanted. Many calls in one turn are one. */
  const pump = () => {
    if (scheduled || closed) return;
    scheduled = true;
    setImmediate(() => void runPump());
  };

  const runPump = async () => {
    scheduled = false;
    const wanted = prefetch.hungry();
    if (closed || wanted.length === 0) return;
    let leaders: readonly number[];
    try {
      leaders = await findLeaders(ahead, topic);
    } catch {
      // A direct read meets the same trouble and tells it; here it is only tried again.
      setTimeout(pump, RETRY_MS).unref();
      return;
    }
    for (const [node, ofNode] of groupByLeader(leaders, wanted)) {
      if (closed || underway.has(node)) continue;
      const answer = fetchAhead(node, ofNode.map(atNext)).then((pauseMs) => {
        const over = () => {
          underway.delete(node);
          pump();
        };
        if (pauseMs === 0) over();
        else setTimeout(over, pauseMs).unref();
      });
      underway.set(node, {
        offsets: new Map(ofNode.map(({ partition, next }) => [partition, next])),
        answer,
      });
    }
  };

  /** One long request; resolves with how long to wait before the next. */
  const fetchAhead = async (node: number, wanted: readonly Wanted[]): Promise<number> => {
    try {
      const fetched = await fetchFrom(ahead, topic, node, wanted, AHEAD);
      if (fetched.map((one) => one.errorCode === 0 && prefetch.accept(one)).includes(true)) arrived();
      const outOfRange = fetched.filter(({ errorCode }) => errorCode === OFFSET_OUT_OF_RANGE);
      prefetch.release(outOfRange.map(({ partition }) => partition));
      if (fetched.every(({ errorCode }) => errorCode === 0 || errorCode === OFFSET_OUT_OF_RANGE)) return 0;
    } catch {
      // Where a partition ends is unknown now, so that the next read asks by itself, and tells the trouble if it lasts.
      for (const { partition } of wanted) prefetch.doubt(partition);
    }
    ahead.clearMetadata();
    return RETRY_MS;
  };

  /** Asks the leaders now, and some times more while a partition has no leader or a new one; what comes is taken in. */
  const fetchDirect = async (wanted: readonly Wanted[], attempt = 1): Promise<void> => {
    const again: Wanted[] = [];
    let trouble: unknown;
    const leaders = await findLeaders(direct, topic, attempt > 1);
    const ask = async ([node, ofNode]: readonly [number, readonly Wanted[]]): Promise<void> => {
      let answers: readonly Fetched[];
      try {
        answers = await inTurn(node, () => fetchFrom(direct, topic, node, ofNode, AT_ONCE));
      } catch (error) {
        trouble = error;
        again.push(...ofNode);
        return;
      }
      for (const fetched of answers) {
        if (fetched.errorCode === 0) prefetch.accept(fetched);
        else if (fetched.errorCode === OFFSET_OUT_OF_RANGE) again.push(...(await skipTrimmed(fetched)));
        else {
          trouble = new Error(`partition ${fetched.partition}: Kafka's error ${fetched.errorCode}`);
          again.push(fetched);
        }
      }
    };
    await Promise.all([...groupByLeader(leaders, wanted)].map(ask));
    if (again.length === 0 || closed) return;
    if (attempt === DIRECT_ATTEMPTS)
      throw trouble ?? new Error('the start of the journal moves while it is read');
    if (trouble !== undefined) await pause(RETRY_MS);
    await fetchDirect(again, attempt + 1);
  };

  /** Where to go on behind what was trimmed; nothing when the offset is not below the start but beyond the end. */
  const skipTrimmed = async ({ partition, offset }: Fetched): Promise<readonly Wanted[]> => {
    const start = await options.startOf(partition);
    const one = prefetch.get(partition);
    if (start <= offset || one?.next !== offset) {
      prefetch.release([partition]);
      return [];
    }
    one.next = start;
    return [{ partition, offset: start }];
  };

  const inTurn = <T>(node: number, work: () => Promise<T>): Promise<T> => {
    const turn = (queues.get(node) ?? Promise.resolve()).then(work, work);
    queues.set(
      node,
      turn.catch(() => {}),
    );
    return turn;
  };

  /** Brings at least one record of each partition that has one, if that needs asking. */
  const fill = async (followed: readonly Followed[]): Promise<void> => {
    const lacking = () => followed.filter((one) => one.records.length === 0 && one.next !== one.end);
    const coming = new Set(
      lacking().flatMap(({ partition, next, end }) =>
        end < next ? [] : [...underway.values()].filter(({ offsets }) => offsets.get(partition) === next),
      ),
    );
    // The background's request is on its way with them, because the broker answers it as soon as there are some.
    await Promise.all([...coming].map(({ answer }) => answer));
    const rest = lacking().map(atNext);
    if (rest.length > 0) await fetchDirect(rest);
  };

  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    if (closed) throw new JournalUnavailable('The Kafka journal is closed');
    try {
      return await work();
    } catch (error) {
      direct.clearMetadata();
      throw journalError(error, 'records were read', settings);
    }
  };

  const readMany: KafkaReader['readMany'] = (positions, limit, maxBytes, waitMs) =>
    guard(async () => {
      const until = performance.now() + waitMs;
      for (;;) {
        const followed = positions.map(({ partition, offset }) => prefetch.follow(partition, offset));
        await fill(followed);
        pump();
        const records = share(followed, limit, maxBytes);
        const leftMs = until - performance.now();
        if (records.length > 0 || leftMs <= 0 || closed) return records;
        await arrival(leftMs);
      }
    });

  const arrival = (waitMs: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      waiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });

  return {
    readMany,
    read: (partition, offset, limit, maxBytes) => readMany([{ partition, offset }], limit, maxBytes, 0),
    noteEnds(positions) {
      for (const { partition, offset } of positions) prefetch.noteEnd(partition, offset + 1);
    },
    release: prefetch.release,
    async close() {
      closed = true;
      for (const wake of waiters) wake();
      for (const client of [ahead, direct]) abandon(client);
      await Promise.allSettled([...underway.values()].map(({ answer }) => answer));
    },
  };
}

function atNext({ partition, next }: Followed): Wanted {
  return { partition, offset: next };
}

/** Some of each partition, so that a busy one doesn't keep the others from being read. */
function share(followed: readonly Followed[], limit: number, maxBytes: number): readonly JournalRecord[] {
  const taken: JournalRecord[] = [];
  let bytesLeft = maxBytes;
  for (const [index, { records }] of followed.entries()) {
    if (taken.length > 0 && bytesLeft <= 0) break;
    const partitionsLeft = followed.length - index;
    const recordsLeft = limit - taken.length;
    const part = takeRecords(records, Math.ceil(recordsLeft / partitionsLeft), bytesLeft / partitionsLeft);
    taken.push(...part);
    for (const { key, value } of part) bytesLeft -= key.length + value.length;
  }
  return taken;
}
