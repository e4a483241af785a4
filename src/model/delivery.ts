import type { FaultCode, Notification, Priority } from '@signalbox/sdk';

/**
 * pending → sending → delivered, or back to pending, or dead. `superseded`: a newer generation says it better.
 * `unknown`: a crash hid the outcome and policy said not to repeat it. `discarded`: a person gave it up.
 */
export const DELIVERY_STATUSES = [
  'pending',
  'sending',
  'delivered',
  'superseded',
  'unknown',
  'dead',
  'discarded',
] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** One way of getting one notification to one integration. */
export interface Delivery {
  /** Also the idempotency key towards the vendor, the same over all attempts. */
  readonly id: string;
  readonly tenant: string;
  readonly notificationId: string;
  readonly groupId: string;
  readonly generation: number;
  readonly integration: string;
  /** The integration that the receiver names; differs from `integration` for a fallback. */
  readonly origin: string;
  readonly receiver: string;
  /** 0 for the first integration, 1 for its first fallback, and so on. */
  readonly step: number;
  readonly priority: Priority;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly createdAt: number;
  /** Not before. Of a delivery that was delivered: when its attempt started. */
  readonly dueAt: number;
  readonly deadlineAt: number;
  /** Set while `sending`: the holder's lease, by the store's clock. */
  readonly leaseUntil?: number;
  readonly settledAt?: number;
  /** Newest fault: code and message for people. */
  readonly fault?: { readonly code: FaultCode | 'SB_BUG'; readonly message: string };
  readonly summary?: string;
}

/** One try. */
export interface Attempt {
  readonly deliveryId: string;
  /** From 1. */
  readonly number: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: 'delivered' | 'failed' | 'unknown';
  readonly code?: string;
  readonly detail: string;
}

export type { Notification };
