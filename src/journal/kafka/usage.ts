import type { Admin } from '@platformatic/kafka';
import type { Position } from '../../model/position.ts';
import type { Offsets } from './offsets.ts';
import type { JournalTopic } from './topics.ts';

/** After so many bytes written here, or so long, the brokers are asked again: other nodes write as well. */
const MEASURE_EVERY_BYTES = 16 * 1024 * 1024;
const MEASURE_EVERY_MS = 10_000;

export interface Usage {
  /** Bytes of the records that are kept, one copy of each, asked of the brokers. */
  measure(): Promise<number>;
  /** This process wrote so much; now and then that leads to a measurement in the background. */
  add(positions: readonly Position[], bytes: number): void;
  /** The newest measurement and what was written here since. */
  estimate(): number;
}

/**
 * Kafka knows the bytes of a log's files, and gives them back late: a trim moves the start of the log at once, but a file goes only when
 * it is full, all its records are below the start, and the broker's clean-up comes round. So a partition counts with its kept records
 * times the average size of a record written here, if that is less than its files; without an average with its files, and empty with 0.
 */
export function createUsage(admin: Admin, topic: JournalTopic, offsets: Offsets, now: () => number): Usage {
  let records = 0;
  let recordBytes = 0;
  let measured = 0;
  let since = 0;
  let measuredAt = -Infinity;
  let running: Promise<number> | undefined;

  const measureNow = async (): Promise<number> => {
    measuredAt = now();
    const before = since;
    const [sizes, kept] = await Promise.all([readSizes(admin, topic), offsets.kept()]);
    const average = records === 0 ? Infinity : recordBytes / records;
    measured = 0;
    for (const [partition, count] of kept.entries()) {
      if (count > 0) measured += Math.min(sizes[partition] ?? 0, Math.ceil(count * average));
    }
    since -= before;
    return measured;
  };
  const measure = (): Promise<number> =>
    (running ??= measureNow().finally(() => {
      running = undefined;
    }));

  return {
    measure,
    add(positions, bytes) {
      records += positions.length;
      recordBytes += bytes;
      since += bytes;
      if (since < MEASURE_EVERY_BYTES && now() - measuredAt < MEASURE_EVERY_MS) return;
      // When it fails the estimate only grows, and appends fail of themselves; the next one tries again.
      measure().catch(() => {});
    },
    estimate: () => measured + since,
  };
}

/** Bytes of the files of each partition; of its copies the largest. */
async function readSizes(admin: Admin, { name, partitions }: JournalTopic): Promise<readonly number[]> {
  const sizes = new Array<number>(partitions).fill(0);
  const brokers = await admin.describeLogDirs({ topics: [{ name, partitions: [...sizes.keys()] }] });
  for (const { results } of brokers) {
    for (const { topics } of results) {
      for (const { partitionIndex, partitionSize } of topics.flatMap((one) => one.partitions)) {
        sizes[partitionIndex] = Math.max(sizes[partitionIndex] ?? 0, Number(partitionSize));
      }
    }
  }
  return sizes;
}
