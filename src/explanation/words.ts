import { cleanLine, shorten } from '@signalbox/sdk';

/** Dates end here; timers at infinity stand for "never". */
const LATEST = 8.64e15;
const MAX_TEXT = 300;

/** Whether a time is one that people can read. */
export function isTime(at: number | undefined): at is number {
  return at !== undefined && at > 0 && at <= LATEST;
}

/** `2026-11-20 09:14:05 UTC`. */
export function timeText(at: number | undefined): string {
  if (!isTime(at)) return 'an unknown time';
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** ` until 2026-11-20 09:14:05 UTC`, or nothing. */
export function untilText(until: number | undefined): string {
  return isTime(until) ? ` until ${timeText(until)}` : '';
}

/** What somebody outside wrote, on one line and of bounded length. */
export function saidText(text: string): string {
  return shorten(cleanLine(text), MAX_TEXT);
}

/** `a`, `a and b`, `a, b and c`. */
export function listText(texts: readonly string[]): string {
  const each = [...new Set(texts)];
  if (each.length <= 1) return each[0] ?? '';
  return `${each.slice(0, -1).join(', ')} and ${each.at(-1)}`;
}

/** `1 event`, `3 events`. */
export function countText(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
