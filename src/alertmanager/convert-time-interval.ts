import type { Range, TimeInterval } from './config.ts';

/** A time interval in the words of the file, which are proposed for the native one, too. */
export interface PendingTimeInterval {
  readonly times?: readonly { readonly start_time: string; readonly end_time: string }[];
  readonly weekdays?: readonly string[];
  readonly days_of_month?: readonly string[];
  readonly months?: readonly string[];
  readonly years?: readonly string[];
  readonly location?: string;
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

export function convertTimeInterval(interval: TimeInterval): PendingTimeInterval {
  const { times, weekdays, days_of_month, months, years, location } = interval;
  const texts = (
    key: string,
    ranges: readonly Range[] | undefined,
    name: (value: number) => string = String,
  ): object => (ranges === undefined ? {} : { [key]: ranges.map((range) => rangeText(range, name)) });
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
