import type { Notification } from '@signalbox/sdk';
import type { Delivery } from '../model/delivery.ts';

/** A delivery that is marked as being sent, together with what it says. */
export interface ReadyDelivery {
  readonly delivery: Delivery;
  /** Of its integration, under which it was marked. */
  readonly lease: number;
  readonly notification: Notification;
}

/** One attempt, with all that whoever makes it has to know. */
export interface Order {
  /** No other attempt has it, not even another one of the same delivery. */
  readonly no: number;
  readonly delivery: Pick<Delivery, 'id' | 'integration' | 'priority' | 'notificationId' | 'leaseUntil'>;
  readonly lease: number;
  /** Under which it was marked, and until when it may begin under that lease, by `monotonicNow`. */
  readonly heldUntil: number;
  /** What it says. Asked when it is sent: what is made of a text would otherwise wait in memory. */
  readonly notification: () => Notification;
}
