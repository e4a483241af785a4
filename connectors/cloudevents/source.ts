import {
  compileMapping,
  isFault,
  readLink,
  readList,
  statusOf,
  wrongShape,
  type AlertDraft,
  type Mapping,
  type Source,
  type SourceRequest,
} from '@signalbox/sdk';
import type { CloudEventsConfig } from './config.ts';
import { NAMESPACE_EVENT, readNamespaceStatement } from './namespace.ts';
import { readBinary, readEvent, readFlat, type CloudEvent } from './event.ts';

const BATCH_MAX_EVENTS = 10_000;

/** What all expressions for one request may cost together; about a fifth of a second. */
const REQUEST_STEPS = 2_000_000;

/** CloudEvents 1.0 over HTTP: binary, structured and batched mode, and the flat form of VPA-097 (BR-INT-007). */
export const source: Source<CloudEventsConfig> = {
  contentTypes: [
    'application/cloudevents+json',
    'application/cloudevents-batch+json',
    'application/json',
    'application/xml',
    'text/xml',
    'text/plain',
  ],
  headers: [
    'ce-specversion',
    'ce-id',
    'ce-source',
    'ce-type',
    'ce-time',
    'ce-subject',
    'ce-dataschema',
    'ce-status',
    'ce-severity',
    'ce-partitionkey',
    'ce-sequence',
    'ce-traceparent',
    'ce-tracestate',
  ],
  suggestedAuth: { bearer: '${env:CLOUDEVENTS_TOKEN}' },
  parse(request, config) {
    const mapping = mappingOf(config);
    const budget = { steps: REQUEST_STEPS };
    return readEvents(request).flatMap((event) => {
      if (event.type === NAMESPACE_EVENT) return [];
      const alert = mapping({ event, data: event.data ?? null }, draftOf(event), budget);
      return alert ? [alert] : [];
    });
  },
  namespaces(request) {
    return readEvents(request).flatMap((event, index) =>
      event.type === NAMESPACE_EVENT ? [readNamespaceStatement(event, index)] : [],
    );
  },
  deliveryId(request) {
    try {
      const [event, ...others] = readEvents(request);
      return event && others.length === 0 ? `${event.source} ${event.id}` : undefined;
    } catch (error) {
      // What is wrong with the request is for `parse` to say.
      if (isFault(error)) return undefined;
      throw error;
    }
  },
};

const mappings = new WeakMap<CloudEventsConfig, Mapping>();

/** The compiled mapping of a configuration; compiled once. */
export function mappingOf(config: CloudEventsConfig): Mapping {
  return mappings.getOrInsertComputed(config, () => compileMapping(config, ['event', 'data']));
}

/** The functions of a source ask about the same request one after the other. */
const read = new WeakMap<SourceRequest, readonly CloudEvent[]>();

function readEvents(request: SourceRequest): readonly CloudEvent[] {
  return read.getOrInsertComputed(request, readRequest);
}

function readRequest({ headers, contentType, body }: SourceRequest): readonly CloudEvent[] {
  if (contentType === 'application/cloudevents-batch+json') return readBatch(body);
  if (contentType === 'application/cloudevents+json') return [readEvent(body, '')];
  if (headers['ce-specversion'] !== undefined) return [readBinary(headers, contentType, body)];
  // Many senders post structured events as plain JSON; the specification lets a receiver look.
  if (Array.isArray(body)) return readBatch(body);
  if (typeof body === 'object' && body !== null) {
    const fields = body as Readonly<Record<string, unknown>>;
    return ['event_type' in fields && !('specversion' in fields) ? readFlat(fields) : readEvent(fields, '')];
  }
  throw wrongShape('', 'a CloudEvent: none of the header ce-specversion and the field specversion is there');
}

function readBatch(body: unknown): readonly CloudEvent[] {
  const events = readList(body, '');
  if (events.length > BATCH_MAX_EVENTS) throw wrongShape('', `a batch of at most ${BATCH_MAX_EVENTS} events`);
  return events.map((event, index) => readEvent(event, `[${index}].`));
}

/** What an event says by itself. Extension attributes go before what stands in `data`. */
function draftOf(event: CloudEvent): AlertDraft {
  const data =
    typeof event.data === 'object' && event.data !== null ? (event.data as Record<string, unknown>) : {};
  const word = event['status'] ?? data['status'];
  const status = typeof word === 'string' || typeof word === 'boolean' ? statusOf(word) : 'firing';
  return {
    alertname: event.type,
    severity: textIn(event['severity'], data['severity']),
    status,
    labels: { source: event.source, type: event.type, ...(event.subject && { subject: event.subject }) },
    annotations: annotationsOf(event.data, data),
    ...(status === 'firing' ? { startsAt: event.time } : { endsAt: event.time }),
    saidAt: event.time,
    generatorURL: readLink(data['url']),
    details: { id: event.id, ...(event.data !== undefined && { data: event.data }) },
  };
}

const ANNOTATION_MAX_CHARS = 4_096;

function annotationsOf(
  whole: unknown,
  data: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  const summary = textIn(data['summary'], data['title']);
  const description = textIn(data['description'], data['message'], whole)?.slice(0, ANNOTATION_MAX_CHARS);
  return { ...(summary && { summary }), ...(description && { description }) };
}

function textIn(...candidates: readonly unknown[]): string | undefined {
  return candidates.find(
    (candidate): candidate is string => typeof candidate === 'string' && candidate !== '',
  );
}
