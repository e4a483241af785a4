import { ALERT_EVENT, type AlertData } from '@signalbox/sdk';
import type { NewRecord } from '../journal/port.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';
import { RECORD_VERSION, type RecordBody } from '../model/record.ts';

/** What the hub itself has to say, in the form of a record. Two with the same `hash` are the same signal. */
export function ownRecord(
  events: readonly AlertData[],
  now: number,
  hash: string,
  tenant = 'default',
): Extract<RecordBody, { kind: 'events' }> {
  const signal = `own-${now}`;
  const receivedAt = new Date(now).toISOString();
  const sender = { integration: OWN_INTEGRATION, tenant };
  return {
    v: RECORD_VERSION,
    kind: 'events',
    meta: { signal, ...sender, receivedAt, hash, requestId: signal, parts: 1, part: 0 },
    events: events.map((data, index) => ({
      specversion: '1.0',
      id: `${signal}.${index}`,
      source: '/signalbox',
      type: ALERT_EVENT,
      data,
    })),
  };
}

/** A record that says nothing: whether it can be appended is what it is for. */
export function ownProbe(now: number): NewRecord {
  return { key: OWN_INTEGRATION, at: now, value: JSON.stringify(ownRecord([], now, '')) };
}
