import type { Range, TimeInterval } from './config.ts';
import type { NativeMap } from './native-document.ts';

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** The words are the same in both; what is written there in several ways is written here in one. */
export function convertTimeInterval(interval: TimeInterval): NativeMap {
  const { times, weekdays, days_of_month, months, years, location } = interval;
  const texts = (
    key: string,
    ranges: readonly Range[] | undefined,
    name: (value: number) => string = String,
  ): NativeMap => (ranges === undefined ? {} : { [key]: ranges.map((range) => rangeText(range, name)) });
  return {
    ...(times === undefined
      ? {}
      : {
          times: times.map(({ begin, end }) => ({ start_time: clockText(begin), end_time: clockText(end) })),
        }),
    ...texts('weekdays', weekdays, (day) => WEEKDAYS[day] ?? ''),
    ...texts('days_of_month', days_of_month),
    ...texts('months', months),
    ...texts('years', years),
    ...(location === undefined ? {} : { location }),
  };
}

function rangeText({ begin, end }: Range, name: (value: number) => string): string {
  return begin === end ? name(begin) : `${name(begin)}:${name(end)}`;
}

function clockText(minutes: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`;
}
