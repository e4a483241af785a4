import type { Notification } from '@signalbox/sdk';
import type { Store } from '../store/port.ts';

/** Notifications that are about to be sent, so that what was just written need not be read again. Bounded in number and size. */
export interface NotificationCache {
  add(notifications: Iterable<Notification>): void;
  /** Reads those that are not at hand. */
  load(ids: readonly string[]): Promise<void>;
  get(id: string): Notification | undefined;
}

const MAX_NOTIFICATIONS = 2_000;
/** Large ones are read again; keeping many of them would cost more than that. */
const MAX_KEPT_ALERTS = 20;

export function createNotificationCache(store: Pick<Store, 'notifications'>): NotificationCache {
  const small = new Map<string, Notification>();
  /** Needed by the tick at hand, whatever their size. */
  let loaded = new Map<string, Notification>();
  const forgetOldest = (): void => {
    for (const id of small.keys()) {
      if (small.size <= MAX_NOTIFICATIONS) return;
      small.delete(id);
    }
  };
  return {
    add(notifications) {
      loaded = new Map();
      for (const notification of notifications) {
        if (notification.alerts.length <= MAX_KEPT_ALERTS) small.set(notification.id, notification);
        else loaded.set(notification.id, notification);
      }
      forgetOldest();
    },
    async load(ids) {
      const missing = [...new Set(ids)].filter((id) => !small.has(id));
      loaded = new Map(
        missing.length === 0 ? [] : (await store.notifications(missing)).map((found) => [found.id, found]),
      );
    },
    get: (id) => small.get(id) ?? loaded.get(id),
  };
}
