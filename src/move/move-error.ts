export type MoveFault =
  /** A hub, or another command, works on one of the two. */
  | 'in_use'
  /** The target holds something that this move did not put there. */
  | 'target_not_empty'
  /** The source was never used, was moved away already, or is itself an unfinished target. */
  | 'nothing_to_move'
  /** Store and journal of the source don't belong together. */
  | 'source_mismatch'
  /** The source has an older schema than this program. */
  | 'schema_too_old'
  /** Source and target are one and the same. */
  | 'same_place'
  /** What arrived is not what was sent. */
  | 'not_the_same'
  /** While a running hub was copied, its journal was trimmed beyond what the copy of its store has processed. */
  | 'journal_trimmed';

/** A move that can't begin or was given up. The source is as it was; a target that was begun says so, and no hub starts on it. */
export class MoveError extends Error {
  readonly code: MoveFault;
  constructor(code: MoveFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
