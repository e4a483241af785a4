import { setTimeout as pause } from 'node:timers/promises';
import type { Connections } from './pool.ts';
import type { Sql } from './sql.ts';

/** Enough to find out later what became of a transaction. */
export interface TransactionMark {
  readonly id: string;
  /** Of the server's history: another one after a promotion, which may have given the same id to another transaction. */
  readonly timeline: string;
}

/** `unknown`: the server can't be asked, or its history has another beginning by now. */
export type Fate = 'committed' | 'aborted' | 'unknown';

const TIMELINE = 'substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)';
const MARK = `SELECT pg_current_xact_id()::text AS id, ${TIMELINE} AS timeline`;
/** NULL is said of transactions that were ages ago. Source: PostgreSQL manual, "Transaction ID and Snapshot Information Functions". */
const FATE = `SELECT CASE WHEN ${TIMELINE} = $2 THEN pg_xact_status($1::text::xid8) ELSE 'elsewhere' END AS status`;
const ASK_AGAIN_MS = 100;

/** Inside a transaction. */
export async function markTransaction(sql: Sql): Promise<TransactionMark> {
  return (await sql.get<TransactionMark>(MARK))!;
}

/**
 * What became of a transaction whose connection broke while COMMIT was under way. As long as the server still has it in progress its COMMIT may
 * be on the way, or wait for a standby; a server that hears nothing more ends it by itself.
 */
export async function learnFate(
  connections: Connections,
  { id, timeline }: TransactionMark,
  patienceMs: number,
): Promise<Fate> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const status = await connections
      .use((sql) => sql.get<{ status: string | null }>(FATE, id, timeline))
      .then(
        (row) => row?.status ?? 'elsewhere',
        // It may be starting again, or its place be taken by another.
        () => 'away',
      );
    if (status === 'committed' || status === 'aborted') return status;
    if (status === 'elsewhere' || performance.now() > deadline) return 'unknown';
    await pause(ASK_AGAIN_MS);
  }
}
