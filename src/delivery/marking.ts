import type { Notification } from '@signalbox/sdk';
import type { Delivery } from '../model/delivery.ts';
import type { Settings } from '../model/settings.ts';
import { settleAbandoned } from './settle.ts';

const MAX_QUEUED_ALERTS = 20;
/** A lease outlives the attempt's own time-out by this much, so that only a dead or stopped holder loses it. */
const LEASE_SLACK_MS = 10_000;

/** Until when a delivery that is marked now belongs to whoever marked it. */
export function leaseEnd(settings: Settings, integration: string, now: number): number {
  return now + (settings.integrations[integration]?.delivery.timeoutMs ?? 0) + LEASE_SLACK_MS;
}

/**
 * Whether a delivery may be marked ahead of a slot: it is sent again when this process dies while it waits in memory, and is small enough to
 * be kept until then.
 */
export function mayWait(delivery: Delivery, { alerts }: Notification, settings: Settings): boolean {
  return alerts.length <= MAX_QUEUED_ALERTS && settleAbandoned(delivery, settings, 0).move.to === 'pending';
}
