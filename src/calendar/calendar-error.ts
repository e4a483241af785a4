/**
 * What is wrong with something written: `wrong_type`, `unknown_field`, `missing` and `bad_value` for any field;
 * `unknown_time_zone`; `bad_rule` and `never_occurs` for a recurrence; `bad_calendar` for a text that is not iCalendar;
 * `too_large` for what is beyond a bound.
 */
export type CalendarErrorCode =
  | 'wrong_type'
  | 'unknown_field'
  | 'missing'
  | 'bad_value'
  | 'unknown_time_zone'
  | 'bad_rule'
  | 'never_occurs'
  | 'bad_calendar'
  | 'too_large';

/**
 * A time interval, a window, business hours or a calendar that can't be used. The message says what was expected and never
 * repeats the input; `field` is the path inside what was given, e.g. `times[0].start_time`, or empty for the whole.
 */
export class CalendarError extends Error {
  readonly code: CalendarErrorCode;
  readonly field: string;

  constructor(code: CalendarErrorCode, field: string, message: string, cause?: unknown) {
    super(field === '' ? message : `${field}: ${message}`, cause === undefined ? {} : { cause });
    this.name = 'CalendarError';
    this.code = code;
    this.field = field;
  }
}
