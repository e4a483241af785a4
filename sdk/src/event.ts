/**
 * What a signal says, as CloudEvents 1.0 (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md).
 * The attribute names are the specification's own; `data` is an `AlertData` for the type `signalbox.alert.v1`.
 */
export interface Event {
  readonly specversion: '1.0';
  /** Unique together with `source`; deterministic for one signal, so that a repeated append yields the same id. */
  readonly id: string;
  /** URI reference of the sender, e.g. `/integrations/prom`. */
  readonly source: string;
  readonly type: string;
  /** RFC 3339 time at which the event happened, as the sender tells it; absent when it does not. */
  readonly time?: string;
  /** What the event is about, in the sender's own words. */
  readonly subject?: string;
  readonly data: AlertData;
}

/** The type of every event that says something about one alert. */
export const ALERT_EVENT = 'signalbox.alert.v1';

export type AlertStatus = 'firing' | 'resolved';

/**
 * One statement about one alert. Labels identify, annotations describe: Prometheus' meaning of the words.
 * A source that has an identity of its own for the alert puts it in `key`; otherwise the labels are the identity.
 */
export interface AlertData {
  readonly status: AlertStatus;
  /** Identity and routing. Names are UTF-8, values are strings, empty values are left out. `alertname` is always there. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** RFC 3339. Absent: the time of receipt counts. */
  readonly startsAt?: string;
  /** RFC 3339. In the future for a firing alert it is the time at which it resolves unless it is repeated. */
  readonly endsAt?: string;
  /** A firing alert without `endsAt` resolves this long after it was last repeated; goes before `resolve_after` of the integration. */
  readonly resolveAfterMs?: number;
  readonly generatorURL?: string;
  /** RFC 3339: when the sender says that it said this. What it dates before something newer is out of order. */
  readonly saidAt?: string;
  /**
   * Statements count in the order in which they arrive, whatever times they name: one that ends before the alert started ends it all the
   * same. As Alertmanager takes what is posted to it.
   */
  readonly inArrivalOrder?: true;
  /** The sender's own identity of the alert, used instead of the labels for the fingerprint. */
  readonly key?: string;
  /** Anything else that people may want to read later: values, dashboards, the vendor's ids. Bounded by the intake's size limit. */
  readonly details?: Readonly<Record<string, unknown>>;
}
