import type { Sql } from '../../lib/sqlite.ts';
import type { Position } from '../../model/position.ts';
import { StalePosition } from '../port.ts';

const READ = 'SELECT partition, next AS "offset" FROM positions ORDER BY partition';
const MOVE = 'UPDATE positions SET next = ? WHERE partition = ? AND next = ?';
const BEGIN = 'INSERT INTO positions (partition, next) VALUES (?, ?) ON CONFLICT (partition) DO NOTHING';

export function readPositions(sql: Sql): readonly Position[] {
  return sql.all<Position>(READ).map(({ partition, offset }) => ({ partition, offset }));
}

/** Compares and sets. A partition that was never processed stands at 0. */
export function movePosition(
  sql: Sql,
  move: { readonly partition: number; readonly from: number; readonly to: number },
): void {
  if (sql.run(MOVE, move.to, move.partition, move.from) === 1) return;
  if (move.from === 0 && sql.run(BEGIN, move.partition, move.to) === 1) return;
  throw new StalePosition(
    `Partition ${move.partition} is not at ${move.from} any more: somebody else has processed it`,
  );
}
