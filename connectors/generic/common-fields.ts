import { readLink, statusOf, utcTime, type AlertDraft, type AlertStatus } from '@signalbox/sdk';

type Fields = Readonly<Record<string, unknown>>;

// What senders without a standard usually call things; the first name that is there counts.
const NAME = [
  'alertname',
  'alert_name',
  'alertName',
  'title',
  'name',
  'rule',
  'rule_name',
  'ruleName',
  'check',
  'subject',
  'summary',
];
const LAST_NAME = ['message', 'msg', 'text', 'description'];
const SUMMARY = ['summary', 'title', 'subject'];
const DESCRIPTION = ['description', 'message', 'msg', 'text', 'body', 'output'];
const SEVERITY = ['severity', 'level', 'priority', 'urgency'];
const STATUS = ['status', 'state'];
const STARTS_AT = ['starts_at', 'startsAt', 'started_at', 'created_at', 'createdAt'];
// When it happened: the beginning while it fires, the end when it is over.
const HAPPENED_AT = ['timestamp', 'time', 'date'];
const ENDS_AT = ['ends_at', 'endsAt', 'ended_at', 'resolved_at', 'closed_at'];
const LINK = ['generatorURL', 'generator_url', 'url', 'link'];
const KEY = ['key', 'dedup_key', 'dedupKey', 'incident_key', 'alias', 'fingerprint'];
const PLACES = [
  'host',
  'hostname',
  'instance',
  'service',
  'application',
  'component',
  'environment',
  'namespace',
  'cluster',
  'region',
  'team',
  'source',
];
const LISTS = ['alerts', 'events', 'incidents', 'items'];

const NAME_MAX_CHARS = 200;
const MAX_WRAPPERS = 3;

/** The pieces of a payload that are one alert each: those of a list, of a field like `alerts`, or the payload itself. */
export function findItems(body: unknown): readonly unknown[] {
  const content = unwrap(body, MAX_WRAPPERS);
  if (Array.isArray(content)) return content;
  const list = LISTS.map((name) => fieldsOf(content)[name]).find((value) => Array.isArray(value));
  return Array.isArray(list) ? list : [content];
}

/** An object whose only field is an object or a list: the root element of XML, or `{"event": {…}}`. */
function unwrap(value: unknown, wrappers: number): unknown {
  const inner = Object.values(fieldsOf(value));
  const [only] = inner;
  if (wrappers === 0 || inner.length !== 1 || typeof only !== 'object' || only === null) return value;
  return unwrap(only, wrappers - 1);
}

/** What the common field names say about one alert. What can't be read is left out here; a mapping is strict instead. */
export function readDraft(item: unknown): AlertDraft {
  const fields = fieldsOf(item);
  const labels = {
    ...textsOf(pick(fields, PLACES)),
    ...labelsOf(fields['labels']),
    ...tagsOf(fields['tags']),
  };
  const { alertname, severity, ...others } = labels;
  const summary = firstText(fields, SUMMARY);
  const description = firstText(fields, DESCRIPTION);
  const status = statusIn(fields);
  return {
    alertname: alertname ?? firstText(fields, NAME) ?? lineOf(firstText(fields, LAST_NAME)),
    severity: severity ?? firstText(fields, SEVERITY),
    status,
    labels: others,
    annotations: {
      ...(summary && { summary }),
      ...(description && { description }),
      ...labelsOf(fields['annotations']),
    },
    startsAt: firstTime(fields, status === 'resolved' ? STARTS_AT : [...STARTS_AT, ...HAPPENED_AT]),
    endsAt: firstTime(fields, status === 'resolved' ? [...ENDS_AT, ...HAPPENED_AT] : ENDS_AT),
    generatorURL: LINK.map((name) => readLink(fields[name])).find((link) => link !== undefined),
    key: firstText(fields, KEY),
  };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function pick(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(fields, name)).map((name) => [name, fields[name]]),
  );
}

/** Texts, numbers and booleans as text; anything else and what is empty is left out. */
function textsOf(fields: Fields): Record<string, string> {
  const entries = Object.entries(fields).map(([name, value]) => [name, textOf(value)] as const);
  return Object.fromEntries(
    entries.filter((entry): entry is readonly [string, string] => entry[0] !== '' && !!entry[1]),
  );
}

function labelsOf(value: unknown): Record<string, string> {
  return textsOf(fieldsOf(value));
}

/** An object of tags, a list of `name:value`, or a list of `{name or key or tag, value}`. Tags without a value are no labels. */
function tagsOf(value: unknown): Record<string, string> {
  if (!Array.isArray(value)) return labelsOf(value);
  const pairs = value.map((tag): readonly [string, unknown] => {
    if (typeof tag === 'string') {
      const colon = tag.indexOf(':');
      return colon < 0 ? ['', ''] : [tag.slice(0, colon), tag.slice(colon + 1)];
    }
    const fields = fieldsOf(tag);
    return [firstText(fields, ['name', 'key', 'tag']) ?? '', fields['value']];
  });
  return textsOf(Object.fromEntries(pairs));
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() || undefined;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function firstText(fields: Fields, names: readonly string[]): string | undefined {
  return names.map((name) => textOf(fields[name])).find((text) => text !== undefined);
}

function firstTime(fields: Fields, names: readonly string[]): string | undefined {
  return names.map((name) => utcTime(fields[name])).find((time) => time !== undefined);
}

function lineOf(text: string | undefined): string | undefined {
  return (
    text
      ?.split(/[\r\n]/, 1)[0]
      ?.slice(0, NAME_MAX_CHARS)
      .trim() || undefined
  );
}

/** A word for the state, or `resolved: true`. Numbers mean different things to different senders and say nothing here. */
function statusIn(fields: Fields): AlertStatus | undefined {
  if (fields['resolved'] === true || fields['resolved'] === 'true') return 'resolved';
  const word = STATUS.map((name) => fields[name]).find((value) => typeof value === 'string' && value !== '');
  return typeof word === 'string' ? statusOf(word) : undefined;
}
