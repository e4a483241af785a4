import { join } from 'node:path';
import { openSqliteJournal } from '../../journal/sqlite/journal.ts';
import type { NewRecord } from '../../journal/port.ts';
import { createIds } from '../../lib/id.ts';
import { orderingKey } from '../../model/fingerprint.ts';
import { openSqliteStore } from '../../store/sqlite/store.ts';
import {
  sampleAlert,
  sampleAttempt,
  sampleDelivery,
  sampleGroup,
  sampleNotification,
  sampleQuarantine,
  sampleReceipt,
  sampleWake,
  T0,
} from '../../store/suite/samples.ts';

export const ALERTS = 1_203;
export const PROCESSED = 5;
export const UNPROCESSED = 1_310;

/**
 * A data folder with something in every table: groups that live and one that is gone, deliveries in all states, text that one of the engines
 * can't hold as it is, and a journal of which a part is processed.
 */
export async function fillFolder(path: string): Promise<void> {
  const newId = createIds(() => T0);
  const journal = await openSqliteJournal({ path: join(path, 'journal.db'), maxBytes: 1e9, newId });
  const store = await openSqliteStore({ path: join(path, 'store.db'), now: () => T0 });
  await store.adopt(await journal.identity());
  const fingerprints = Array.from({ length: ALERTS }, (_, index) => index.toString(16).padStart(16, '0'));
  await journal.append(Array.from({ length: PROCESSED + UNPROCESSED }, (_, index) => sampleRecord(index)));

  await store.commit({
    positions: [{ partition: 0, from: 0, to: PROCESSED }],
    alerts: fingerprints.map((fingerprint, index) =>
      sampleAlert(fingerprint, { status: index % 3 === 0 ? 'resolved' : 'firing', endsAt: T0 + index }),
    ),
    claims: [{ key: 'prom/1', signal: 's1', expiresAt: T0 + 1e12 }],
    receipts: [
      sampleReceipt(newId(), { alerts: ['a "quoted"', 'größer'] }),
      sampleReceipt(newId(), { status: 'quarantined', duplicateOf: 's0' }),
    ],
    quarantine: [sampleQuarantine('q1'), sampleQuarantine('q2', { problem: { code: 'x', detail: 'a\0b' } })],
    wakes: [sampleWake('g-live', fingerprints[0]!)],
    groups: [sampleGroup('g-live'), sampleGroup('g-gone')],
    members: [
      { groupId: 'g-live', fingerprint: fingerprints[0]! },
      { groupId: 'g-live', fingerprint: fingerprints[1]! },
      { groupId: 'g-gone', fingerprint: fingerprints[2]! },
    ],
    notifications: [sampleNotification('n1'), sampleNotification('n2')],
    deliveries: [
      sampleDelivery('d-open', { groupId: 'g-live', notificationId: 'n1' }),
      sampleDelivery('d-sending', { groupId: 'g-gone', status: 'sending', leaseUntil: T0 + 1 }),
      sampleDelivery('d-dead', { groupId: 'g-never', status: 'dead', settledAt: T0 }),
    ],
    attempts: [{ ...sampleAttempt('d-dead', 1), detail: 'zero\0here' }],
    inputs: [{ step: 'fold', now: T0, revision: 'r1', what: '{}' }],
    heartbeats: [{ integration: 'prom', lastSeenAt: T0, silent: true }],
    connectorState: [{ integration: 'pager', key: 'k', value: '{}', expiresAt: T0 + 1e12 }],
    revision: { id: 'r1', at: T0, document: '{}' },
    changes: [
      { at: T0, tenant: 'default', kind: 'alert', id: fingerprints[0]!, status: 'firing' },
      { at: T0 + 1, tenant: 'default', kind: 'delivery', id: 'd-dead', status: 'dead' },
    ],
  });
  await store.commit({ groupsGone: ['g-gone'] });
  await store.close();
  await journal.close();
}

/** Several records share a key, so that their order matters. */
function sampleRecord(index: number): NewRecord {
  const fingerprint = (index % 97).toString(16).padStart(16, '0');
  return { key: orderingKey('default', fingerprint), at: T0 + index, value: `{"number":${index}}` };
}
