import type { Position } from '../model/position.ts';

/**
 * The journal: durable, ordered records, partitioned by ordering key. Drivers: `sqlite/` (embedded), `postgres/` and
 * `kafka/` (shared); all pass `journal.suite.ts`. Nothing else than these operations is promised.
 */
export interface Journal {
  /** Identity shared with the store, and the generation that a restore raises. */
  identity(): Promise<JournalIdentity>;
  /** How many partitions there are; fixed for the life of a generation. */
  readonly partitions: number;
  /** A record may stand in it more than once, because a broker kept an append that it could not acknowledge. */
  readonly repeats?: boolean;
  /**
   * Resolves after all records are on disk (or acknowledged by all replicas), with their positions in order.
   * Concurrent calls share a sync. Rejects with `JournalUnavailable` when nothing or only a part was written: the caller refuses the
   * signal, and a repeat is harmless. Rejects with `JournalFull` above the cap, and with `RecordTooLarge`, before anything is written.
   */
  append(records: readonly NewRecord[]): Promise<readonly Position[]>;
  /** By which of several ways, counted from 0, a record with this key is appended, where one can fail and the others go on. Absent: there is one. */
  wayOf?(key: string): number;
  /** Up to `limit` records and about `maxBytes` bytes of one partition from `offset` on, in order; empty at the end. Trimmed offsets are skipped. */
  read(
    partition: number,
    offset: number,
    limit: number,
    maxBytes?: number,
  ): Promise<readonly JournalRecord[]>;
  /** The offset that the next record of the partition will get. */
  end(partition: number): Promise<number>;
  /** Forgets records below `offset`, in bounded batches; resolves with how many. Callers never pass an unprocessed position. */
  trim(partition: number, offset: number): Promise<number>;
  /** The lowest offset still kept at or after which records were appended at or after `at` (ms). */
  offsetAt(partition: number, at: number): Promise<number>;
  /** Bytes on disk that count against the cap. */
  bytes(): Promise<number>;
  close(): Promise<void>;
}

export interface JournalIdentity {
  readonly cluster: string;
  readonly generation: string;
}

export interface NewRecord {
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly value: Uint8Array | string;
}

export interface JournalRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly at: number;
  /** UTF-8 text as appended. */
  readonly value: string;
}

/** The medium refused: full, read-only, broken. Intake answers 503. */
export class JournalUnavailable extends Error {
  readonly code = 'journal_unavailable';
}

/** The cap on bytes is reached. Intake answers 503; nothing unprocessed is ever trimmed to make room. */
export class JournalFull extends Error {
  readonly code = 'journal_full';
}

/** The medium takes no record of this size, ever. Intake answers 413. */
export class RecordTooLarge extends Error {
  readonly code = 'record_too_large';
}
