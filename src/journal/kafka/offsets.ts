import type { Admin } from '@platformatic/kafka';
import type { JournalTopic } from './topics.ts';

/** Times with a meaning of their own in Kafka's ListOffsets request: the end, and the start of what is kept. */
const LATEST = -1n;
const EARLIEST = -2n;

export interface Offsets {
  /** The offset that the next record gets. */
  end(partition: number): Promise<number>;
  /** The lowest offset that is kept, or the end. */
  start(partition: number): Promise<number>;
  /** The first kept record of this time or later, or the end. */
  at(partition: number, at: number): Promise<number>;
  /** Forgets the records below; resolves with the start before and after. */
  trim(partition: number, offset: number): Promise<{ readonly before: number; readonly after: number }>;
  /** How many records each partition keeps. */
  kept(): Promise<readonly number[]>;
}

export function createOffsets(admin: Admin, { name, partitions }: JournalTopic): Offsets {
  const list = async (all: readonly number[], timestamp: bigint): Promise<ReadonlyMap<number, number>> => {
    const [listed] = await admin.listOffsets({
      topics: [{ name, partitions: all.map((partitionIndex) => ({ partitionIndex, timestamp })) }],
    });
    return new Map(listed!.partitions.map(({ partitionIndex, offset }) => [partitionIndex, Number(offset)]));
  };
  const one = async (partition: number, timestamp: bigint): Promise<number> =>
    (await list([partition], timestamp)).get(partition)!;

  return {
    end: (partition) => one(partition, LATEST),
    start: (partition) => one(partition, EARLIEST),
    async at(partition, at) {
      const found = await one(partition, BigInt(Math.max(0, Math.trunc(at))));
      return found < 0 ? one(partition, LATEST) : found;
    },
    async trim(partition, offset) {
      const [before, end] = await Promise.all([one(partition, EARLIEST), one(partition, LATEST)]);
      const to = Math.min(offset, end);
      if (to <= before) return { before, after: before };
      const [trimmed] = await admin.deleteRecords({
        topics: [{ name, partitions: [{ partition, offset: BigInt(to) }] }],
      });
      return { before, after: Number(trimmed!.partitions[0]!.lowWatermark) };
    },
    async kept() {
      const all = Array.from({ length: partitions }, (_, partition) => partition);
      const [starts, ends] = await Promise.all([list(all, EARLIEST), list(all, LATEST)]);
      return all.map((partition) => ends.get(partition)! - starts.get(partition)!);
    },
  };
}
