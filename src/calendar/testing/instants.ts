import fc from 'fast-check';

/** Zones that differ in what goes wrong: half hours, clocks that move by thirty minutes, a day that was left out. */
export const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Pacific/Apia',
] as const;

const HOUR_MS = 3_600_000;
/** Moments at which the clocks of one of the zones changed; Apia left out 30 December 2011. */
const CHANGES = [
  '2026-03-29T01:00Z',
  '2026-10-25T01:00Z',
  '2026-03-08T07:00Z',
  '2026-11-01T06:00Z',
  '2026-04-04T15:00Z',
  '2026-10-03T15:30Z',
  '2011-12-30T10:00Z',
  '2021-04-03T14:00Z',
].map((text) => Date.parse(text));

/** Milliseconds since the epoch between 2000 and 2040, often near a change of the clocks and often on a whole minute. */
export const anyInstant = fc.oneof(
  fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2040, 0, 1) }),
  fc
    .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -30 * 60, max: 30 * 60 }))
    .map(([change, minutes]) => change + minutes * 60_000),
  fc
    .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -3 * HOUR_MS, max: 3 * HOUR_MS }))
    .map(([change, ms]) => change + ms),
);

export const anyZone = fc.constantFrom(...ZONES);

/** The instant of an ISO 8601 text. */
export function at(text: string): number {
  return Temporal.Instant.from(text).epochMilliseconds;
}

/** An instant as a person in the zone reads it: `2026-03-29T03:30+02:00`; undefined stays undefined. */
export function shownIn(timeZone: string, instant: number | undefined): string | undefined {
  if (instant === undefined) return undefined;
  return Temporal.Instant.fromEpochMilliseconds(instant)
    .toZonedDateTimeISO(timeZone)
    .toString({ timeZoneName: 'never', smallestUnit: 'minute' });
}

export interface Reading {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly minute: number;
  /** `monday` */
  readonly weekday: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What a wall clock shows, by Intl and so by none of the code under test. */
export function readByIntl(timeZone: string, instant: number): Reading {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'long',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    formats.set(timeZone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  return {
    year: Number(parts['year']),
    month: Number(parts['month']),
    day: Number(parts['day']),
    minute: Number(parts['hour']) * 60 + Number(parts['minute']),
    weekday: parts['weekday']!.toLowerCase(),
  };
}
