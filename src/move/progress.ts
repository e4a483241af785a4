/** A step of a move, for people who wait. */
export interface MoveProgress {
  readonly phase: 'copying' | 'comparing';
  /** A table, or `records`. */
  readonly what: string;
  /** Rows of this phase so far, over all tables, and how many there are. */
  readonly done: number;
  readonly total: number;
}

export type OnProgress = (progress: MoveProgress) => void;
