import { DatabaseError } from 'pg';
import { StoreUnavailable } from '../port.ts';

/**
 * The server refuses what a statement carries: wrong number of rows (21), data (22), constraint (23), more than an index can hold (54).
 * Repeating it would not help, so it stays as it is. Source: PostgreSQL manual, appendix A.
 */
const CONTENTS = /^(?:2[123]|54)/;
/** Two transactions stood in each other's way: serialization failure, deadlock. Nothing was changed, and trying again helps. */
const CONFLICTS: ReadonlySet<string | undefined> = new Set(['40001', '40P01']);

/**
 * Turns what `pg` throws into what the port promises. Everything but a refusal of the contents, a conflict and a slip of ours is trouble with
 * the server: it is down, full, read-only after a fail-over, cuts off a long statement, or somebody took a right or a table away. The same
 * commit may be repeated when that is mended.
 */
export function explain(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof StoreUnavailable) return thrown;
  if (thrown instanceof TypeError || thrown instanceof RangeError) return thrown;
  if (thrown instanceof DatabaseError && CONTENTS.test(thrown.code ?? '')) return thrown;
  return isConflict(thrown) ? thrown : unavailable(thrown);
}

export function unavailable(cause: Error): StoreUnavailable {
  if (cause instanceof StoreUnavailable) return cause;
  const { code } = cause as { code?: string };
  const what = cause.message === '' ? 'no connection' : cause.message;
  return new StoreUnavailable(`PostgreSQL: ${what}${code === undefined ? '' : ` (${code})`}`, { cause });
}

export function isConflict(thrown: unknown): thrown is DatabaseError {
  return thrown instanceof DatabaseError && CONFLICTS.has(thrown.code);
}
