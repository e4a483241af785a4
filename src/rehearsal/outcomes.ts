import { nameOf, type Notification } from '@signalbox/sdk';

/** What one receiver was told of one alert, oldest first. */
export interface Outcome {
  readonly receiver: string;
  readonly tenant: string;
  readonly fingerprint: string;
  readonly name: string;
  readonly firing: Tellings;
  readonly resolved: Tellings;
}

/** Repeats go on for days, so only their number is kept, and the first and the last time. */
export interface Tellings {
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface Outcomes {
  /** By receiver, tenant and fingerprint, in the order in which they were told first. */
  readonly byAlert: ReadonlyMap<string, Outcome>;
  /** Notifications per receiver. */
  readonly notifications: ReadonlyMap<string, number>;
  /** Alerts beyond what one notification names; of those nobody can say whether they were told. */
  readonly unnamed: number;
}

export interface OutcomeBook {
  add(notification: Notification): void;
  readonly outcomes: Outcomes;
}

const NEVER: Tellings = { count: 0, firstAt: Infinity, lastAt: -Infinity };

/** Notifications may come in any order. */
export function createOutcomeBook(): OutcomeBook {
  const byAlert = new Map<string, Outcome>();
  const notifications = new Map<string, number>();
  const outcomes = { byAlert, notifications, unnamed: 0 };
  return {
    outcomes,
    add(notification) {
      const { receiver, tenant } = notification;
      const at = Date.parse(notification.createdAt);
      notifications.set(receiver, (notifications.get(receiver) ?? 0) + 1);
      outcomes.unnamed += notification.truncatedAlerts;
      for (const alert of notification.alerts) {
        const { fingerprint, status } = alert;
        const key = [receiver, tenant, fingerprint].join('\0');
        const before = byAlert.get(key) ?? {
          receiver,
          tenant,
          fingerprint,
          name: nameOf(alert),
          firing: NEVER,
          resolved: NEVER,
        };
        byAlert.set(key, { ...before, [status]: told(before[status], at) });
      }
    },
  };
}

function told({ count, firstAt, lastAt }: Tellings, at: number): Tellings {
  return { count: count + 1, firstAt: Math.min(firstAt, at), lastAt: Math.max(lastAt, at) };
}
