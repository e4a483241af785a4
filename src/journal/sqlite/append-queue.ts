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
/** Turns of the event loop, each a fraction of a millisecond: enough for the senders that were just answered to send again. */
const GATHER_TURNS = 4;

export interface AppendQueue {
  append(records: readonly NewRecord[]): Promise<readonly Position[]>;
  /** Writes what waits, now. */
  flush(): void;
  /** Reads the ends and the bytes from the file; for a fresh connection, and after a trim. */
  refresh(sql: Sql): void;
}

interface Call {
  readonly records: readonly NewRecord[];
  readonly resolve: (positions: readonly Position[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: calls of one turn of the event loop share a transaction and an fsync. The flush runs in the check phase, right after
 * the poll phase in which the requests arrived; while it waits for the disk, the next batch gathers in the sockets. So a lone request waits
 * for nothing but its own fsync, and under load the batches grow by themselves and keep their size.
 */
export function createAppendQueue(handle: SqlHandle, partitions: number, maxBytes: number): AppendQueue {
  /** Next offset per partition. */
  const ends: number[] = [];
  let waiting: Call[] = [];
  let lastSize = 0;
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

  const flush = () => {
    if (waiting.length === 0) return;
    const calls = waiting;
    const bytes = waitingBytes;
    waiting = [];
    waitingBytes = 0;
    let written: readonly (readonly Position[])[];
    try {
      written = handle.use((sql) => {
        if (unmeasuredBytes > MEASURE_EVERY_BYTES) measure(sql);
        return insert(sql, calls);
      });
    } catch (error) {
      for (const call of calls) call.reject(error);
      return;
    }
    for (const [index, call] of calls.entries()) call.resolve(written[index]!);
    usedEstimate += bytes;
    unmeasuredBytes += bytes;
  };

  /** Waits a few turns while the batch is smaller than the one before it: what that one acknowledged is about to come back. */
  const gather = (turns: number): void => {
    if (turns < GATHER_TURNS && waiting.length < lastSize) {
      setImmediate(gather, turns + 1);
      return;
    }
    lastSize = waiting.length;
    flush();
  };

  return {
    flush,
    refresh(sql) {
      for (let partition = 0; partition < partitions; partition++) ends[partition] = endOf(sql, partition);
      measure(sql);
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
        if (waiting.length === 1) setImmediate(gather, 0);
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
