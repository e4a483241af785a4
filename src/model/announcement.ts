import type { AlertData } from '@signalbox/sdk';
import type { Alert } from './alert.ts';
import { OWN_INTEGRATION } from './own-integration.ts';

/** What the hub has to say of something that is no alert. It is told as an alert of the hub's own, and thereby like any other. */
export interface Announcement {
  readonly tenant: string;
  readonly data: AlertData;
  /** What those who were told know of it: when any of it becomes another, they are told again. */
  readonly told: Told;
  /** Who is on it, which stops repeats. */
  readonly acknowledgedBy?: string;
}

export type Told = Readonly<Record<string, string | number | boolean>>;

/** What these alerts are called; configuration and routes know them by it. */
export const ANNOUNCEMENTS = { incident: 'Incident', approval: 'Approval' } as const;
const NAMES: readonly unknown[] = Object.values(ANNOUNCEMENTS);

/** Incidents and approvals are told by alerts, and those make no incidents in their turn. */
export function isAnnouncement({
  integration,
  labels,
}: Partial<Pick<Alert, 'integration'>> & Pick<Alert, 'labels'>): boolean {
  return integration === OWN_INTEGRATION && NAMES.includes(labels['alertname']);
}

/** What an alert of the kind tells by now; undefined when it is over, or is no announcement. */
export function toldBy(alert: Alert | undefined): Told | undefined {
  return alert?.status === 'firing' ? (alert.details?.['told'] as Told | undefined) : undefined;
}

/** Whether those who were told of an alert that fires know this already. */
export function isTold(alert: Alert | undefined, told: Told): boolean {
  return JSON.stringify(toldBy(alert)) === JSON.stringify(told);
}
