import type { Connector, KeyValue, Notification, Receipt, Rendered } from '@signalbox/sdk';
import type { IntegrationSettings } from '../model/settings.ts';

/** One configured instance of a connector, ready to be called. */
export interface Integration {
  readonly id: string;
  readonly settings: IntegrationSettings;
  readonly connector: Connector;
  readonly health: IntegrationHealth;
  /** One attempt. Throws a `Fault`; anything else that is thrown is our bug and counts as unavailable. */
  deliver(notification: Notification, call: DeliverCall): Promise<Receipt>;
  /** What `deliver` would send, for previews. */
  render(notification: Notification): Rendered;
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
  close(): Promise<void>;
}
