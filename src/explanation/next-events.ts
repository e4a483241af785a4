import { durationText } from '@signalbox/sdk';
import { plannedAges } from '../lifecycle/age-alert.ts';
import { nextTick } from '../pipeline/gather.ts';
import type { Group } from '../model/group.ts';
import type { AlertFacts } from './alert-facts.ts';
import { describeHold } from './describe-hold.ts';
import type { NextEvent } from './explanation.ts';
import { isTime, listText } from './words.ts';
import { workflowEvents } from './workflow-entries.ts';

/** What happens to the alert by itself from now on, earliest first. What people and sources will do nobody knows. */
export function nextEvents(facts: AlertFacts, now: number): readonly NextEvent[] {
  const events = [
    ...facts.groups.flatMap((group) => groupEvents(facts, group, now)),
    ...retries(facts),
    ...releases(facts),
    ...workflowEvents(facts),
    ...(facts.alert.status === 'firing' ? ages(facts) : []),
    ...facts.incidents
      .filter(({ status }) => status !== 'closed')
      .map(({ id, dueAt }) => ({
        at: dueAt,
        kind: 'incident' as const,
        text: `the incident ${id} is looked at: it is raised, goes stale or is closed`,
      })),
  ];
  return events
    .filter((event): event is NextEvent => isTime(event.at))
    .toSorted((left, right) => left.at - right.at);
}

type Event = Omit<NextEvent, 'at'> & { readonly at: number | undefined };

function groupEvents(facts: AlertFacts, group: Group, now: number): readonly Event[] {
  const { alert, suppressions, routes, lifecycle } = facts;
  const routed = routes.find(({ groupId }) => groupId === group.id);
  const who = listText((routed?.entries ?? []).map(({ integration }) => integration)) || 'nobody';
  const isFirst = (group.anchorAt ?? 0) === 0;
  const isHeld = suppressions.length > 0 || group.held !== undefined;
  const events: Event[] = [
    {
      at: group.flushAt,
      kind: 'flush',
      text: isFirst
        ? `group_wait of ${group.groupKey} is over: ${isHeld ? 'it is looked again whether it is still held' : `${group.receiver} (${who}) is told`}`
        : `${group.groupKey} looks whether there is something new for ${group.receiver} (${who})`,
    },
  ];
  const isQuiet = lifecycle?.ackStopsRepeats === true && alert.lifecycle?.state === 'acknowledged';
  if (!routed || alert.status !== 'firing' || isHeld || isQuiet) return events;
  const { repeatIntervalMs, groupIntervalMs } = routed.route;
  for (const { integration, at, firing = [] } of group.told ?? []) {
    if (!firing.includes(alert.fingerprint)) continue;
    const due = Math.max(at + repeatIntervalMs, now);
    events.push({
      at: nextTick(group.anchorAt, groupIntervalMs, due),
      kind: 'repeat',
      text: `${integration} is told again if it still fires (repeat_interval ${durationText(repeatIntervalMs)})`,
    });
  }
  return events;
}

function retries({ tellings }: AlertFacts): readonly Event[] {
  return tellings
    .filter(({ delivery }) => delivery.status === 'pending')
    .flatMap(({ delivery: { integration, attempts, dueAt, deadlineAt } }): Event[] => [
      { at: dueAt, kind: 'retry', text: `try ${attempts + 1} to reach ${integration}` },
      {
        at: deadlineAt,
        kind: 'deadline',
        text: `the message to ${integration} is given up, unless it arrives before: then its fallback is told, or it is a dead letter`,
      },
    ]);
}

function releases(facts: AlertFacts): readonly Event[] {
  const holds = [...facts.suppressions, ...facts.groups.flatMap(({ held }) => (held ? [held] : []))];
  return holds.map(({ until, ...hold }) => ({
    at: until,
    kind: 'release',
    text: `no longer ${describeHold(hold, facts)}`,
  }));
}

function ages({ alert, lifecycle }: AlertFacts): readonly Event[] {
  const planned = lifecycle ? plannedAges(alert, lifecycle) : [];
  return [
    { at: alert.endsAt, kind: 'expiry', text: 'resolves by itself unless its source repeats it' },
    ...planned.map(({ at, what }): Event => ({ at, kind: 'lifecycle', text: what })),
  ];
}
