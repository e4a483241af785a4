import type { Priority } from '@signalbox/sdk';
import type { Delivery } from '../model/delivery.ts';

const PRIORITIES: readonly Priority[] = ['critical', 'warning', 'info'];

/** 0 for what goes first. */
export function rankOf(priority: Priority): number {
  return PRIORITIES.indexOf(priority);
}

export const RANKS: readonly number[] = PRIORITIES.map(rankOf);

/** A delivery as its columns are called in both dialects. */
export interface DeliveryRow {
  readonly seq: number;
  readonly id: string;
  readonly tenant: string;
  readonly notification_id: string;
  readonly group_id: string;
  readonly generation: number;
  readonly integration: string;
  readonly origin: string;
  readonly receiver: string;
  readonly step: number;
  readonly rank: number;
  readonly status: Delivery['status'];
  readonly attempts: number;
  readonly created_at: number;
  readonly due_at: number;
  readonly deadline_at: number;
  readonly lease_until: number | null;
  readonly settled_at: number | null;
  readonly fault: string | null;
  readonly summary: string | null;
}

export function parseDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    tenant: row.tenant,
    notificationId: row.notification_id,
    groupId: row.group_id,
    generation: row.generation,
    integration: row.integration,
    origin: row.origin,
    receiver: row.receiver,
    step: row.step,
    priority: PRIORITIES[row.rank]!,
    status: row.status,
    attempts: row.attempts,
    createdAt: row.created_at,
    dueAt: row.due_at,
    deadlineAt: row.deadline_at,
    ...(row.lease_until !== null && { leaseUntil: row.lease_until }),
    ...(row.settled_at !== null && { settledAt: row.settled_at }),
    ...(row.fault !== null && { fault: JSON.parse(row.fault) as NonNullable<Delivery['fault']> }),
    ...(row.summary !== null && { summary: row.summary }),
  };
}

/** Jitter and back-off make fractions of a millisecond, which an integer column refuses. */
export function whole(at: number | undefined): number | null {
  return at === undefined ? null : Math.round(at);
}

export function json(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** How a notification's document speaks of an alert. A label that says the same is escaped there and does not match. */
export function mentionOf(fingerprint: string): string {
  return `"fingerprint":${JSON.stringify(fingerprint)}`;
}
