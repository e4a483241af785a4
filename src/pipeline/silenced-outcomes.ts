import type { Alert } from '../model/alert.ts';
import type { Outcome } from '../model/score-model.ts';
import type { Commit } from '../store/port.ts';
import { outcomeOf } from '../scoring/observe.ts';
import type { StepContext } from './step.ts';
import type { Suppressed } from './suppress.ts';

/** How long an episode is remembered as silenced; one that is silenced for longer counts once more. */
const CLAIM_MS = 30 * 86_400_000;

/**
 * What the models learn from silences: that somebody made one after an alert had fired says that it was not worth telling. A silence that was there before, a
 * window and everything that the hub found by itself say nothing of the kind. Once per episode, in however many groups the alert is; the claim that says so
 * is committed with the outcome.
 */
export async function silencedOutcomes(
  { store, silences, settings }: Pick<StepContext, 'store' | 'silences' | 'settings'>,
  alerts: readonly Alert[],
  suppressed: Suppressed,
  now: number,
): Promise<Pick<Commit, 'outcomes' | 'claims'>> {
  if (!settings().scoring) return {};
  const held = alerts.filter(
    ({ tenant, fingerprint, status }) =>
      status === 'firing' && suppressed.get(tenant)?.get(fingerprint)?.reason === 'silenced',
  );
  if (held.length === 0) return {};
  const { all } = await silences.open(settings().maintenanceWindows, now);
  const madeAt = new Map(all.map(({ id, startsAt, updatedAt }) => [id, Math.min(startsAt, updatedAt)]));
  const found = new Map<string, Outcome>();
  for (const alert of held) {
    const { rule } = suppressed.get(alert.tenant)!.get(alert.fingerprint)!;
    if ((madeAt.get(rule) ?? 0) <= alert.changedAt) continue;
    for (const outcome of outcomeOf(alert, 'silenced', now)) found.set(claimName(alert), outcome);
  }
  if (found.size === 0) return {};
  const known = await store.claims([...found.keys()], now);
  const fresh = [...found].filter(([name]) => !known.has(name));
  return {
    outcomes: fresh.map(([, outcome]) => outcome),
    claims: fresh.map(([key]) => ({ key, signal: key, expiresAt: now + CLAIM_MS })),
  };
}

function claimName({ tenant, fingerprint, episode, startsAt }: Alert): string {
  return `silenced/${tenant}/${fingerprint}/${episode}/${startsAt}`;
}
