import type { Notification } from '@signalbox/sdk';
import type { Store } from '../store/port.ts';

/** Notifications that were just made, so that what was written a moment ago need not be read again. Bounded in number and size. */
export interface NotificationCache {
  add(notifications: Iterable<Notification>): void;
  /** By id; reads from the store what is not at hand. */
  load(ids: readonly string[]): Promise<ReadonlyMap<string, Notification>>;
}

const MAX_NOTIFICATIONS = 2_000;
/** Large ones are read again; keeping many of them would cost more than that. */
const MAX_KEPT_ALERTS = 20;

export function createNotificationCache(store: Pick<Store, 'notifications'>): NotificationCache {
  const kept = new Map<string, Notification>();
  return {
    add(notifications) {
      for (const notification of notifications) {
        if (notification.alerts.length <= MAX_KEPT_ALERTS) kept.set(notification.id, notification);
      }
      for (const id of kept.keys()) {
        if (kept.size <= MAX_NOTIFICATIONS) break;
        kept.delete(id);
      }
    },
    async load(ids) {
      const found = new Map<string, Notification>();
      const missing = new Set<string>();
      for (const id of ids) {
        const notification = kept.get(id);
        if (notification) found.set(id, notification);
        else missing.add(id);
      }
      if (missing.size > 0)
        for (const notification of await store.notifications([...missing]))
          found.set(notification.id, notification);
      return found;
    },
  };
}
