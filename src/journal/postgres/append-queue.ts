import type { Position } from '../../model/position.ts';
import { partitionOf } from '../partition.ts';
import { JournalFull, JournalUnavailable, RecordTooLarge, type NewRecord } from '../port.ts';
import type { Appended, Row } from './append.ts';
import { RECORD_OVERHEAD_BYTES } from './records.ts';
import { escapeText } from './text.ts';

/** What may wait in memory while the server doesn't answer; above it a call is refused at once. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** A batch holds the counters of its partitions until it is on the disk, and other nodes wait for them. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
const MAX_BATCH_ROWS = 5_000;
/** PostgreSQL would take a gigabyte, and a reader would have to hold it. */
export const MAX_RECORD_BYTES = 32 * 1024 * 1024;

export interface AppendQueue {
  append(records: readonly NewRecord[]): Promise<readonly Position[]>;
  /** Resolves when nothing waits and nothing is under way; later calls are refused. */
  close(): Promise<void>;
}

export interface AppendQueueOptions {
  readonly partitions: number;
  /** Writes one batch, all of it or nothing. */
  readonly send: (rows: readonly Row[]) => Promise<Appended>;
  /** Why so many more bytes can't be taken; undefined when they can. */
  readonly whyFull: (bytes: number) => string | undefined;
  /** So much was acknowledged. */
  readonly onWritten: (appended: Appended, bytes: number) => void;
}

interface Call {
  readonly rows: readonly Row[];
  readonly bytes: number;
  readonly resolve: (positions: readonly Position[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: one batch is under way, the next one gathers meanwhile. A call is never split. What the server does not take in time is
 * refused, and so is all that waits: if the server stood still for its time it would wait as long again.
 */
export function createAppendQueue(options: AppendQueueOptions): AppendQueue {
  let waiting: Call[] = [];
  let waitingBytes = 0;
  let running: Promise<void> | undefined;
  let closed = false;

  const takeBatch = (): readonly Call[] => {
    let [bytes, rows, count] = [0, 0, 0];
    for (const call of waiting) {
      const isTooLarge = bytes + call.bytes > MAX_BATCH_BYTES || rows + call.rows.length > MAX_BATCH_ROWS;
      if (count > 0 && isTooLarge) break;
      bytes += call.bytes;
      rows += call.rows.length;
      count += 1;
    }
    waitingBytes -= bytes;
    return waiting.splice(0, count);
  };

  const sendBatches = async (): Promise<void> => {
    await nextTurn();
    while (waiting.length > 0) {
      const batch = takeBatch();
      try {
        settle(batch, await options.send(batch.flatMap(({ rows }) => rows)));
      } catch (error) {
        const refused = [...batch, ...waiting];
        waiting = [];
        waitingBytes = 0;
        for (const call of refused) call.reject(error);
      }
    }
    running = undefined;
  };

  /** Counts the offsets on from the first of each partition. */
  const settle = (batch: readonly Call[], appended: Appended): void => {
    const next = new Map(appended.firsts);
    options.onWritten(
      appended,
      batch.reduce((sum, { bytes }) => sum + bytes, 0),
    );
    for (const { rows, resolve } of batch) {
      resolve(
        rows.map(({ partition }) => {
          const offset = next.get(partition)!;
          next.set(partition, offset + 1);
          return { partition, offset };
        }),
      );
    }
  };

  const whyRefused = (rows: readonly Row[], bytes: number): Error | undefined => {
    if (closed) return new JournalUnavailable('The journal on PostgreSQL is closed');
    const largest = Math.max(...rows.map((row) => row.bytes));
    if (largest > MAX_RECORD_BYTES) {
      return new RecordTooLarge(
        `A record of ${largest} bytes is larger than the ${MAX_RECORD_BYTES} that the journal on PostgreSQL takes`,
      );
    }
    const full = options.whyFull(waitingBytes + bytes);
    if (full !== undefined) return new JournalFull(full);
    if (waitingBytes + bytes <= MAX_WAITING_BYTES) return undefined;
    return new JournalUnavailable(
      `PostgreSQL takes records too slowly: ${waitingBytes} bytes wait to be sent, and more than ${MAX_WAITING_BYTES} may not`,
    );
  };

  return {
    append(records) {
      if (records.length === 0 && !closed) return Promise.resolve([]);
      const rows = records.map((record) => toRow(record, options.partitions));
      const bytes = rows.reduce((sum, row) => sum + row.bytes + RECORD_OVERHEAD_BYTES, 0);
      const refused = whyRefused(rows, bytes);
      if (refused) return Promise.reject(refused);
      return new Promise((resolve, reject) => {
        waiting.push({ rows, bytes, resolve, reject });
        waitingBytes += bytes;
        running ??= sendBatches();
      });
    },
    async close() {
      closed = true;
      await running;
    },
  };
}

function toRow({ key, at, value }: NewRecord, partitions: number): Row {
  const row = {
    partition: partitionOf(key, partitions),
    at,
    key: escapeText(key),
    value: escapeText(typeof value === 'string' ? value : textOf(value)),
  };
  return { ...row, bytes: Buffer.byteLength(row.key) + Buffer.byteLength(row.value) };
}

function textOf(value: Uint8Array): string {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8');
}

/** What is called in this turn of the event loop goes together. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
