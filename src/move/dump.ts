import type { JournalIdentity } from '../journal/port.ts';
import type { Position } from '../model/position.ts';
import type { Table } from './table.ts';

export type Value = string | number | boolean | null;
/** The values of a table's columns, in their order; the same on both engines. */
export type Row = readonly Value[];
/** Where a batch ended, in the words of the engine that read it. */
export type Key = readonly (string | number)[];

export interface Batch {
  /** Empty behind the last row. */
  readonly rows: readonly Row[];
  /** For reading on. */
  readonly end: Key;
}

/** Everything a store holds, as rows. */
export interface Dump {
  /** Up to `table.batch` rows behind `after`, in the order of a unique key. */
  read(table: Table, after: Key | undefined): Promise<Batch>;
  count(table: Table): Promise<number>;
  /** The highest number that the table's counter ever gave, also to rows that are gone; 0 before the first. */
  highest(table: Table): Promise<number>;
  positions(): Promise<readonly Position[]>;
  /** Undefined for a store that belongs to no journal yet. */
  identity(): Promise<JournalIdentity | undefined>;
  note(): Promise<string | undefined>;
}

/** A store that is being filled. Each call is one transaction, and durable when it resolves. */
export interface WritableDump extends Dump {
  /** Adds rows and replaces the note. */
  write(table: Table, rows: readonly Row[], note: string): Promise<void>;
  /** Replaces the note, and says to which journal the store belongs. */
  mark(note: string, identity?: JournalIdentity): Promise<void>;
  /** Numbers up to this one are not given again. Where the engine has no memory of numbers, those of kept rows count. */
  raise(table: Table, highest: number): Promise<void>;
}

/** The meta row in which a target remembers what it has. */
export const NOTE = 'move';
