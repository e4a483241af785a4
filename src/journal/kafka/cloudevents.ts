/** Topics on which other systems follow the hub (the names are part of the outer contract). */
export const PUBLISHED_TOPICS = ['vpa-events', 'nap-events', 'conflicts', 'alerts'] as const;
export type PublishedTopic = (typeof PUBLISHED_TOPICS)[number];

/** An event in the CloudEvents 1.0 JSON format; further attributes are extensions. */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** Media type of `data`. Default `application/json`. */
  readonly datacontenttype?: string;
  /** Bytes are passed on as they are. A text is one too, unless the media type is JSON; everything else becomes JSON. */
  readonly data?: unknown;
  readonly data_base64?: string;
  readonly [attribute: string]: unknown;
}

/** `binary`: attributes in headers, the value is the data alone. `structured`: the value is the whole event as JSON. */
export type ContentMode = 'binary' | 'structured';

/** A record as a Kafka client takes it. Without a value it would be a deletion in a compacted topic. */
export interface KafkaEventRecord {
  readonly topic: string;
  readonly key?: Buffer;
  readonly value?: Buffer;
  readonly headers: ReadonlyMap<Buffer, Buffer>;
}

/** The event breaks CloudEvents 1.0; `attribute` says where. */
export class InvalidCloudEvent extends Error {
  readonly code = 'invalid_cloud_event';
  readonly attribute: string;
  constructor(attribute: string, message: string) {
    super(`CloudEvent attribute "${attribute}": ${message}`);
    this.attribute = attribute;
  }
}

const REQUIRED = ['id', 'source', 'type'];
const DATA = new Set(['data', 'data_base64']);
const ATTRIBUTE_NAME = /^[a-z0-9]+$/;
const JSON_MEDIA_TYPE = /^[^/;\s]+\/(?:[^;\s]+\+)?json\s*(?:;|$)/i;
const DEFAULT_MEDIA_TYPE = 'application/json';
const STRUCTURED_MEDIA_TYPE = 'application/cloudevents+json; charset=UTF-8';
/** The range of the type Integer of CloudEvents. */
const MAX_INTEGER = 2 ** 31 - 1;
const MIN_INTEGER = -(2 ** 31);

/**
 * An event as a Kafka record (CloudEvents Kafka protocol binding 1.0, https://github.com/cloudevents/spec). The key is the one that is
 * given, else the `partitionkey` attribute of the partitioning extension; the event itself is not changed by it.
 *
 * @throws InvalidCloudEvent
 * @example
 * toKafkaRecord('alerts', event, { mode: 'binary', key: 'default/0011223344556677' });
 */
export function toKafkaRecord(
  topic: string,
  event: CloudEvent,
  options: { readonly mode: ContentMode; readonly key?: string },
): KafkaEventRecord {
  const attributes = readAttributes(event);
  const key = options.key ?? attributes.get('partitionkey');
  const { value, headers } =
    options.mode === 'binary' ? toBinary(event, attributes) : toStructured(event, attributes);
  return {
    topic,
    headers: new Map([...headers].map(([name, text]) => [Buffer.from(name), Buffer.from(text)])),
    ...(key === undefined ? {} : { key: Buffer.from(String(key)) }),
    ...(value === undefined ? {} : { value }),
  };
}

interface Content {
  readonly value: Buffer | undefined;
  readonly headers: ReadonlyMap<string, string>;
}

type Attributes = ReadonlyMap<string, string | number | boolean>;

function toBinary(event: CloudEvent, attributes: Attributes): Content {
  const headers = new Map<string, string>();
  for (const [name, value] of attributes) {
    if (name !== 'datacontenttype') headers.set(`ce_${name}`, String(value));
  }
  const value = dataBytes(event);
  // JSON is what an absent media type means, and only the JSON format may leave it out.
  if (value !== undefined) headers.set('content-type', event.datacontenttype ?? DEFAULT_MEDIA_TYPE);
  else if (event.datacontenttype !== undefined) headers.set('content-type', event.datacontenttype);
  return { value, headers };
}

function toStructured(event: CloudEvent, attributes: Attributes): Content {
  const whole: Record<string, unknown> = Object.fromEntries(attributes);
  const { data, data_base64 } = event;
  if (data instanceof Uint8Array) whole['data_base64'] = Buffer.from(data).toString('base64');
  else if (data !== undefined) whole['data'] = data;
  else if (data_base64 !== undefined) whole['data_base64'] = data_base64;
  return {
    value: Buffer.from(JSON.stringify(whole)),
    headers: new Map([['content-type', STRUCTURED_MEDIA_TYPE]]),
  };
}

function dataBytes({ data, data_base64, datacontenttype }: CloudEvent): Buffer | undefined {
  if (data instanceof Uint8Array) return Buffer.from(data);
  if (data_base64 !== undefined) return Buffer.from(data_base64, 'base64');
  if (data === undefined) return undefined;
  const isJson = datacontenttype === undefined || JSON_MEDIA_TYPE.test(datacontenttype);
  return Buffer.from(typeof data === 'string' && !isJson ? data : JSON.stringify(data));
}

/** All attributes but the data, checked; one that is null or undefined counts as absent (CloudEvents JSON format, section 2.3). */
function readAttributes(event: CloudEvent): Attributes {
  if (event.specversion !== '1.0') throw new InvalidCloudEvent('specversion', 'must be "1.0"');
  for (const name of REQUIRED) {
    if (typeof event[name] !== 'string' || event[name] === '') {
      throw new InvalidCloudEvent(name, 'must be a text that is not empty');
    }
  }
  if (event.data != null && event.data_base64 !== undefined) {
    throw new InvalidCloudEvent('data_base64', 'must not be there together with data');
  }
  const attributes = new Map<string, string | number | boolean>();
  for (const [name, value] of Object.entries(event)) {
    if (DATA.has(name) || value == null) continue;
    if (!ATTRIBUTE_NAME.test(name)) throw new InvalidCloudEvent(name, 'a name holds only a-z and 0-9');
    attributes.set(name, checkValue(name, value));
  }
  return attributes;
}

function checkValue(name: string, value: unknown): string | number | boolean {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isInteger(value) && value >= MIN_INTEGER && value <= MAX_INTEGER) {
    return value;
  }
  throw new InvalidCloudEvent(name, 'must be a text, true, false, or an integer of 32 bits');
}
