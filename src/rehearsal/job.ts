import type { StorageSettings } from '../model/settings.ts';
import type { BackTestView } from './present-back-test.ts';
import type { PlayView } from './present-play.ts';

/** What is to be tried. Times are milliseconds since the epoch. */
export type RehearsalRequest = PayloadRequest | BackTestRequest;

interface Candidate {
  /** The candidate's YAML or JSON, which may name no files; absent: the configuration that is in force. */
  readonly config?: string;
  readonly profile?: string;
}

export interface PayloadRequest extends Candidate {
  readonly kind: 'payload';
  readonly integration: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: string;
  /** Base64. */
  readonly body: string;
  readonly at: number;
  readonly forMs?: number;
  readonly everyMs?: number;
  /** Whether the silences that people have made are tried as well. */
  readonly silences: boolean;
}

export interface BackTestRequest extends Candidate {
  readonly kind: 'back_test';
  readonly from: number;
  readonly to: number;
  readonly warmUpMs: number;
  readonly toleranceMs: number;
  readonly maxRecords: number;
  readonly maxDifferences: number;
}

/** What the thread of one rehearsal is started with. */
export interface RehearsalData {
  readonly request: RehearsalRequest;
  /** Of the configuration in force, packed for the way. */
  readonly settings: unknown;
  readonly storage: StorageSettings;
  readonly externalConnectors: readonly string[];
}

export type FromRehearsal =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'done'; readonly result: PlayView | BackTestView }
  | {
      readonly kind: 'failed';
      readonly code: 'invalid' | 'refused' | 'broken';
      readonly detail: string;
      /** For the log. */
      readonly stack: string;
    };

export interface RehearsalJob {
  readonly id: string;
  readonly kind: RehearsalRequest['kind'];
  readonly status: 'running' | 'done' | 'failed' | 'cancelled';
  readonly startedAt: number;
  readonly endedAt?: number;
  /** From 0 to 1. */
  readonly progress: number;
  readonly result?: PlayView | BackTestView;
  readonly problem?: { readonly code: 'invalid' | 'refused' | 'broken'; readonly detail: string };
}

/** Rehearsals that were asked for over the API. They live in memory: a restart forgets them. */
export interface RehearsalDesk {
  /** Undefined while as many run as may. */
  start(request: RehearsalRequest): RehearsalJob | undefined;
  find(id: string): RehearsalJob | undefined;
  /** Newest first. */
  list(): readonly RehearsalJob[];
  /** Resolves when it has ended, or after `timeoutMs`. */
  wait(id: string, timeoutMs: number): Promise<RehearsalJob | undefined>;
  /** Ends it; one that has ended stays as it is. */
  cancel(id: string): RehearsalJob | undefined;
}
