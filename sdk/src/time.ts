const DIGITS = /^[+-]?\d{1,19}(?:\.\d{1,9})?$/;
const DATE_TIME =
  /^(\d{4})[-/.](\d{2})[-/.](\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,12})?)?)? ?(Z|UTC|[+-]\d{2}:?\d{2})?(?: UTC)?$/i;
const UTC = /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d{1,12})?Z$/;
const MAX_CHARS = 64;

/**
 * Brings a point in time into the one form that Signalbox uses: RFC 3339 in UTC (VPA-030). Undefined when it is not a time,
 * and for Go's zero time, which senders use for "none".
 *
 * Takes RFC 3339 with any offset, `2026-03-03 10:11:12` and `2026.03.03 10:11:12` (UTC unless `zone` says otherwise), and
 * unix time as a number or digits: seconds, milliseconds, microseconds or nanoseconds, told apart by size. Fractions of
 * a second stay as they are where the text was UTC already, and are cut to milliseconds otherwise.
 *
 * @param zone IANA name that applies to a text without an offset; an unknown one throws a `RangeError`.
 *
 * @example
 * utcTime('2017-08-03T15:17:37.804-04:00'); // '2017-08-03T19:17:37.804Z'
 * utcTime(1498861543); // '2017-06-30T22:25:43.000Z'
 * utcTime('2026-03-03 10:11:12', 'Europe/Berlin'); // '2026-03-03T09:11:12.000Z'
 */
export function utcTime(value: unknown, zone?: string): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return fromUnix(Number(value));
  if (typeof value !== 'string' || value.length > MAX_CHARS) return undefined;
  if (UTC.test(value)) return !isZero(value) && isReal(value) ? value : undefined;
  const text = value.trim();
  return DIGITS.test(text) ? fromUnix(Number(text)) : fromText(text, zone);
}

function isZero(text: string): boolean {
  return text.startsWith('0001-01-01T00:00:00');
}

/** Refuses 31 February, which `Date` would quietly turn into March; only the last days of a month need that check. */
function isReal(text: string): boolean {
  const time = Date.parse(text);
  if (Number.isNaN(time)) return false;
  return Number(text.slice(8, 10)) < 29 || new Date(time).toISOString().startsWith(text.slice(0, 10));
}

/** The unit follows from the size: 1e10 is the year 2286 in seconds and April 1970 in milliseconds. Zero means "none". */
function fromUnix(value: number): string | undefined {
  const size = Math.abs(value);
  if (!(size > 0 && size < 1e19)) return undefined;
  const timeMs = size < 1e10 ? value * 1000 : size < 1e13 ? value : size < 1e16 ? value / 1e3 : value / 1e6;
  return new Date(Math.trunc(timeMs)).toISOString();
}

function fromText(text: string, zone: string | undefined): string | undefined {
  const match = DATE_TIME.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', offset] = match;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}`;
  if (!isReal(`${local}Z`) || isZero(local)) return undefined;
  if (!offset && zone !== undefined) {
    const instant = Temporal.PlainDateTime.from(local).toZonedDateTime(zone).epochMilliseconds;
    return new Date(instant).toISOString();
  }
  const suffix = !offset || /^(?:z|utc)$/i.test(offset) ? 'Z' : offset.replace(/^(...)(\d\d)$/, '$1:$2');
  const time = Date.parse(local + suffix);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
