/** What `prepare` was told by others about consecutive records of a partition (ADR 44). */
export interface PreparedRow {
  readonly partition: number;
  readonly from: number;
  /** The next offset after them. */
  readonly until: number;
  readonly now: number;
  /** JSON of `RecordedAnswers`. */
  readonly what: string;
}

/** An answer that is used all the time is written again no more often than this, to tell retention that it is used. */
export const ANSWER_REFRESH_MS = 3_600_000;

/** One answer of an enrichment, however often it was used. */
export interface AnswerRow {
  readonly digest: string;
  /** JSON of an `Answer`. */
  readonly text: string;
  /** About when it was used last. */
  readonly usedAt: number;
}
