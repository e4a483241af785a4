import type { NewRecord } from './journal/port.ts';
import type { Command, CommandResult } from './model/command.ts';
import type { ClockOffset } from './lib/clock.ts';
import type { PipelineStatus } from './pipeline/pipeline.ts';

/** What the main thread says to the thread that owns the state. Requests carry an `id` and are answered. */
export type ToState =
  | { readonly kind: 'appended' }
  | { readonly kind: 'command'; readonly id: number; readonly command: Command }
  | { readonly kind: 'reload'; readonly id: number; readonly settings: unknown }
  | { readonly kind: 'metrics'; readonly id: number }
  | { readonly kind: 'rules'; readonly id: number }
  | { readonly kind: 'status'; readonly id: number }
  | { readonly kind: 'retain'; readonly id: number }
  | { readonly kind: 'stop'; readonly id: number; readonly graceMs: number };

export type FromState =
  | { readonly kind: 'ready' }
  | { readonly kind: 'changed' }
  /** Records for the journal, which the other thread writes. */
  | { readonly kind: 'append'; readonly records: readonly NewRecord[] }
  /** Somebody approved that a quarantined signal is read anew, which only the journal's writer can do. */
  | { readonly kind: 'redrive'; readonly signal: string; readonly approval: string }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly reason: string }
  /** The thread can't go on: the process ends, and its supervisor starts it again. */
  | { readonly kind: 'fatal'; readonly reason: string };

export interface StateStatus extends PipelineStatus {
  readonly inFlight: number;
  /** Why this node decides nothing at present, where several share the work. */
  readonly waitsFor?: string;
  readonly integrations: Readonly<Record<string, IntegrationStatus>>;
}

export interface IntegrationStatus {
  readonly status: string;
  readonly since: number;
  readonly successes: number;
  readonly failures: number;
  readonly lastFault?: { readonly code: string; readonly message: string; readonly at: number };
}

export interface StateData {
  readonly clock: ClockOffset;
  readonly settings: unknown;
  /** How far the journal's file is on the disk; a journal elsewhere says so itself. */
  readonly durableEnds: SharedArrayBuffer | undefined;
  readonly version: string;
  readonly externalConnectors: readonly string[];
}

export type { Command, CommandResult };
