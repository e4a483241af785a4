import { applyToAlert, UNTOUCHED } from '../lifecycle/alert-transitions.ts';
import type { Alert } from '../model/alert.ts';
import { isTold, type Announcement } from '../model/announcement.ts';
import { fingerprintOf } from '../model/fingerprint.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';
import type { Settings } from '../model/settings.ts';
import type { Commit } from '../store/port.ts';
import { alertKey, emptyBatch, foldRecord, keep, statementsOf, tellGroups, toCommit } from './fold-batch.ts';
import { OWN_PARTITION } from './heartbeat.ts';
import { ownRecord } from './own-record.ts';

/** Folds what is to be said into the hub's own alerts; each tenant has those of its own. */
export function sayAnnouncements(
  wanted: readonly Announcement[],
  known: readonly Alert[],
  settings: Settings,
  now: number,
): Commit {
  const batch = emptyBatch(known, new Map());
  const before = new Map(batch.alerts);
  for (const [tenant, own] of Map.groupBy(wanted, (announcement) => announcement.tenant)) {
    const events = own.map(({ data, told }) => ({ ...data, details: { told } }));
    const record = ownRecord(events, now, `announced/${now}`, tenant);
    foldRecord(batch, record.meta, statementsOf(record), OWN_PARTITION, settings, now);
    for (const announcement of own) {
      const key = alertKey(tenant, fingerprintOf(announcement.data, OWN_INTEGRATION));
      keep(batch, key, followPeople(batch.alerts.get(key)!, announcement, now));
      if (isUpdate(before.get(key), batch.alerts.get(key)!, announcement, now))
        keep(batch, key, tellGroups(batch, renew(batch.alerts.get(key)!, now), settings, now));
    }
  }
  return { ...toCommit(batch), receipts: [] };
}

/** Those who know of it are told again. */
function isUpdate(before: Alert | undefined, after: Alert, { told }: Announcement, now: number): boolean {
  const isRaised = after.lifecycle?.renewed?.at === now;
  return before?.status === 'firing' && after.status === 'firing' && !isRaised && !isTold(before, told);
}

function renew(alert: Alert, now: number): Alert {
  const lifecycle = alert.lifecycle ?? UNTOUCHED;
  return { ...alert, lifecycle: { ...lifecycle, renewed: { at: now, why: 'updated' } } };
}

/** Whoever has acknowledged the incident is not told of it again and again. */
function followPeople(alert: Alert, { acknowledgedBy: by }: Announcement, now: number): Alert {
  const isAcknowledged = alert.lifecycle?.state === 'acknowledged';
  if (alert.status === 'resolved' || isAcknowledged === (by !== undefined)) return alert;
  const { tenant, fingerprint } = alert;
  const action = { kind: by === undefined ? 'unacknowledge' : 'acknowledge' } as const;
  const command = { tenant, fingerprint, action, ...(by === undefined ? {} : { by }) };
  return applyToAlert(alert, command, { id: fingerprint, now }).alert;
}
