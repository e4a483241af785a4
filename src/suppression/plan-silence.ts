import { formatMatchers, sortMatchers } from '../model/create-matcher.ts';
import type { SilenceDraft } from '../model/command.ts';
import { silenceState, type Silence } from '../model/silence.ts';

export type SilencePlan =
  | { readonly ok: true; readonly id: string; readonly rows: readonly Silence[] }
  | { readonly ok: false; readonly code: 'not_found' | 'conflict'; readonly detail: string };

/**
 * Makes or changes a silence with Alertmanager's meaning: what is over stays as it was, so a change of what it matched, or of a start that has
 * passed, ends the old one and makes a new one. Pure.
 *
 * @param newId of the silence that is made, when one is.
 */
export function planSilence(
  before: Silence | undefined,
  draft: SilenceDraft,
  newId: string,
  now: number,
): SilencePlan {
  if (before && canChange(before, draft, now)) {
    const changed: Silence = { ...before, ...draft, id: before.id, updatedAt: now };
    return { ok: true, id: before.id, rows: [changed] };
  }
  const made: Silence = {
    ...draft,
    startsAt: draft.recurrence ? draft.startsAt : Math.max(draft.startsAt, now),
    id: newId,
    updatedAt: now,
  };
  const ended = before && silenceState(before, now) !== 'expired' ? [end(before, now)] : [];
  return { ok: true, id: newId, rows: [...ended, made] };
}

/** Ends a silence before its time. */
export function planExpiry(before: Silence, now: number): SilencePlan {
  if (silenceState(before, now) === 'expired')
    return { ok: false, code: 'conflict', detail: `${before.kind} ${before.id} already expired` };
  return { ok: true, id: before.id, rows: [end(before, now)] };
}

function end(silence: Silence, now: number): Silence {
  return { ...silence, startsAt: Math.min(silence.startsAt, now), endsAt: now, updatedAt: now };
}

/** Whether a silence stays the one it is when this is said of it. Alertmanager compares times by whole seconds. */
export function canChange(before: Silence, draft: SilenceDraft, now: number): boolean {
  if (before.kind !== draft.kind || before.tenant !== draft.tenant) return false;
  if (formatMatchers(sortMatchers(before.matchers)) !== formatMatchers(sortMatchers(draft.matchers)))
    return false;
  switch (silenceState(before, now)) {
    case 'active':
      return seconds(before.startsAt) === seconds(draft.startsAt) && draft.endsAt >= now;
    case 'pending':
      return draft.startsAt >= now;
    case 'expired':
      return false;
  }
}

function seconds(at: number): number {
  return Math.floor(at / 1000);
}
