import type { Connections } from '../../store/postgres/pool.ts';
import type { JournalRecord } from '../port.ts';
import type { Follower } from './follower.ts';
import { readRecords } from './records.ts';

export type Read = (
  partition: number,
  offset: number,
  limit: number,
  maxBytes: number,
) => Promise<readonly JournalRecord[]>;

interface Wanted {
  readonly arguments: Parameters<Read>;
  readonly resolve: (records: readonly JournalRecord[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads of one turn of the event loop, mostly one for each partition, go out together over one connection. Behind the end that the follower is
 * sure of there is nothing, and nobody is asked.
 */
export function createReader(connections: Connections, follower?: Follower): Read {
  let waiting: Wanted[] = [];

  const askAll = (): void => {
    const wanted = waiting;
    waiting = [];
    connections
      .use((sql) =>
        Promise.all(
          wanted.map(async (one) => {
            one.resolve(await readRecords(sql, ...one.arguments));
          }),
        ),
      )
      .catch((error: unknown) => {
        for (const { reject } of wanted) reject(error);
      });
  };

  return (...wanted) => {
    const [partition, offset] = wanted;
    const end = follower?.knownEnd(partition);
    if (end !== undefined && offset >= end) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(askAll);
      waiting.push({ arguments: wanted, resolve, reject });
    });
  };
}
