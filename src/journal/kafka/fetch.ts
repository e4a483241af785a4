import type { Consumer } from '@platformatic/kafka';
import type { JournalRecord } from '../port.ts';
import { readBatches } from './records.ts';
import type { JournalTopic } from './topics.ts';

/** Records of one partition that are wanted, from an offset on. */
export interface Wanted {
  readonly partition: number;
  readonly offset: number;
}

/** What one partition gave. */
export interface Fetched extends Wanted {
  readonly records: readonly JournalRecord[];
  /** Where to go on. */
  readonly next: number;
  /** The offset behind the newest acknowledged record, as the leader knew it. */
  readonly end: number;
  /** Kafka's number of what went wrong with this partition; 0 is nothing. */
  readonly errorCode: number;
}

type FetchResponse = Awaited<ReturnType<Consumer['fetch']>>;

export interface FetchLimits {
  /** How long the broker waits for records when there are none; 0 answers at once. */
  readonly waitMs: number;
  /** Of one answer. A single batch that is larger comes all the same. */
  readonly maxBytes: number;
  readonly maxPartitionBytes: number;
}

export const OFFSET_OUT_OF_RANGE = 1;
/** Read everything: the journal uses no transactions, so there is nothing uncommitted. */
const READ_UNCOMMITTED = 0;

/** One request to one broker for several partitions. An error of one partition doesn't spoil what the others gave. */
export async function fetchFrom(
  consumer: Consumer,
  topic: JournalTopic,
  node: number,
  wanted: readonly Wanted[],
  limits: FetchLimits,
): Promise<readonly Fetched[]> {
  const response = await askBroker(() =>
    consumer.fetch({
      node,
      maxWaitTime: limits.waitMs,
      maxBytes: limits.maxBytes,
      isolationLevel: READ_UNCOMMITTED,
      topics: [
        {
          topicId: topic.id,
          partitions: wanted.map(({ partition, offset }) => ({
            partition,
            fetchOffset: BigInt(offset),
            partitionMaxBytes: limits.maxPartitionBytes,
            currentLeaderEpoch: -1,
            lastFetchedEpoch: -1,
          })),
        },
      ],
    }),
  );
  const answers = new Map(
    response.responses.flatMap(({ partitions }) => partitions).map((one) => [one.partitionIndex, one]),
  );
  return wanted.map(({ partition, offset }) => {
    const answer = answers.get(partition);
    // Within a fetch session a broker leaves out what has nothing new (KIP-227): the partition ends where it was asked.
    if (!answer) return { partition, offset, records: [], next: offset, end: offset, errorCode: 0 };
    const { errorCode, highWatermark, records } = answer;
    return {
      partition,
      offset,
      ...readBatches(partition, offset, records ?? []),
      end: Number(highWatermark),
      errorCode,
    };
  });
}

/** The client throws when a single partition has an error, and leaves the answer in what it throws. */
async function askBroker(ask: () => Promise<FetchResponse>): Promise<FetchResponse> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Error && 'response' in error && isFetchResponse(error.response))
      return error.response;
    throw error;
  }
}

function isFetchResponse(value: unknown): value is FetchResponse {
  return (
    typeof value === 'object' &&
    value !== null &&
    'errorCode' in value &&
    value.errorCode === 0 &&
    'responses' in value &&
    Array.isArray(value.responses) &&
    value.responses.length > 0
  );
}

/** Which broker leads which partition, from what the client remembers for some seconds. */
export async function findLeaders(
  consumer: Consumer,
  topic: JournalTopic,
  fresh = false,
): Promise<readonly number[]> {
  const { topics } = await consumer.metadata({ topics: [topic.name], forceUpdate: fresh });
  return topics.get(topic.name)!.partitions.map(({ leader }) => leader);
}

/** By broker, what concerns the partitions it leads. */
export function groupByLeader<T extends { readonly partition: number }>(
  leaders: readonly number[],
  all: readonly T[],
): ReadonlyMap<number, readonly T[]> {
  return Map.groupBy(all, ({ partition }) => leaders[partition] ?? -1);
}
