import { RRuleTemporal } from 'rrule-temporal';
import { CalendarError } from './calendar-error.ts';
import type { RecurrenceRule } from './parse-recurrence-rule.ts';
import { DAY_MS } from './wall-clock.ts';

/** The occurrences of a rule as readings of a wall clock (see `wallClockAt`). */
export interface Recurrence {
  /** The latest one at or before the reading. */
  readonly previous: (wallClock: number) => number | undefined;
  /** The first one after it. */
  readonly next: (wallClock: number) => number | undefined;
}

/**
 * How far one question goes: periods of the rule's frequency, and readings inside of them. Enough for a 29 February that is a Monday.
 * Most rules take less than a millisecond; BYSETPOS has to look at every reading of a period, so it gets fewer.
 */
const MOST_PERIODS = { YEARLY: 50, MONTHLY: 500, WEEKLY: 500, DAILY: 1_000, HOURLY: 1_000, MINUTELY: 1_000 };
const MOST_PERIODS_BY_POSITION = 200;
/**
 * A search backwards tries ever longer stretches, each four times the one before, so it needs several times as much for the same
 * distance. What was found forwards has to be found backwards as well: otherwise a window could be announced and never begin.
 */
const BACKWARD_FACTOR = 16;
const MOST_READINGS = 20_000;
/** A rule whose first occurrence is further away is so sparse that searches lose it. */
const FIRST_WITHIN_MS = 50 * 366 * DAY_MS;
const SEARCH_ENDED = /^Maximum (?:iterations|candidate evaluations) \(\d+\) exceeded/;

/**
 * Puts a rule to use from a first reading on, which is an occurrence only when the rule says so. The rule runs on a clock that never
 * changes; what its readings mean in a zone is for the caller, so every zone and every change of the clocks is treated alike.
 *
 * A search that would take too long ends without an occurrence. Such a rule is refused here when it does not even find the first; a later
 * one that is not found counts as none. Throws `bad_rule` for parts that do not go together and `never_occurs`.
 */
export function createRecurrence(rule: RecurrenceRule, start: number, field: string): Recurrence {
  const last = rule.count === undefined ? rule.until : lastCounted(rule, start, field);
  const { count: _, ...endless } = rule;
  const bounded = last === undefined ? endless : { ...endless, until: last };
  const forward = createEngine(bounded, start, field, 1);
  const backward = createEngine(bounded, start, field, BACKWARD_FACTOR);
  const search = (find: () => Temporal.ZonedDateTime | null) => endedSearch(find)?.epochMilliseconds;
  const recurrence: Recurrence = {
    previous: (wallClock) => search(() => backward.previous(toZoned(wallClock), true)),
    next: (wallClock) => search(() => forward.next(toZoned(Math.max(wallClock, start - 1)), false)),
  };
  const first = recurrence.next(start - 1);
  if (first !== undefined && first - start < FIRST_WITHIN_MS) return recurrence;
  throw new CalendarError('never_occurs', field, 'the rule has no occurrence, or too few to be followed');
}

/** The last of the counted occurrences, so that a question need not count from the first one each time. */
function lastCounted(rule: RecurrenceRule, start: number, field: string): number {
  if (rule.until !== undefined)
    throw new CalendarError('bad_rule', field, 'COUNT and UNTIL exclude each other');
  const last = endedSearch(() => createEngine(rule, start, field, 1).all().at(-1) ?? null);
  if (last !== undefined) return last.epochMilliseconds;
  throw new CalendarError(
    'never_occurs',
    field,
    'the counted occurrences were not found; end the rule by UNTIL',
  );
}

function createEngine(rule: RecurrenceRule, start: number, field: string, factor: number): RRuleTemporal {
  const periods = Math.min(MOST_PERIODS[rule.freq], rule.bySetPos ? MOST_PERIODS_BY_POSITION : Infinity);
  const { until, ...parts } = rule;
  const lists = Object.fromEntries(
    Object.entries(parts).map(([key, value]) => [key, Array.isArray(value) ? [...value] : value]),
  ) as { freq: RecurrenceRule['freq'] };
  try {
    return new RRuleTemporal({
      ...lists,
      ...(until === undefined ? {} : { until: toZoned(until) }),
      dtstart: toZoned(start),
      strict: true,
      maxIterations: factor * periods,
      maxCandidateEvaluations: factor * MOST_READINGS,
    });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : 'the parts do not go together';
    throw new CalendarError('bad_rule', field, message, cause);
  }
}

function endedSearch(find: () => Temporal.ZonedDateTime | null): Temporal.ZonedDateTime | undefined {
  try {
    return find() ?? undefined;
  } catch (error) {
    // Temporal's calendar ends in the year 275760, and some searches get there first.
    if (error instanceof RangeError) return undefined;
    if (error instanceof Error && SEARCH_ENDED.test(error.message)) return undefined;
    throw error;
  }
}

function toZoned(wallClock: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(wallClock).toZonedDateTimeISO('UTC');
}
