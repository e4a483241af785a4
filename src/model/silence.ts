import { createMatcher } from './create-matcher.ts';
import type { Labels, Matcher } from './matcher.ts';

/**
 * What a person asked to be quiet about, with Alertmanager's meaning of a silence (https://prometheus.io/docs/alerting/latest/alertmanager/#silences).
 * A maintenance window is kept alike and may come again and again.
 */
export interface Silence {
  readonly id: string;
  readonly tenant: string;
  readonly kind: 'silence' | 'maintenance';
  /** All must match; at least one of them is negative or does not match a missing label. */
  readonly matchers: readonly Pick<Matcher, 'name' | 'op' | 'value'>[];
  readonly startsAt: number;
  /** Of a recurring window: after this it does not come again. */
  readonly endsAt: number;
  /** The occurrences of a recurring window; the first one is not before `startsAt`. */
  readonly recurrence?: Recurrence;
  /** Whether people are told when a window begins and ends, by an alert of the hub's own. */
  readonly announce?: boolean;
  readonly createdBy: string;
  /** The reason. */
  readonly comment: string;
  readonly annotations: Labels;
  readonly updatedAt: number;
}

/** A silence or window as it was from one time on, for whoever asks later what held then. */
export interface SilenceVersion {
  readonly silence: Silence;
  /** Ascending in the order of the changes. */
  readonly seq: number;
  /** Since when it was known as this. */
  readonly at: number;
  /** When it ended, was changed or was taken away; in the future while it stands. */
  readonly until: number;
  /** A window of the configuration, which only another configuration changes. */
  readonly isConfigured: boolean;
}

export interface Recurrence {
  /** A rule of RFC 5545, nothing finer than a minute: `FREQ=WEEKLY;BYDAY=SU`. */
  readonly rrule: string;
  readonly durationMs: number;
  /** The zone whose wall clock the rule follows. */
  readonly timeZone: string;
}

/** The end of the year 9999: of a recurring window that has no end. */
export const NEVER_ENDS = 253_402_300_799_999;

export type SilenceState = 'pending' | 'active' | 'expired';

/** By its bounds alone; a recurring window may be active without holding at this moment. */
export function silenceState(
  { startsAt, endsAt }: Pick<Silence, 'startsAt' | 'endsAt'>,
  now: number,
): SilenceState {
  if (now < startsAt) return 'pending';
  return now < endsAt ? 'active' : 'expired';
}

/**
 * Alertmanager's rule: one matcher at least must not accept a missing label, or the silence would hold whatever anybody sends. A negative one
 * counts as such, as there. Returns what is wrong, or undefined.
 */
export function checkSilenceMatchers(matchers: readonly Matcher[]): string | undefined {
  if (matchers.length === 0) return 'at least one matcher required';
  return matchers.every(({ op, test }) => (op === '=' || op === '=~') && test(''))
    ? 'at least one matcher must not match the empty string'
    : undefined;
}

/** Matchers from plain data; a regular expression that is not RE2 throws. */
export function compileMatchers(
  plain: readonly Pick<Matcher, 'name' | 'op' | 'value'>[],
): readonly Matcher[] {
  return plain.map(({ name, op, value }) => createMatcher(name, op, value));
}
