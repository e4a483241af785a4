import { CalendarError } from './calendar-error.ts';

/** A stretch in which the clocks of a zone keep one distance from UTC: from `from`, inclusive, until `until`, exclusive. */
export interface OffsetSpan {
  /** Milliseconds since the epoch; -Infinity before the first known change of the zone. */
  readonly from: number;
  /** Infinity after the last one. */
  readonly until: number;
  /** What is added to UTC to get the wall clock, e.g. 3,600,000 in Berlin in winter. */
  readonly offsetMs: number;
}

/** Fixed distances such as `+02:00` are no zones: they can't know when the clocks change. */
const FIXED_OFFSET = /^[+-]/;
const NAME_LENGTH = 64;
/** Some hundred years of a zone that changes its clocks twice a year; beyond that the memory begins anew. */
const SPANS_PER_ZONE = 200;
const EARLIEST_MS = -8.64e15;
const DAY_MS = 86_400_000;

/**
 * The spans that were asked for, by zone. Only a memory of what the time zone database says, which does not change while the process
 * runs, so the functions here stay pure. Names are in their canonical case, so there are no more entries than zones.
 */
const spansOfZones = new Map<string, { last: OffsetSpan; readonly known: OffsetSpan[] }>();

/**
 * The name of a zone of the IANA time zone database (https://www.iana.org/time-zones) in its canonical case: `europe/berlin` becomes
 * `Europe/Berlin`. Throws `unknown_time_zone` for anything else.
 */
export function readTimeZone(name: unknown, field: string): string {
  if (typeof name !== 'string')
    throw new CalendarError('wrong_type', field, 'expected the name of a time zone as text');
  const zone = findTimeZone(name);
  if (zone !== undefined) return zone;
  throw new CalendarError(
    'unknown_time_zone',
    field,
    'expected a name of the IANA time zone database, such as Europe/Berlin or UTC',
  );
}

/** As `readTimeZone`, but undefined for what is not a zone. */
export function findTimeZone(name: string): string | undefined {
  if (name.length > NAME_LENGTH || FIXED_OFFSET.test(name)) return undefined;
  try {
    return new Temporal.ZonedDateTime(0n, name).timeZoneId;
  } catch {
    // The only way that Temporal has of saying that it does not know a name.
    return undefined;
  }
}

/**
 * The span that holds the instant `at`. Asking the time zone database takes microseconds; the memory answers for nearly every
 * call, because a hub asks about now.
 */
export function offsetSpanAt(timeZone: string, at: number): OffsetSpan {
  const spans = spansOfZones.get(timeZone);
  if (spans === undefined) {
    const span = lookUpSpan(timeZone, at);
    spansOfZones.set(timeZone, { last: span, known: [span] });
    return span;
  }
  if (!holds(spans.last, at)) {
    let span = spans.known.find((known) => holds(known, at));
    if (span === undefined) {
      span = lookUpSpan(timeZone, at);
      if (spans.known.length === SPANS_PER_ZONE) spans.known.length = 0;
      spans.known.push(span);
    }
    spans.last = span;
  }
  return spans.last;
}

/**
 * What the clock on the wall shows at an instant, as the milliseconds since the epoch of the same reading in UTC: in Berlin in winter
 * one hour more than `at`. Only readings of one zone can be compared.
 */
export function wallClockAt(timeZone: string, at: number): number {
  return at + offsetSpanAt(timeZone, at).offsetMs;
}

/**
 * The instant at which the wall clock has reached a reading for the first time. A reading that is repeated when clocks go back is
 * meant the first time; one that is left out when they go forward is reached at the moment of the change. So a later
 * reading is never reached before an earlier one.
 */
export function reachedAt(timeZone: string, wallClock: number): number {
  // No zone is further from UTC than a day, so this span is the reading's own or an earlier one.
  let span = offsetSpanAt(timeZone, Math.max(wallClock - DAY_MS, EARLIEST_MS));
  while (wallClock - span.offsetMs >= span.until) span = offsetSpanAt(timeZone, span.until);
  return Math.max(wallClock - span.offsetMs, span.from);
}

/**
 * The latest reading that the wall clock has reached by an instant: what it shows, or, while an hour is repeated, the last reading before the
 * clocks went back. `reachedAt(zone, reading) <= at` holds exactly for readings up to this one.
 */
export function latestWallClock(timeZone: string, at: number): number {
  const span = offsetSpanAt(timeZone, at);
  const shown = at + span.offsetMs;
  if (span.from === -Infinity) return shown;
  return Math.max(shown, span.from - 1 + offsetSpanAt(timeZone, span.from - 1).offsetMs);
}

function holds(span: OffsetSpan, at: number): boolean {
  return at >= span.from && at < span.until;
}

function lookUpSpan(timeZone: string, at: number): OffsetSpan {
  const time = Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(timeZone);
  // The change before a time is searched strictly before it; a span begins with its change.
  const previous = time.add({ milliseconds: 1 }).getTimeZoneTransition('previous');
  const next = time.getTimeZoneTransition('next');
  return {
    from: previous?.epochMilliseconds ?? -Infinity,
    until: next?.epochMilliseconds ?? Infinity,
    offsetMs: time.offsetNanoseconds / 1e6,
  };
}
