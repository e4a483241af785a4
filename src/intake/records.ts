import { ALERT_EVENT, type AlertData, type Event } from '@signalbox/sdk';
import type { NewRecord } from '../journal/port.ts';
import { fingerprintOf, orderingKey } from '../model/fingerprint.ts';
import { namespaceScopeId, type NamespaceNews } from '../model/namespace.ts';
import { NAMESPACES_VERSION, RECORD_VERSION, type RecordBody, type SignalMeta } from '../model/record.ts';
import type { PreparedEndpoint } from './endpoint.ts';
import type { Problem } from './problem.ts';

/** What is known of a signal before it is split. */
export type SignalFacts = Omit<SignalMeta, 'parts' | 'part'> & {
  /** Milliseconds since the epoch of `receivedAt`. */
  readonly at: number;
};

/**
 * One record per ordering key, in the order in which the keys first appear (design §2.1). The key is made of what the source
 * said, before labels of the endpoint are added. A signal without any event leaves one empty record, so that its receipt
 * has a place in the journal. What is said of namespaces makes one record for each cluster.
 */
export function buildRecords(
  endpoint: PreparedEndpoint,
  facts: SignalFacts,
  alerts: readonly AlertData[],
  headers: Readonly<Record<string, string>>,
  namespaces: readonly NamespaceNews[] = [],
): readonly NewRecord[] {
  const events = buildEvents(endpoint, facts.signal, alerts, headers);
  const single = alerts.length === 1 ? alerts[0] : undefined;
  if (namespaces.length > 0) return withNamespaces(endpoint, facts, alerts, events, namespaces);
  if (single) return [record(keyOf(endpoint, single), facts, events, 1, 0)];
  if (alerts.length === 0) return [record(fallbackKey(endpoint), facts, events, 1, 0)];

  const byKey = eventsByKey(endpoint, alerts, events);
  let part = 0;
  return Array.from(byKey, ([key, group]) => record(key, facts, group, byKey.size, part++));
}

function eventsByKey(
  endpoint: PreparedEndpoint,
  alerts: readonly AlertData[],
  events: readonly Event[],
): ReadonlyMap<string, readonly Event[]> {
  const byKey = new Map<string, Event[]>();
  alerts.forEach((alert, index) => {
    const key = keyOf(endpoint, alert);
    const before = byKey.get(key);
    if (before) before.push(events[index]!);
    else byKey.set(key, [events[index]!]);
  });
  return byKey;
}

function withNamespaces(
  endpoint: PreparedEndpoint,
  facts: SignalFacts,
  alerts: readonly AlertData[],
  events: readonly Event[],
  namespaces: readonly NamespaceNews[],
): readonly NewRecord[] {
  const byKey = eventsByKey(endpoint, alerts, events);
  const byCluster = Map.groupBy(namespaces, namespaceScopeId);
  const parts = byKey.size + byCluster.size;
  let part = 0;
  return [
    ...Array.from(byKey, ([key, group]) => record(key, facts, group, parts, part++)),
    ...Array.from(byCluster, ([scopeId, news]): NewRecord => {
      const meta = metaOf(facts, parts, part++);
      const body: RecordBody = { v: NAMESPACES_VERSION, kind: 'namespaces', meta, news };
      return { key: orderingKey(endpoint.tenant, scopeId), at: facts.at, value: JSON.stringify(body) };
    }),
  ];
}

/** The record of a signal that could not be understood: kept whole, so that a person can have it taken in again. */
export function quarantineRecord(
  endpoint: PreparedEndpoint,
  facts: SignalFacts,
  found: Problem,
  request: Extract<RecordBody, { kind: 'quarantine' }>['request'],
): NewRecord {
  const { code, detail, field } = found;
  const body: RecordBody = {
    v: RECORD_VERSION,
    kind: 'quarantine',
    meta: metaOf(facts, 1, 0),
    problem: field === undefined ? { code, detail } : { code, detail, field },
    request,
  };
  return { key: fallbackKey(endpoint), at: facts.at, value: JSON.stringify(body) };
}

/** The events of one signal; their ids are the same however often it is parsed. */
export function buildEvents(
  endpoint: PreparedEndpoint,
  signal: string,
  alerts: readonly AlertData[],
  headers: Readonly<Record<string, string>>,
): readonly Event[] {
  return alerts.map((alert, index) => ({
    specversion: '1.0',
    // Joined, because the result of `+` is a rope, on which JSON.stringify takes twice as long for the whole record.
    id: [signal, index].join('.'),
    source: endpoint.eventSource,
    type: ALERT_EVENT,
    ...(alert.saidAt === undefined ? {} : { time: alert.saidAt }),
    data: complete(endpoint, alert, headers),
  }));
}

function record(
  key: string,
  facts: SignalFacts,
  events: readonly Event[],
  parts: number,
  part: number,
): NewRecord {
  const body: RecordBody = { v: RECORD_VERSION, kind: 'events', meta: metaOf(facts, parts, part), events };
  return { key, at: facts.at, value: JSON.stringify(body) };
}

function metaOf(facts: SignalFacts, parts: number, part: number): SignalMeta {
  const { signal, integration, tenant, receivedAt, deliveryId, hash, requestId } = facts;
  const meta = { signal, integration, tenant, receivedAt, hash, requestId, parts, part };
  return deliveryId === undefined ? meta : { ...meta, deliveryId };
}

function keyOf(endpoint: PreparedEndpoint, alert: AlertData): string {
  return orderingKey(endpoint.tenant, fingerprintOf(alert, endpoint.integration));
}

function fallbackKey(endpoint: PreparedEndpoint): string {
  return orderingKey(endpoint.tenant, endpoint.integration);
}

/** Adds the endpoint's labels where the sender has none, and the headers that are passed through (BR-WH-017). */
function complete(
  endpoint: PreparedEndpoint,
  alert: AlertData,
  headers: Readonly<Record<string, string>>,
): AlertData {
  let data = alert;
  for (const name in endpoint.settings.labels) {
    if (data.labels[name]) continue;
    data = { ...data, labels: { ...data.labels, [name]: endpoint.settings.labels[name]! } };
  }
  if (endpoint.settings.passHeaders.length === 0) return data;
  const passed: Record<string, string> = {};
  for (const name of endpoint.settings.passHeaders) {
    const value = headers[name];
    if (value !== undefined) passed[name] = value;
  }
  return { ...data, details: { ...data.details, headers: passed } };
}
