import { nameOf } from '@signalbox/sdk';
import type { AlertFacts } from './alert-facts.ts';
import { answer } from './answer.ts';
import { chainOf } from './chain.ts';
import { describeTelling } from './describe-telling.ts';
import type { Explanation } from './explanation.ts';
import { nextEvents } from './next-events.ts';

/**
 * Explains one alert: what was decided about it, who was told, and what happens next (design §2.10, BR-AP-020). Pure; the same facts and
 * `now` give the same explanation.
 */
export function explain(facts: AlertFacts, now: number): Explanation {
  const { alert } = facts;
  const told = facts.tellings.map((telling) => describeTelling(telling, alert.fingerprint, now));
  return {
    alert: {
      tenant: alert.tenant,
      fingerprint: alert.fingerprint,
      name: nameOf(alert),
      status: alert.status,
      severity: alert.severity,
      priority: alert.priority,
      episode: alert.episode,
      startsAt: alert.startsAt,
    },
    ...answer(facts, told, now),
    chain: chainOf(facts, told),
    told,
    next: nextEvents(facts, now),
  };
}
