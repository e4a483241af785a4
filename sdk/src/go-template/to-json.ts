import { GoFunctionError } from './error.ts';
import { formatTime, RFC3339_NANO } from './time-layout.ts';
import { sortedKeys, type GoValue } from './value.ts';

/** Names of the fields in JSON; those of a pair have none of their own. */
const FIELD_NAMES: Readonly<Record<string, string>> = {
  Receiver: 'receiver',
  Status: 'status',
  Alerts: 'alerts',
  NotificationReason: 'notification_reason',
  GroupLabels: 'groupLabels',
  CommonLabels: 'commonLabels',
  CommonAnnotations: 'commonAnnotations',
  RouteLabels: 'routeLabels',
  ExternalURL: 'externalURL',
  Labels: 'labels',
  Annotations: 'annotations',
  StartsAt: 'startsAt',
  EndsAt: 'endsAt',
  GeneratorURL: 'generatorURL',
  Fingerprint: 'fingerprint',
};

/** As Go's `json.Marshal`: keys of maps sorted, `<`, `>` and `&` escaped, times in RFC 3339. */
export function toJson(value: GoValue, spend: () => void): string {
  spend();
  if (value === null) return 'null';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'object') return String(value);
  switch (value.kind) {
    case 'safe':
      return quote(value.text);
    case 'time':
      return quote(formatTime(value, RFC3339_NANO));
    case 'duration':
      return String(value.nanoseconds);
    case 'list':
      return `[${value.items.map((item) => toJson(item, spend)).join(',')}]`;
    case 'map': {
      const pairs = sortedKeys(value).map(
        (key) => `${quote(key)}:${toJson(value.entries.get(key) ?? null, spend)}`,
      );
      return `{${pairs.join(',')}}`;
    }
    case 'struct': {
      const pairs = [...value.fields].map(
        ([name, field]) => `${quote(FIELD_NAMES[name] ?? name)}:${toJson(field, spend)}`,
      );
      return `{${pairs.join(',')}}`;
    }
  }
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new GoFunctionError(`JSON has no ${value}`);
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** What Go escapes beside what JSON demands. It stands in strings only, so a whole document can be escaped at once. */
export function escapeJson(json: string): string {
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function quote(text: string): string {
  return escapeJson(JSON.stringify(text.toWellFormed()));
}
