/** A range of minutes of a day, from 0 to 1,440; the end does not belong to it. */
export interface MinuteRange {
  readonly startMinute: number;
  readonly endMinute: number;
}

/** Both ends belong to it. */
export interface InclusiveRange {
  readonly begin: number;
  readonly end: number;
}

/**
 * When a route is muted or active, with Alertmanager's meaning
 * (https://prometheus.io/docs/alerting/latest/configuration/#time_interval-0). A field that is absent holds for any time, so the
 * empty interval holds always; of a field that is present one range has to hold, so an empty list never does. All fields have to hold.
 */
export interface TimeInterval {
  readonly times?: readonly MinuteRange[];
  /** 0 is Sunday, 6 is Saturday. */
  readonly weekdays?: readonly InclusiveRange[];
  /** From 1; negative days count from the end of the month, -1 being the last. */
  readonly daysOfMonth?: readonly InclusiveRange[];
  /** 1 is January. */
  readonly months?: readonly InclusiveRange[];
  readonly years?: readonly InclusiveRange[];
  /** A name of the IANA time zone database. */
  readonly timeZone: string;
}
