import type {
  AlertSnapshot,
  AnalysisSubject,
  Connector,
  DirectoryPage,
  FaultCode,
  KeyValue,
  Notification,
  Receipt,
  Rendered,
} from '@signalbox/sdk';
import type { IntegrationSettings } from '../model/settings.ts';

/** One configured instance of a connector, ready to be called. */
export interface Integration {
  readonly id: string;
  readonly settings: IntegrationSettings;
  readonly connector: Connector;
  readonly health: IntegrationHealth;
  /** One attempt to tell it, or to start the run that it asks for: then the receipt's `vendorId` is the engine's reference. Throws a `Fault`; anything else that is thrown is our bug and counts as unavailable. */
  deliver(notification: Notification, call: DeliverCall): Promise<Receipt>;
  /** Counts a call of `deliver` that another thread made, as if it had been made here. */
  note(call: CallElsewhere): void;
  /** What `deliver` would send, for previews. */
  render(notification: Notification): Rendered;
  /** What the answer of `enrich` depends on; undefined when there is nothing to ask. Throws when the connector has a bug. */
  cacheKey(alert: AlertSnapshot): string | undefined;
  /** What it asks, where `cacheKey` holds more than that; likewise. */
  recordKey(alert: AlertSnapshot): string | undefined;
  /** One question about one alert; ends with the signal, whether or not the connector listens to it. Throws like `deliver`. */
  enrich(alert: AlertSnapshot, signal: AbortSignal): Promise<unknown>;
  /** What an analyst makes of an alert; unchecked, and otherwise like `enrich`. */
  analyse(subject: AnalysisSubject, signal: AbortSignal): Promise<unknown>;
  /** How relevant a scorer finds an alert; likewise. */
  score(subject: AnalysisSubject, signal: AbortSignal): Promise<unknown>;
  /** One page of a directory; unchecked, and otherwise like `enrich`. */
  list(cursor: string | undefined, signal: AbortSignal): Promise<DirectoryPage>;
  /** Whether its runs can be asked after. */
  readonly tellsRuns: boolean;
  /** How a run goes on, by the engine's reference; unchecked. Throws like `deliver`. */
  runStatus(reference: string, runId: string, signal: AbortSignal): Promise<unknown>;
  /** Reaches the vendor without an effect. */
  probe(signal: AbortSignal): Promise<void>;
}

export interface DeliverCall {
  readonly idempotencyKey: string;
  /** Correlation id of the notification. */
  readonly correlationId: string;
  readonly signal: AbortSignal;
  readonly state: KeyValue;
}

/** How a call went. */
export interface CallElsewhere {
  readonly outcome: Outcome;
  readonly seconds: number;
}

/** What came of one call: taken, a fault, or a bug of ours. */
export type Outcome =
  | { readonly kind: 'success' }
  | { readonly kind: 'fault'; readonly code: FaultCode | 'SB_BUG'; readonly message: string };

/** Changed by every call; read by the API, `/readyz` and the metrics. */
export interface IntegrationHealth {
  /** `unknown` before the first call. */
  status: 'unknown' | 'healthy' | 'degraded' | 'misconfigured' | 'refused';
  since: number;
  successes: number;
  failures: number;
  lastFault?: { readonly code: string; readonly message: string; readonly at: number };
}

/** The connectors and integrations of one configuration. Built beside the old one at a reload, then switched. */
export interface Host {
  readonly connectors: readonly Connector[];
  /** Connectors that could not be loaded, with why; the rest run. */
  readonly broken: readonly { readonly id: string; readonly reason: string }[];
  readonly integrations: ReadonlyMap<string, Integration>;
  /** Begins the long-lived tasks of the connectors that have one; `close` ends them. For one thread only. */
  startTasks(): void;
  close(): Promise<void>;
}
