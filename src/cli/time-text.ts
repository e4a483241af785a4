import { durationText } from '@signalbox/sdk';

/** `4m ago`, `in 20s`, `now`; nothing for nothing. */
export function relativeTime(time: string | undefined, now: number): string {
  if (time === undefined) return '';
  const distanceMs = Date.parse(time) - now;
  if (Math.abs(distanceMs) < 1_000) return 'now';
  return distanceMs < 0 ? `${durationText(-distanceMs)} ago` : `in ${durationText(distanceMs)}`;
}

/** `2026-11-20 09:14:05 UTC (4m ago)`. */
export function fullTime(time: string | undefined, now: number): string | undefined {
  if (time === undefined) return undefined;
  return `${time.slice(0, 19).replace('T', ' ')} UTC (${relativeTime(time, now)})`;
}
