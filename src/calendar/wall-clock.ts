import type { MinuteRange } from '../model/time-interval.ts';
import { offsetSpanAt } from './time-zone.ts';

/** A date as an index: days since 1 January 1970. */
export type EpochDay = number;

const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
export const MINUTES_PER_DAY = 1_440;
const TIME_OF_DAY = /^(?:([01][0-9]|2[0-3]):([0-5][0-9])|24:00)$/;

export function epochDayOf(wallClock: number): EpochDay {
  return Math.floor(wallClock / DAY_MS);
}

export function minuteOf(wallClock: number): number {
  return Math.floor((wallClock - epochDayOf(wallClock) * DAY_MS) / MINUTE_MS);
}

/** 0 is Sunday; 1 January 1970 was a Thursday. */
export function weekdayOf(day: EpochDay): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** `09:30` as 570. Two digits each; `24:00` is the end of the day. Undefined for anything else. */
export function parseTimeOfDay(text: string): number | undefined {
  const found = TIME_OF_DAY.exec(text);
  if (!found) return undefined;
  return found[1] === undefined ? MINUTES_PER_DAY : Number(found[1]) * 60 + Number(found[2]);
}

export function containsMinute(ranges: readonly MinuteRange[], minute: number): boolean {
  return ranges.some(({ startMinute, endMinute }) => minute >= startMinute && minute < endMinute);
}

/** The minutes at which membership in one of the ranges may change. */
export function edgesOf(ranges: readonly MinuteRange[]): readonly number[] {
  return ranges.flatMap(({ startMinute, endMinute }) => [startMinute, endMinute]);
}

/**
 * The first instant after `at` at which the wall clock shows one of the minutes or midnight, or at which the clocks change. Whatever depends
 * only on the date and on those minutes stays the same until then.
 */
export function nextEdge(timeZone: string, at: number, minutes: readonly number[]): number {
  const span = offsetSpanAt(timeZone, at);
  const wallClock = at + span.offsetMs;
  const sinceMidnight = wallClock - epochDayOf(wallClock) * DAY_MS;
  let edge = DAY_MS;
  for (const minute of minutes) {
    const edgeMs = minute * MINUTE_MS;
    if (edgeMs > sinceMidnight && edgeMs < edge) edge = edgeMs;
  }
  return Math.min(at + edge - sinceMidnight, span.until);
}
