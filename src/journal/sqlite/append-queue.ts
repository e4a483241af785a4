import type { SqlHandle } from '../../lib/sqlite-handle.ts';
import type { Sql } from '../../lib/sqlite.ts';
import type { Position } from '../../model/position.ts';
import { partitionOf } from '../partition.ts';
import { JournalFull, type NewRecord } from '../port.ts';
import { endOf, insertRecord, usedBytes } from './records.ts';

/** What a record costs beside its key and value: position, time, header, its share of the tree. */
const RECORD_OVERHEAD_BYTES = 32;
/** After so many appended bytes the estimate is replaced by what the file says. */
const MEASURE_EVERY_BYTES = 1024 * 1024;
export interface AppendQueue {
  append(records: readonly NewRecord[]): Promise<readonly Position[]>;
  /** Resolves when everything that waits is written and on the disk, or refused. */
  drain(): Promise<void>;
  /** Reads the ends and the bytes from the file; for a fresh connection, and after a trim. Returns the ends. */
  refresh(sql: Sql): readonly number[];
}

interface Call {
  readonly records: readonly NewRecord[];
  readonly resolve: (positions: readonly Position[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: one transaction and one sync at a time, and whatever comes meanwhile makes the next. The thread goes on taking requests
 * while the disk works, so a lone request waits for nothing but its own sync, and under load the batches grow by themselves.
 *
 * @param publish is told the ends when what lies before them is on the disk: nobody may act on a record before that.
 */
export function createAppendQueue(
  handle: SqlHandle,
  partitions: number,
  maxBytes: number,
  publish: (ends: readonly number[]) => void,
): AppendQueue {
  /** Next offset per partition. */
  const ends: number[] = [];
  let waiting: Call[] = [];
  /** The batch that is being written, if one is. */
  let writing: Promise<void> | undefined;
  let waitingBytes = 0;
  let usedEstimate = 0;
  let unmeasuredBytes = 0;

  const measure = (sql: Sql) => {
    usedEstimate = usedBytes(sql);
    unmeasuredBytes = 0;
  };

  const insert = (sql: Sql, calls: readonly Call[]): readonly (readonly Position[])[] => {
    const next = ends.slice();
    const written = sql.transaction(() =>
      calls.map((call) => {
        const positions: Position[] = [];
        for (const { key, at, value } of call.records) {
          const partition = partitionOf(key, partitions);
          const offset = next[partition]!++;
          insertRecord(sql, partition, offset, key, at, text(value));
          positions.push({ partition, offset });
        }
        return positions;
      }),
    );
    ends.splice(0, ends.length, ...next);
    return written;
  };

  const write = async (calls: readonly Call[], bytes: number): Promise<void> => {
    try {
      const written = handle.use((sql) => {
        if (unmeasuredBytes > MEASURE_EVERY_BYTES) measure(sql);
        return insert(sql, calls);
      });
      usedEstimate += bytes;
      unmeasuredBytes += bytes;
      const reached = ends.slice();
      await handle.sync();
      publish(reached);
      for (const [index, call] of calls.entries()) call.resolve(written[index]!);
    } catch (error) {
      for (const call of calls) call.reject(error);
    }
  };

  /** In the check phase, right after the poll phase in which the requests arrived. */
  const flush = (): void => {
    if (writing || waiting.length === 0) return;
    const calls = waiting;
    const bytes = waitingBytes;
    waiting = [];
    waitingBytes = 0;
    writing = write(calls, bytes).then(() => {
      writing = undefined;
      if (waiting.length > 0) setImmediate(flush);
    });
  };

  return {
    async drain() {
      while (writing || waiting.length > 0) {
        flush();
        await writing;
      }
    },
    refresh(sql) {
      for (let partition = 0; partition < partitions; partition++) ends[partition] = endOf(sql, partition);
      measure(sql);
      return ends.slice();
    },
    append: (records) =>
      new Promise((resolve, reject) => {
        const bytes = sizeOf(records);
        if (usedEstimate + waitingBytes + bytes > maxBytes) {
          reject(
            new JournalFull(
              `The journal holds about ${usedEstimate} of ${maxBytes} bytes; it takes more after what is old was processed and trimmed`,
            ),
          );
          return;
        }
        waiting.push({ records, resolve, reject });
        waitingBytes += bytes;
        if (waiting.length === 1 && !writing) setImmediate(flush);
      }),
  };
}

function sizeOf(records: readonly NewRecord[]): number {
  let bytes = 0;
  for (const { key, value } of records) bytes += key.length + value.length + RECORD_OVERHEAD_BYTES;
  return bytes;
}

function text(value: Uint8Array | string): string {
  if (typeof value === 'string') return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8');
}
