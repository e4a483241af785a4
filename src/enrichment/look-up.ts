import type { AlertSnapshot } from '@signalbox/sdk';
import type { Alert } from '../model/alert.ts';
import type { Position } from '../model/position.ts';
import type { Subject as ConditionSubject } from '../rules/subject.ts';

/** One alert that is to be enriched. */
export interface Subject {
  readonly tenant: string;
  readonly alert: AlertSnapshot;
  /** The same and what is known already, as conditions look at it. */
  readonly view: ConditionSubject;
  /** As the store has it. */
  readonly before: Alert | undefined;
  /** Of the record that speaks of it; absent where it is only tried. */
  readonly position?: Position;
}

/** Something that can be asked about alerts: an integration, or what is built in. It may hang, throw and return anything. */
export interface LookUp {
  /** All that the answer depends on; undefined when there is nothing to ask. */
  cacheKey(subject: Subject): string | undefined;
  /** What is asked, where the key holds more than that, see `Enricher.recordKey`. */
  recordKey?(subject: Subject): string | undefined;
  enrich(subject: Subject, signal: AbortSignal): Promise<unknown>;
}

/** What became of one question. A reason is one of few texts, so that decisions can count it. */
export type Answer =
  | { readonly kind: 'found'; readonly value: Readonly<Record<string, unknown>>; readonly bytes: number }
  /** `isBroken`: nobody was asked, because its condition or its connector failed on this alert. */
  | { readonly kind: 'missing'; readonly why: string; readonly isBroken?: true };

/** A question that was asked, for the record of it. */
export interface Asked {
  /** Of the enrichment, see `definitionOf`. */
  readonly definition: string;
  readonly key: string;
  readonly answer: Answer;
}

/** What was asked about a batch and what came of it, by the question (`Reply.question`). */
export type KnownAnswers = ReadonlyMap<string, Answer>;

/** What is said of a question whose answer nobody waited for any longer. */
export const LATE: Answer = { kind: 'missing', why: 'it did not answer in time' };

/** Time as the enrichments see it; tests hold it. */
export interface EnrichmentClock {
  /** Milliseconds since 1970; may jump. */
  readonly now: () => number;
  /** Milliseconds that never run backwards. */
  readonly elapsed: () => number;
  /** Calls back once after this long, unless the returned function is called before. */
  readonly timer: (ms: number, callback: () => void) => () => void;
}
