import type { Enrichments } from '../enrichment/open-enrichments.ts';
import type { Settings } from '../model/settings.ts';
import type { Logger } from '../lib/log.ts';
import type { Journal } from '../journal/port.ts';
import type { Ownership } from '../ownership/ownership.ts';
import type { ModelBook } from '../scoring/model-book.ts';
import type { Store } from '../store/port.ts';
import type { SilenceBook } from '../suppression/silence-book.ts';
import type { PipelineMetrics } from './metrics.ts';
import type { Tally } from '../rules/tally.ts';
import type { Preparation } from './prepare.ts';
import type { Pulses } from './pulses.ts';

/** What a step of the pipeline works with. Steps hold no state but what the store holds. */
export interface StepContext {
  readonly store: Store;
  readonly journal: Pick<Journal, 'read' | 'end' | 'partitions' | 'repeats'>;
  /** What of the store's rows and the journal's partitions is this node's. */
  readonly ownership: Ownership;
  /** False while the groups in the store were made under other routes: deliveries go on, and nothing is decided. */
  mayDecide(): boolean;
  settings(): Settings;
  /** Compiled from the settings; undefined when they ask for nothing. */
  preparation(): Preparation | undefined;
  /** What alerts are scored by. */
  readonly models: ModelBook;
  /** What is asked about alerts beside that. */
  enrichments(): Enrichments;
  readonly tally: Tally;
  now(): number;
  readonly pulses: Pulses;
  readonly silences: SilenceBook;
  /** Something that people may be looking at has changed. */
  onCommit(): void;
  readonly log: Logger;
  readonly metrics: PipelineMetrics;
}

/** How many rows a step takes at most: large enough to share a sync, small enough to keep a turn of the event loop short. */
export const BATCH = 512;

/** More members than this are counted, not compared; a group of that size is a storm and tells so by its count. */
export const MAX_MEMBERS = 5_000;
