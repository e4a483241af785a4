import { readObject, readText, readTime, wrongShape, Fault } from '@signalbox/sdk';

/** One event: attributes and extensions by name, with `data` decoded where it can be. */
export interface CloudEvent {
  readonly [attribute: string]: unknown;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** RFC 3339 in UTC. */
  readonly time?: string;
  readonly subject?: string;
  readonly data?: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** The specification recommends 20 characters at most and forbids nothing longer; this only keeps names sane. */
const ATTRIBUTE_NAME = /^[a-z0-9]{1,64}$/;

/**
 * Checks an event as CloudEvents 1.0 demands (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md); `prefix` is what
 * stands before a field's name in faults. An attribute that is null counts as absent, as the JSON format says.
 */
export function readEvent(value: unknown, prefix: string): CloudEvent {
  const fields = readObject(value, prefix.replace(/\.$/, ''));
  if (fields['specversion'] !== '1.0') throw wrongShape(`${prefix}specversion`, '"1.0"');
  const event: Record<string, unknown> = {};
  for (const [name, attribute] of Object.entries(fields)) {
    if (name === 'data' || name === 'data_base64' || attribute === null) continue;
    if (!ATTRIBUTE_NAME.test(name))
      throw wrongShape(`${prefix}${name.slice(0, 64)}`, 'named in small letters and digits');
    if (typeof attribute === 'object') throw wrongShape(`${prefix}${name}`, 'a text, a number or a boolean');
    event[name] = attribute;
  }
  const time = readTime(fields['time'], `${prefix}time`);
  const subject = fields['subject'] ?? undefined;
  const data = readData(fields, prefix);
  return {
    ...event,
    id: readText(fields['id'], `${prefix}id`),
    source: readText(fields['source'], `${prefix}source`),
    type: readText(fields['type'], `${prefix}type`),
    ...(time !== undefined && { time }),
    ...(subject !== undefined && { subject: readText(subject, `${prefix}subject`) }),
    ...(data !== undefined && { data }),
  };
}

const JSON_TYPE = /^[^;]*[/+]json\s*(?:;|$)/i;

/** Bytes are decoded only when they are JSON; others mean nothing to a mapping and are left out. */
function readData(fields: Fields, prefix: string): unknown {
  const encoded = fields['data_base64'] ?? undefined;
  if (encoded === undefined) return fields['data'];
  if (typeof encoded !== 'string') throw wrongShape(`${prefix}data_base64`, 'a text');
  if (fields['data'] !== undefined) throw wrongShape(`${prefix}data_base64`, 'absent beside data');
  const type = fields['datacontenttype'];
  if (typeof type !== 'string' || !JSON_TYPE.test(type)) return undefined;
  return parseJson(encoded, `${prefix}data_base64`);
}

const MAX_DEPTH = 64;

function parseJson(encoded: string, field: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
  } catch {
    throw wrongShape(field, 'base64 of JSON, as datacontenttype says');
  }
  if (!isShallow(value, MAX_DEPTH)) throw wrongShape(field, `nested at most ${MAX_DEPTH} levels deep`);
  return value;
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((item) => isShallow(item, depth - 1));
}

/**
 * The event of a request in binary mode: attributes in `ce-` headers, data in the body
 * (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#31-binary-content-mode).
 */
export function readBinary(
  headers: Readonly<Record<string, string>>,
  contentType: string,
  body: unknown,
): CloudEvent {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('ce-')) fields[name.slice(3)] = decodeHeader(value, name);
  }
  return readEvent({ ...fields, datacontenttype: contentType, data: body }, 'ce-');
}

/** Section 3.1.3.2: quoted strings lose their quotes, then what is percent-encoded is UTF-8. */
function decodeHeader(value: string, name: string): string {
  const text = /^".*"$/.test(value) ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Fault('SB_REJECTED', `${name} is not percent-encoded UTF-8.`, { field: name });
  }
}

/**
 * The flat event JSON of VPA-NAP (VPA-097), as the event it stands for: the whole object is the data. It has no id, so what
 * tells one from another makes one.
 */
export function readFlat(fields: Fields): CloudEvent {
  const type = readText(fields['event_type'], 'event_type');
  const tenant = readText(fields['tenant_id'], 'tenant_id');
  const subject = readText(fields['resource_id'], 'resource_id');
  const time = readTime(fields['timestamp'], 'timestamp');
  const score = fields['confidence_score'];
  if (score !== undefined && typeof score !== 'number') throw wrongShape('confidence_score', 'a number');
  return {
    specversion: '1.0',
    id: [type, tenant, subject, time ?? ''].join('/'),
    source: `/tenants/${encodeURIComponent(tenant)}`,
    type,
    subject,
    ...(time !== undefined && { time }),
    data: fields,
  };
}
