import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertDetailView } from '../api/views/present-alert.ts';
import type { DeliveryView } from '../api/views/present-delivery.ts';
import type { ReceiptView } from '../api/views/present-receipt.ts';
import type { HubClient } from './client.ts';

export interface Followed {
  readonly status: ReceiptView['status'];
  readonly alerts: readonly string[];
  readonly duplicate_of?: string;
  /**
   * `settled`: every delivery it led to is. `nothing_to_tell`: everybody who has to know does. `later`: the next notification of
   * its group is due after the deadline. `timeout`: still under way at the deadline.
   */
  readonly ended: 'settled' | 'nothing_to_tell' | 'later' | 'timeout';
  /** When its groups look next at who has to be told. */
  readonly next_at?: string;
  readonly deliveries: readonly DeliveryView[];
}

const POLL_MS = 200;
/** Between "processed" and the group that takes the alert in lie a few milliseconds; this is for a machine that is busy. */
const GROUP_WAIT_MS = 3_000;

/** Follows a signal until what it leads to is settled, by the clock of this machine. */
export async function followReceipt(
  hub: HubClient,
  id: string,
  { deadline, now }: { readonly deadline: number; readonly now: () => number },
): Promise<Followed> {
  let receipt = await hub.get<ReceiptView>(`/receipts/${encodeURIComponent(id)}`);
  while (receipt.status === 'accepted' && now() < deadline) {
    await sleep(POLL_MS);
    receipt = await hub.get<ReceiptView>(`/receipts/${encodeURIComponent(id)}`);
  }
  const base = {
    status: receipt.status,
    alerts: receipt.alerts,
    ...(receipt.duplicate_of === undefined ? {} : { duplicate_of: receipt.duplicate_of }),
  };
  if (receipt.status !== 'processed') return { ...base, ended: 'timeout', deliveries: [] };
  return { ...base, ...(await followAlerts(hub, receipt, { deadline, now })) };
}

async function followAlerts(
  hub: HubClient,
  receipt: ReceiptView,
  { deadline, now }: { readonly deadline: number; readonly now: () => number },
): Promise<Pick<Followed, 'ended' | 'next_at' | 'deliveries'>> {
  const since = Date.parse(receipt.received_at ?? '');
  const processedAt = now();
  // Groups are remembered, because a group whose alerts are resolved is gone once everybody knows.
  const seen = new Set<string>();
  for (;;) {
    const alerts = await Promise.all(receipt.alerts.map((one) => hub.get<AlertDetailView>(`/alerts/${one}`)));
    const groups = alerts.flatMap((alert) => alert.groups);
    for (const { id } of groups) seen.add(id);
    const deliveries = await deliveriesSince(hub, [...seen], since);
    const isOpen = deliveries.some(({ status }) => status === 'pending' || status === 'sending');
    const waiting = groups.filter(({ last_flush_at: at }) => at === undefined || Date.parse(at) < since);
    const nextAt = waiting.flatMap(({ next_flush_at: at }) => at ?? []).toSorted()[0];
    const next = nextAt === undefined ? {} : { next_at: nextAt };
    const isLooking = seen.size === 0 && alerts.some(({ status }) => status === 'firing');
    const mayStillCome = isLooking && now() - processedAt < GROUP_WAIT_MS;
    if (!isOpen && !mayStillCome) {
      if (waiting.length === 0) {
        return { ended: deliveries.length > 0 ? 'settled' : 'nothing_to_tell', deliveries };
      }
      if (nextAt !== undefined && Date.parse(nextAt) > deadline)
        return { ended: 'later', ...next, deliveries };
    }
    if (now() >= deadline) return { ended: 'timeout', ...next, deliveries };
    await sleep(POLL_MS);
  }
}

async function deliveriesSince(
  hub: HubClient,
  groups: readonly string[],
  since: number,
): Promise<readonly DeliveryView[]> {
  const pages = await Promise.all(
    groups.map((id) =>
      hub.get<{ items: readonly DeliveryView[] }>('/deliveries', { group_id: id, limit: '100' }),
    ),
  );
  return pages.flatMap(({ items }) => items).filter((delivery) => Date.parse(delivery.created_at) >= since);
}
