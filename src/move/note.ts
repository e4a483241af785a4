import type { JournalIdentity } from '../journal/port.ts';
import type { Key } from './dump.ts';

/** A source at one moment. Two moves go on with each other only when this is the same. */
export interface Origin extends JournalIdentity {
  /** Changes whenever a hub works on it. */
  readonly state: string;
}

/** How far a move came, kept in the target beside what it speaks of. */
export interface Note {
  readonly from: Origin;
  /** The target's journal. */
  readonly journal: JournalIdentity;
  readonly stage: Stage;
}

export type Stage =
  /** The tables before this one are whole; of this one everything up to `after` is there. */
  | { readonly name: 'tables'; readonly table: string; readonly after?: Key }
  /**
   * All tables are whole, and the records before `offset` of this partition of the source are there. Of those up to `to` some may be: they
   * are what lies behind `ends` in the partitions of the target.
   */
  | {
      readonly name: 'records';
      readonly partition: number;
      readonly offset: number;
      readonly to: number;
      readonly ends: readonly number[];
    }
  | { readonly name: 'done' };

/** Belongs to no journal, so a hub refuses it at the start, with these words in its message. */
export const UNFINISHED: JournalIdentity = {
  cluster: '(none: it is not yet filled; run the command that fills it once more)',
  generation: '(none)',
};

const AWAY = '(none: everything was moved to';

/** What a source that was moved says from then on, likewise to the hub that would start on it. */
export function movedTo(label: string): string {
  return `${AWAY} ${label})`;
}

export function isMovedAway({ cluster }: JournalIdentity): boolean {
  return cluster.startsWith(AWAY);
}

export function isUnfinished({ cluster }: JournalIdentity): boolean {
  return cluster === UNFINISHED.cluster;
}

export function formatNote(note: Note): string {
  return JSON.stringify(note);
}

export function isSame(left: Note, right: Omit<Note, 'stage'>): boolean {
  return (
    left.from.state === right.from.state &&
    isSameIdentity(left.from, right.from) &&
    isSameIdentity(left.journal, right.journal)
  );
}

export function isSameIdentity(left: JournalIdentity, right: JournalIdentity): boolean {
  return left.cluster === right.cluster && left.generation === right.generation;
}

export function parseNote(text: string): Note {
  return JSON.parse(text) as Note;
}
