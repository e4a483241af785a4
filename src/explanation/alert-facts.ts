import type { Alert } from '../model/alert.ts';
import type { Attempt, Delivery, Notification } from '../model/delivery.ts';
import type { Group } from '../model/group.ts';
import type { Incident } from '../model/incident.ts';
import type { LifecycleSettings, ReceiverEntry, RouteSettings } from '../model/settings.ts';
import type { Silence } from '../model/silence.ts';
import type { Suppression } from '../model/suppression.ts';
import type { WorkflowRun } from '../model/workflow-run.ts';
import type { ReceiptRow } from '../store/port.ts';

/** All that is known of one alert. Whatever could not be loaded, or is no longer kept, is absent or empty. */
export interface AlertFacts {
  readonly alert: Alert;
  /** Of its newest signal. */
  readonly receipt?: ReceiptRow | undefined;
  readonly incidents: readonly Incident[];
  /** The routes that take it under the present configuration, each with the group that it makes. */
  readonly routes: readonly RoutedTo[];
  /** The groups that hold it now. */
  readonly groups: readonly Group[];
  /** Everything that holds it now. */
  readonly suppressions: readonly Suppression[];
  /** The silences and windows that the suppressions name, by id. */
  readonly silences: ReadonlyMap<string, Silence>;
  /** The alerts that the suppressions name, by fingerprint. */
  readonly holders: ReadonlyMap<string, Alert>;
  /** What was told in its name in this episode, newest first. */
  readonly tellings: readonly AboutIt[];
  /** Whether more was told than was looked at. */
  readonly isCut: boolean;
  /** What was handed to workflow engines for it or its incidents, newest first. */
  readonly runs: readonly WorkflowRun[];
  readonly lifecycle?: LifecycleSettings | undefined;
}

export interface RoutedTo {
  readonly route: RouteSettings;
  readonly groupId: string;
  readonly entries: readonly ReceiverEntry[];
}

/** One delivery of a notification that shows the alert. */
export interface AboutIt {
  readonly notification: Notification;
  readonly delivery: Delivery;
  /** Oldest first; only of the newest deliveries. */
  readonly attempts: readonly Attempt[];
}
