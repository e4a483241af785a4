import type { Alert } from '../model/alert.ts';
import type { Command, CommandResult } from '../model/command.ts';
import type { Suppression } from '../model/suppression.ts';
import type { Settings } from '../model/settings.ts';
import type { DirectoryState } from '../directory/keep-directory.ts';
import type { Host } from '../host/integration.ts';
import type { Journal, NewRecord } from '../journal/port.ts';
import type { Position } from '../model/position.ts';
import type { RuleCounts } from '../rules/tally.ts';
import type { RehearsalDesk } from '../rehearsal/job.ts';
import type { StoreReader } from '../store/reader.ts';

/** All that the API may touch. It holds no state of its own and no SQL. */
export interface Services {
  /** The active configuration; changes at a reload. */
  settings(): Settings;
  host(): Host;
  readonly reader: StoreReader;
  readonly journal: Journal;
  /** What holds any of these alerts now; computed when it is asked for. */
  suppressions(alerts: readonly Alert[]): Promise<(alert: Alert) => readonly Suppression[]>;
  /** Resolves when what this process acknowledged before is in the state, or after a while. */
  settled(): Promise<void>;
  /** Applied by the state's owner; resolves after it is committed. */
  command(command: Command): Promise<CommandResult>;
  /** Resolves after the records are durable; the state's owners are woken. */
  append(records: readonly NewRecord[]): Promise<readonly Position[]>;
  /** Parses a quarantined signal anew and, when that works, appends it (BR-WH-019, design §1 dead letter). */
  redriveQuarantined(id: string, by: string): Promise<CommandResult>;
  /** What this node read of the directory of the organization. */
  directory(): DirectoryState;
  /** Configurations on trial. */
  readonly rehearsals: RehearsalDesk;
  /** Brings the health of the integrations up to what the deliveries have met with. */
  refreshHealth(): Promise<void>;
  /** What is and what isn't ready, one entry per part. */
  readiness(): Promise<readonly Readiness[]>;
  /** Text exposition of every thread's metrics. */
  metrics(): Promise<string>;
  /** What rules did on this node since it started, by their ids; empty when the state's thread does not answer. */
  ruleCounts(): Promise<RuleCounts>;
  /** Calls back after commits; the stream then reads `reader.changes`. Returns the way to stop. */
  onChange(listener: () => void): () => void;
  readonly version: string;
  readonly startedAt: number;
  /** Set while the hub stands in for Alertmanager: then its API is open to whoever reaches the listener, as there. */
  readonly alertmanager?: AlertmanagerFacts;
  now(): number;
}

/** What only the drop-in mode knows and Alertmanager's API tells. */
export interface AlertmanagerFacts {
  /** The Alertmanager that it behaves as: `0.34.2`. */
  readonly version: string;
  /** The text of the active `alertmanager.yml`, with its secrets. */
  original(): string;
  /** Labels of the receivers, by their names; a receiver without any may be left out. */
  receiverLabels(): Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** When an alert ends that comes without an end and is not repeated. */
  resolveTimeoutMs(): number;
  /** 0 is no limit. */
  readonly limits: { readonly silences: number; readonly silenceBytes: number };
  /** Other processes of the cluster as they were named. */
  readonly peers: readonly string[];
}

export interface Readiness {
  /** `journal`, `store`, `pipeline`, `integration:pager`. */
  readonly part: string;
  readonly ready: boolean;
  /** Whether the hub as a whole is not ready while this part isn't; integrations degrade only themselves. */
  readonly required: boolean;
  readonly detail: string;
}
