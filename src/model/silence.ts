import type { Labels, Matcher } from './matcher.ts';

/**
 * What a person asked to be quiet about, with Alertmanager's meaning of a silence (https://prometheus.io/docs/alerting/latest/alertmanager/#silences).
 * A maintenance window is kept alike and may come again and again.
 */
export interface Silence {
  readonly id: string;
  readonly tenant: string;
  readonly kind: 'silence' | 'maintenance';
  /** All must match; at least one of them does not match a missing label. */
  readonly matchers: readonly Pick<Matcher, 'name' | 'op' | 'value'>[];
  readonly startsAt: number;
  /** Of a recurring window: after this it does not come again. */
  readonly endsAt: number;
  /** The occurrences of a recurring window; the first one is not before `startsAt`. */
  readonly recurrence?: Recurrence;
  readonly createdBy: string;
  /** The reason. */
  readonly comment: string;
  readonly annotations: Labels;
  readonly updatedAt: number;
}

export interface Recurrence {
  /** A rule of RFC 5545, nothing finer than a minute: `FREQ=WEEKLY;BYDAY=SU`. */
  readonly rrule: string;
  readonly durationMs: number;
  /** The zone whose wall clock the rule follows. */
  readonly timeZone: string;
}

export type SilenceState = 'pending' | 'active' | 'expired';

/** By its bounds alone; a recurring window may be active without holding at this moment. */
export function silenceState(
  { startsAt, endsAt }: Pick<Silence, 'startsAt' | 'endsAt'>,
  now: number,
): SilenceState {
  if (now < startsAt) return 'pending';
  return now < endsAt ? 'active' : 'expired';
}
