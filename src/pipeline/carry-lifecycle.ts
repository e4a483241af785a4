import { keepRaised } from '../lifecycle/age-alert.ts';
import {
  beginEpisode,
  confirmEnd,
  hear,
  isClosedOccurrence,
  UNTOUCHED,
} from '../lifecycle/alert-transitions.ts';
import type { Alert } from '../model/alert.ts';
import type { Lifecycle } from '../model/lifecycle.ts';
import { urgent } from '../model/severity.ts';
import type { Folded } from './fold.ts';

/** Takes what people and time have done with the alert over into what a statement of its source has made of it. Pure. */
export function carryLifecycle(before: Alert | undefined, folded: Folded, now: number): Folded {
  if (!before || (before.lifecycle === undefined && before.dueAt === undefined && isCalm(before, folded)))
    return folded;
  const { alert, outcome } = folded;
  switch (outcome) {
    case 'refired':
      return isClosedOccurrence(before, alert.startsAt)
        ? { alert: { ...before, lastSeenAt: now }, outcome: 'still_closed' }
        : { alert: withLifecycle(alert, beginEpisode(before.lifecycle, now)), outcome };
    case 'repeated': {
      const { lifecycle } = before;
      if (alert.status === 'resolved') return { alert: withLifecycle(alert, confirmEnd(lifecycle)), outcome };
      const on = keepRaised(withLifecycle(planned(alert, before), hear(lifecycle)));
      return isRaised(before, on)
        ? {
            alert: {
              ...on,
              lifecycle: { ...(on.lifecycle ?? UNTOUCHED), renewed: { at: now, why: 'raised' } },
            },
            outcome: 'raised',
          }
        : { alert: on, outcome };
    }
    case 'resolved':
      return { alert: withLifecycle(alert, hear(before.lifecycle)), outcome };
    default:
      return { alert: hearAlert(alert), outcome };
  }
}

/** It was heard of, whatever was said. */
export function hearAlert(alert: Alert): Alert {
  const lifecycle = hear(alert.lifecycle);
  return lifecycle === alert.lifecycle ? alert : withLifecycle(alert, lifecycle);
}

/** The same urgency as before, as with nearly every signal. */
function isCalm(before: Alert, { alert }: Folded): boolean {
  return before.status !== 'firing' || alert.status !== 'firing' || !isRaised(before, alert);
}

function isRaised(before: Alert, after: Alert): boolean {
  return after.priority !== before.priority && urgent(after.priority, before.priority) === after.priority;
}

function planned(alert: Alert, { dueAt }: Alert): Alert {
  return dueAt === undefined ? alert : { ...alert, dueAt };
}

function withLifecycle(alert: Alert, lifecycle: Lifecycle | undefined): Alert {
  if (lifecycle !== undefined) return { ...alert, lifecycle };
  const { lifecycle: _, ...rest } = alert;
  return rest;
}
