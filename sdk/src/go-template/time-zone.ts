import { GoFunctionError } from './error.ts';

/** Locales that write the zones of their own region with letters; others write them as a difference to Greenwich. */
const LOCALES = ['en-US', 'en-GB', 'en-CA', 'en-AU', 'en-NZ', 'en-IN', 'en-ZA'];

export interface LocalTime {
  readonly date: Temporal.PlainDateTime;
  readonly offsetSeconds: number;
  /** `UTC`, `CET`, or `+03` where no name is known. */
  readonly abbreviation: string;
}

/** The clock of a time zone at one moment. */
export function localTime(nanoseconds: bigint, zone: string): LocalTime {
  const zoned = Temporal.Instant.fromEpochNanoseconds(nanoseconds).toZonedDateTimeISO(zone);
  const offsetSeconds = Math.trunc(zoned.offsetNanoseconds / 1e9);
  return { date: zoned.toPlainDateTime(), offsetSeconds, abbreviation: abbreviationOf(zoned, offsetSeconds) };
}

/** @throws GoFunctionError for a name that the time zone database does not have. */
export function checkZone(name: string): string {
  if (name === '' || name === 'UTC') return 'UTC';
  try {
    // An offset such as +02:00 would pass here, but is no name.
    if (!/^[+-]/.test(name)) {
      return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
    }
  } catch {
    // Said below, in the words of a template's author.
  }
  throw new GoFunctionError(`there is no time zone ${name}`);
}

function abbreviationOf(zoned: Temporal.ZonedDateTime, offsetSeconds: number): string {
  if (zoned.timeZoneId === 'UTC') return 'UTC';
  for (const locale of LOCALES) {
    const parts = new Intl.DateTimeFormat(locale, {
      timeZone: zoned.timeZoneId,
      timeZoneName: 'short',
    }).formatToParts(zoned.epochMilliseconds);
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    if (/^[A-Z]{3,5}$/.test(name)) return name;
  }
  return formatOffset(offsetSeconds, offsetSeconds % 3600 === 0 ? '-07' : '-0700');
}

/** `-07`, `-0700`, `-07:00`, `-070000` or `-07:00:00`. */
export function formatOffset(offsetSeconds: number, layout: string): string {
  const absolute = Math.abs(offsetSeconds);
  const parts = [absolute / 3600, (absolute / 60) % 60, absolute % 60].map((part) =>
    String(Math.trunc(part)).padStart(2, '0'),
  );
  const count = layout.replace(/\D/g, '').length / 2;
  return (offsetSeconds < 0 ? '-' : '+') + parts.slice(0, count).join(layout.includes(':') ? ':' : '');
}
