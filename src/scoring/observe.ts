import type { Alert } from '../model/alert.ts';
import type { Outcome, OutcomeKind } from '../model/score-model.ts';
import type { ScoringSettings } from '../model/settings.ts';

/**
 * What is to be learned when an alert passes from one state to another: that somebody took it up, that somebody ended it, or that it was over soon
 * and nobody had taken it up. It was scored while it fired, so what it looked like then is what counts. Pure.
 */
export function outcomesOf(
  before: Alert | undefined,
  after: Alert,
  { quickMs }: ScoringSettings,
  now: number,
): readonly Outcome[] {
  if (!before) return [];
  const acknowledgedAt = after.lifecycle?.acknowledgedAt;
  if (acknowledgedAt !== undefined && before.lifecycle?.acknowledgedAt !== acknowledgedAt)
    return outcomeOf(before, 'acknowledged', now);
  if (before.status !== 'firing' || after.status !== 'resolved' || acknowledgedAt !== undefined) return [];
  if (after.lifecycle?.endedBy === 'person') return outcomeOf(before, 'resolved_by_hand', now);
  const lasted = (after.endsAt ?? after.changedAt) - after.startsAt;
  return lasted <= quickMs ? outcomeOf(before, 'resolved_quickly', now) : [];
}

/** Nothing for an alert that was never scored. */
export function outcomeOf(
  { tenant, fingerprint, facts }: Alert,
  kind: OutcomeKind,
  now: number,
): readonly Outcome[] {
  if (!facts?.score) return [];
  const features = facts.score.why.map(({ feature }) => feature);
  return [{ tenant, kind, at: now, fingerprint, features }];
}
