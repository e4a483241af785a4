import type { NewRecord } from '../journal/port.ts';
import type { RecordBody } from '../model/record.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';

/** A record that says nothing: whether it can be appended is what it is for. */
export function ownProbe(now: number): NewRecord {
  const body: RecordBody = {
    v: 1,
    kind: 'events',
    meta: {
      signal: `own-${now}`,
      integration: OWN_INTEGRATION,
      tenant: 'default',
      receivedAt: new Date(now).toISOString(),
      hash: '',
      requestId: `own-${now}`,
      parts: 1,
      part: 0,
    },
    events: [],
  };
  return { key: OWN_INTEGRATION, at: now, value: JSON.stringify(body) };
}
