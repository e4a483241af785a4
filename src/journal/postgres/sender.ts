import { setTimeout as pause } from 'node:timers/promises';
import type { Connections } from '../../store/postgres/pool.ts';
import { isConflict } from '../../store/postgres/trouble.ts';
import { StoreUnavailable } from '../../store/port.ts';
import { JournalUnavailable } from '../port.ts';
import { appendBatch, type Appended, type Row } from './append.ts';
import { NOTIFY, sayEnds } from './follower.ts';

/** Between two sends of the same batch; a fail-over takes seconds. */
const RETRY_MS = 250;

export type Send = (rows: readonly Row[]) => Promise<Appended>;

/**
 * Writes a batch until it is acknowledged or `timeoutMs` is over, on whichever host is the primary by then. While it is sent again it is
 * the same batch, so it is there once; a batch that was refused when its time was over may still arrive, never a part of it.
 *
 * @param writer this process, for as long as it lives
 */
export function createSender(connections: Connections, writer: string, timeoutMs: number): Send {
  let number = 0;

  const sendOnce = (rows: readonly Row[]): Promise<Appended> =>
    new Promise((resolve, reject) => {
      connections
        .use(async (sql) => {
          const appended = await appendBatch(sql, { writer, number, rows });
          resolve(appended);
          // After the commit and not inside it, because PostgreSQL holds one lock of the whole server from a NOTIFY until its transaction is on disk.
          await sql.run(NOTIFY, sayEnds(appended.ends));
        })
        // Of a connection that broke after the commit nobody hears; whoever reads also looks by itself.
        .catch(reject);
    });

  return async (rows) => {
    const late = Promise.withResolvers<never>();
    const deadline = performance.now() + timeoutMs;
    const timer = setTimeout(late.reject, timeoutMs, new Error(`no answer in ${timeoutMs} ms`));
    number += 1;
    try {
      for (;;) {
        try {
          return await Promise.race([sendOnce(rows), late.promise]);
        } catch (error) {
          const isWorthRepeating = error instanceof StoreUnavailable || isConflict(error);
          if (!isWorthRepeating || deadline - performance.now() < RETRY_MS) throw refused(error, rows.length);
          await pause(RETRY_MS);
        }
      }
    } finally {
      clearTimeout(timer);
      late.promise.catch(() => undefined);
    }
  };
}

function refused(error: unknown, count: number): unknown {
  if (!(error instanceof Error)) return error;
  const reason = error.message.replace(/^PostgreSQL: /, '');
  return new JournalUnavailable(`PostgreSQL did not take ${count} records: ${reason}`, { cause: error });
}
