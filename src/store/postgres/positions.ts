import type { Position } from '../../model/position.ts';
import { StalePosition, type Commit } from '../port.ts';
import { inOrder, inTurns } from './batch.ts';
import type { Sql } from './sql.ts';

const READ = 'SELECT partition, next AS "offset" FROM positions ORDER BY partition';
/** A partition that was never processed stands at 0. */
const BEGIN = `INSERT INTO positions (partition, next) SELECT partition, 0 FROM unnest($1::int[]) AS begun (partition)
  ON CONFLICT (partition) DO NOTHING`;
/** Locks in the order of the partitions, so that an owner and a zombie wait for each other and never both. */
const LOCK = 'SELECT FROM positions WHERE partition = ANY ($1) ORDER BY partition FOR NO KEY UPDATE';
const MOVE = `UPDATE positions p SET next = move.next
  FROM unnest($1::int[], $2::bigint[], $3::bigint[]) AS move (partition, before, next)
  WHERE p.partition = move.partition AND p.next = move.before RETURNING p.partition`;

export async function readPositions(sql: Sql): Promise<readonly Position[]> {
  return sql.all<Position>(READ);
}

/** Compares and sets. */
export async function movePositions(sql: Sql, moves: NonNullable<Commit['positions']>): Promise<void> {
  await Promise.all(inTurns(moves, ({ partition }) => partition).map((turn) => moveTurn(sql, turn)));
}

async function moveTurn(sql: Sql, turn: NonNullable<Commit['positions']>): Promise<void> {
  const moves = inOrder(turn, ({ partition }) => partition);
  const partitions = moves.map(({ partition }) => partition);
  const begun = moves.filter(({ from }) => from === 0).map(({ partition }) => partition);
  const [, , rows] = await Promise.all([
    begun.length === 0 ? 0 : sql.run(BEGIN, begun),
    sql.run(LOCK, partitions),
    sql.all<{ partition: number }>(
      MOVE,
      partitions,
      moves.map(({ from }) => from),
      moves.map(({ to }) => to),
    ),
  ]);
  const moved = new Set(rows.map(({ partition }) => partition));
  const stale = moves.find(({ partition }) => !moved.has(partition));
  if (stale) {
    throw new StalePosition(
      `Partition ${stale.partition} is not at ${stale.from} any more: somebody else has processed it`,
    );
  }
}
