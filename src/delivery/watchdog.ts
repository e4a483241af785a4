import type { Notification } from '@signalbox/sdk';
import type { WatchdogSettings } from '../model/settings.ts';
import { fingerprintOf } from '../model/fingerprint.ts';

/** What the watchdog looks at, read by the main thread, which goes on when the state's thread hangs. */
export interface Readings {
  /** Age of the oldest record that is not processed. */
  readonly lagMs: number;
  /** Age of the oldest delivery that waits; 0 when none does. */
  readonly undeliveredMs: number;
  readonly deadLetters: number;
  /** Bytes of the journal over its cap. */
  readonly fullness: number;
  /** Why the state can't be written, while it can't. */
  readonly trouble?: string;
}

export type Condition =
  | 'ProcessingLags'
  | 'DeliveriesStuck'
  | 'DeadLetters'
  | 'JournalFillsUp'
  | 'StateUnavailable';

/** Conditions that hold, with what a person should read about each. */
export type Alarms = ReadonlyMap<Condition, string>;

/** Which alarms hold. Pure. */
export function watch(readings: Readings, settings: WatchdogSettings, deadLettersBefore: number): Alarms {
  const alarms = new Map<Condition, string>();
  if (readings.lagMs > settings.lagMs) {
    alarms.set(
      'ProcessingLags',
      `The oldest signal has waited for ${seconds(readings.lagMs)}. See the log for what holds up processing.`,
    );
  }
  if (readings.undeliveredMs > settings.undeliveredMs) {
    alarms.set(
      'DeliveriesStuck',
      `The oldest delivery has waited for ${seconds(readings.undeliveredMs)}. "signalbox deliveries --status pending" names the integration.`,
    );
  }
  if (readings.deadLetters > deadLettersBefore) {
    alarms.set(
      'DeadLetters',
      `${readings.deadLetters} deliveries can't go on without a person. "signalbox dead-letters list" shows them.`,
    );
  }
  if (readings.fullness > settings.fullRatio) {
    alarms.set(
      'JournalFillsUp',
      `The journal holds ${Math.round(readings.fullness * 100)} % of storage.journal_max_bytes; at 100 % signals are refused with 503.`,
    );
  }
  if (readings.trouble !== undefined)
    alarms.set(
      'StateUnavailable',
      `The state can't be written: ${readings.trouble}. Signals are kept in the journal.`,
    );
  return alarms;
}

export interface AlarmChange {
  readonly condition: Condition;
  readonly status: 'firing' | 'resolved';
  readonly text: string;
}

/** What changed between two looks, in a stable order. */
export function compareAlarms(before: Alarms, after: Alarms): readonly AlarmChange[] {
  const raised = [...after].filter(([condition]) => !before.has(condition));
  const over = [...before].filter(([condition]) => !after.has(condition));
  return [
    ...raised.map(([condition, text]) => ({ condition, status: 'firing' as const, text })),
    ...over.map(([condition, text]) => ({ condition, status: 'resolved' as const, text })),
  ];
}

/** The hub's own alarm as a notification, for an integration that is called directly, without journal, store or outbox. */
export function alarmNotification(change: AlarmChange, externalURL: string, now: number): Notification {
  const labels = { alertname: `Signalbox${change.condition}`, severity: 'critical', source: 'signalbox' };
  const at = new Date(now).toISOString();
  const annotations = { summary: change.status === 'firing' ? change.text : 'This is over.' };
  return {
    id: `n_own-${change.condition}-${now}`,
    tenant: 'default',
    groupId: `own-${change.condition}`,
    groupKey: `{}:{alertname="${labels.alertname}"}`,
    generation: now,
    receiver: 'last-resort',
    status: change.status,
    priority: 'critical',
    groupLabels: { alertname: labels.alertname },
    commonLabels: labels,
    commonAnnotations: annotations,
    alerts: [
      {
        status: change.status,
        fingerprint: fingerprintOf({ labels }),
        labels,
        annotations,
        startsAt: at,
        ...(change.status === 'resolved' ? { endsAt: at } : {}),
      },
    ],
    truncatedAlerts: 0,
    createdAt: at,
    late: false,
    externalURL,
  };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
