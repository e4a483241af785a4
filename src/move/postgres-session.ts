import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import { listLeases } from '../store/postgres/leases.ts';
import { openConnections, type Connections } from '../store/postgres/pool.ts';
import type { Sql } from '../store/postgres/sql.ts';
import { StoreUnavailable } from '../store/port.ts';
import { MoveError } from './move-error.ts';

/** Counting and comparing walk over whole tables, and each side waits for the other one. */
const STATEMENT_TIMEOUT_MS = 10 * 60_000;
/** The session, and a second one for what its transaction can't see. */
const CONNECTIONS = 2;
const WAIT_FOR_EVER = 'SET idle_in_transaction_session_timeout = 0';
/** Held by the session until it ends, however it ends. */
/** Five seconds in all. */
const LOCK_TRIES = 50;
const LOCK_PAUSE_MS = 100;
const TRY_LOCK = 'SELECT pg_try_advisory_lock(7310581) AS locked';
const LOCK_NOT_AVAILABLE = '55P03';

/** One session for `work`, and the connections for a look from outside. */
export async function withSession<Result>(
  url: string,
  work: (sql: Sql, connections: Connections) => Promise<Result>,
): Promise<Result> {
  const connections = openConnections(
    {
      url,
      poolSize: CONNECTIONS,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      applicationName: 'signalbox-move',
    },
    'writer',
  );
  try {
    return await connections.use(async (sql) => {
      await sql.exec(WAIT_FOR_EVER);
      return work(sql, connections);
    });
  } finally {
    await connections.close();
  }
}

/** Keeps other moves off the database for as long as the session lasts. The server notices a moment late that a move before it has ended. */
export async function lockDatabase(sql: Sql): Promise<void> {
  for (let tries = 0; tries < LOCK_TRIES; tries++) {
    const found = await sql.get<{ locked: boolean }>(TRY_LOCK);
    if (found!.locked) return;
    await pause(LOCK_PAUSE_MS);
  }
  throw new MoveError('in_use', 'Another move works on this database; wait for its end');
}

/** A node that works, or that died less than a lease's time ago, holds leases. */
export async function assertNobodyWorks(sql: Sql): Promise<void> {
  const leases = await listLeases(sql, '');
  if (leases.length === 0) return;
  // An owner is the node's name and, after the last point, which of its processes it was.
  const nodes = [...new Set(leases.map(({ owner }) => owner.replace(/\.[^.]*$/, '')))];
  throw new MoveError(
    'in_use',
    `The database is in use by ${nodes.slice(0, 5).join(', ')}: stop all nodes first; one that was killed counts for 9 s more`,
  );
}

/**
 * Begins a transaction that sees one moment of the database. With `exclusive` no hub can start meanwhile, because the first thing that it
 * does is to claim the store for its journal, and no other move can begin; both end with the transaction.
 */
export async function beginSnapshot(sql: Sql, { exclusive }: { readonly exclusive: boolean }): Promise<void> {
  await sql.exec('BEGIN ISOLATION LEVEL REPEATABLE READ');
  if (!exclusive) return;
  try {
    await sql.exec('LOCK TABLE meta IN SHARE ROW EXCLUSIVE MODE NOWAIT');
  } catch (error) {
    const cause = error instanceof StoreUnavailable ? error.cause : error;
    if (!(cause instanceof DatabaseError) || cause.code !== LOCK_NOT_AVAILABLE) throw error;
    throw new MoveError('in_use', 'A hub is just starting on this database, or another move works on it', {
      cause: error,
    });
  }
}
