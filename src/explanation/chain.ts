import { durationText } from '@signalbox/sdk';
import { formatMatchers } from '../model/create-matcher.ts';
import type { Decision } from '../model/decision.ts';
import { FAILED } from '../model/prepared.ts';
import type { AlertFacts } from './alert-facts.ts';
import { describeHold } from './describe-hold.ts';
import {
  CHAIN_STAGES,
  type ChainEntry,
  type ChainStage,
  type ChainStep,
  type Telling,
} from './explanation.ts';
import { factEntries } from './fact-entries.ts';
import { countText, isTime, saidText, timeText } from './words.ts';
import { workflowEntries } from './workflow-entries.ts';

/** Everything that happened to the alert, in the order of the flow. */
export function chainOf(facts: AlertFacts, told: readonly Telling[]): readonly ChainStep[] {
  const entriesOf: Readonly<Partial<Record<ChainStage, () => readonly ChainEntry[]>>> = {
    receive: () => receiveEntries(facts),
    fold: () => [foldEntry(facts), ...decided(facts, 'fold')],
    lifecycle: () => [...lifecycleEntries(facts), ...decided(facts, 'lifecycle')],
    correlate: () => correlateEntries(facts),
    route: () => routeEntries(facts),
    group: () => groupEntries(facts),
    suppress: () => suppressEntries(facts),
    flush: () => facts.groups.flatMap(({ decisions }) => decisionEntries(decisions, 'flush')),
    deliver: () => deliverEntries(told, facts.isCut),
    workflow: () => workflowEntries(facts),
  };
  return CHAIN_STAGES.map((stage) => ({
    stage,
    entries: entriesOf[stage]?.() ?? [...factEntries(facts.alert.facts, stage), ...decided(facts, stage)],
  }));
}

function receiveEntries({ alert, receipt }: AlertFacts): readonly ChainEntry[] {
  const from = `signal ${alert.signal ?? 'unknown'}`;
  const rule = alert.integration;
  const seen: ChainEntry[] =
    isTime(alert.lastSeenAt) && alert.lastSeenAt !== alert.signalAt
      ? [{ text: 'last heard of', rule, at: alert.lastSeenAt }]
      : [];
  if (!receipt)
    return [{ text: `${from}; its receipt is no longer kept`, rule, ...at(alert.signalAt) }, ...seen];
  const { receivedAt, processedAt, parts, partsDone } = receipt;
  const split = parts > 1 ? `, ${partsDone} of ${parts} parts` : '';
  const took = `processed after ${Math.max(0, processedAt - receivedAt)} ms`;
  return [{ text: `${from}, ${took}${split}`, rule, ...at(receivedAt) }, ...seen];
}

function foldEntry({ alert }: AlertFacts): ChainEntry {
  const { episode, occurrences, status, startsAt, endsAt } = alert;
  const ended = status === 'resolved' && isTime(endsAt) ? `, ended ${timeText(endsAt)}` : '';
  return {
    text: `${status}, episode ${episode} of ${countText(occurrences, 'event')}, began ${timeText(startsAt)}${ended}`,
    ...at(alert.changedAt),
  };
}

function lifecycleEntries({ alert: { lifecycle } }: AlertFacts): readonly ChainEntry[] {
  if (!lifecycle) return [];
  const { state, by, assignee, staleSince, overdueSince, comments } = lifecycle;
  const entries: ChainEntry[] = [];
  if (state !== 'open')
    entries.push({ text: `${state}${by === undefined ? '' : ` by ${saidText(by)}`}`, ...at(lifecycle.at) });
  if (assignee !== undefined) entries.push({ text: `assigned to ${saidText(assignee)}` });
  if (isTime(staleSince))
    entries.push({ text: 'stale: not heard of for too long', at: staleSince, tone: 'bad' });
  if (isTime(overdueSince))
    entries.push({
      text: 'overdue: nobody acknowledged it in the time that its level gives',
      at: overdueSince,
      tone: 'bad',
    });
  const newest = comments?.at(-1);
  if (newest)
    entries.push({
      text: `${saidText(newest.by ?? 'somebody')}: “${saidText(newest.text)}”`,
      ...at(newest.at),
    });
  return entries;
}

/** The incidents of the alert, and rules that failed on it; the other decisions of the stage name scopes, which tell people nothing. */
function correlateEntries({ incidents, alert }: AlertFacts): readonly ChainEntry[] {
  const joined = incidents.map(({ id, title, status, rule, cause, openedAt, alerts }) => ({
    text: `incident ${id} “${saidText(title)}”, ${status}, ${countText(alerts, 'alert')}, likely cause ${saidText(cause?.title ?? 'unknown')}`,
    rule,
    ...at(openedAt),
  }));
  const failed = (alert.decisions ?? []).filter(({ outcome }) => outcome.startsWith(FAILED));
  return [...joined, ...decisionEntries(failed, 'correlate')];
}

function routeEntries({ routes, alert }: AlertFacts): readonly ChainEntry[] {
  const now = routes.map(({ route, entries }): ChainEntry => {
    const who = entries.map(({ integration }) => integration).join(', ');
    const reasons = [
      ...(route.matchers.length > 0 ? [`${formatMatchers(route.matchers)} matches`] : []),
      ...(route.when === undefined ? [] : [`${route.when} holds`]),
    ];
    const why = reasons.join(' and ') || 'it takes whatever no other route takes';
    return {
      text: `receiver ${route.receiver} (${who === '' ? 'nobody' : who}), because ${why}`,
      rule: route.key,
      ...(entries.length === 0 ? { tone: 'bad' as const } : {}),
    };
  });
  const known = new Set(routes.map(({ groupId }) => groupId));
  // What was routed under an earlier configuration, or with other labels.
  const former = (alert.decisions ?? [])
    .filter(({ stage, outcome }) => stage === 'route' && !known.has(outcome) && !outcome.startsWith(FAILED))
    .map(({ rule, at: when, count }) => ({
      text: 'went there before, and does so no more',
      rule,
      ...at(when),
      count,
    }));
  const failed = (alert.decisions ?? []).filter(({ outcome }) => outcome.startsWith(FAILED));
  return [...now, ...former, ...decisionEntries(failed, 'route')];
}

function groupEntries({ groups, routes, suppressions }: AlertFacts): readonly ChainEntry[] {
  return groups.map((group): ChainEntry => {
    const route = routes.find(({ groupId }) => groupId === group.id)?.route;
    const timers = route
      ? `; waits ${durationText(route.groupWaitMs)}, looks every ${durationText(route.groupIntervalMs)}, repeats after ${durationText(route.repeatIntervalMs)}`
      : '';
    const looked =
      (group.anchorAt ?? 0) > 0 ? `last looked ${timeText(group.anchorAt)}` : 'has not looked yet';
    const isHeld = group.held !== undefined || suppressions.length > 0;
    return {
      text: `${group.groupKey}, receiver ${group.receiver}, ${looked}, told ${countText(group.generation ?? 0, 'time')}${timers}`,
      ...(isHeld ? { tone: 'held' as const } : {}),
    };
  });
}

function suppressEntries(facts: AlertFacts): readonly ChainEntry[] {
  const now = facts.suppressions.map(
    (suppression): ChainEntry => ({
      text: `now ${describeHold(suppression, facts)}`,
      rule: suppression.rule,
      tone: 'held',
    }),
  );
  const groups = facts.groups.flatMap((group): ChainEntry[] => {
    const { held, decisions } = group;
    const text = held && `now ${describeHold(held, facts)}`;
    return [
      ...(text === undefined ? [] : [{ text, rule: held!.rule, ...at(held!.since), tone: 'held' as const }]),
      ...decisionEntries(decisions, 'suppress'),
    ];
  });
  return [...now, ...groups];
}

function deliverEntries(told: readonly Telling[], isCut: boolean): readonly ChainEntry[] {
  const shown = told.map(({ at: when, integration, says, why, outcome, status, insteadOf }): ChainEntry => {
    const instead = insteadOf === undefined ? '' : ` instead of ${insteadOf}`;
    const tone =
      status === 'delivered' ? 'good' : status === 'dead' || status === 'unknown' ? 'bad' : undefined;
    return {
      text: `${integration}${instead}, “${says}”${why === undefined ? '' : ` (${why})`}: ${outcome}`,
      rule: integration,
      ...at(when),
      ...(tone ? { tone } : {}),
    };
  });
  return isCut ? [...shown, { text: 'and older ones that are not shown' }] : shown;
}

function decided({ alert }: AlertFacts, stage: ChainStage): readonly ChainEntry[] {
  return decisionEntries(alert.decisions, stage);
}

/** Rows of older versions may have none. */
function decisionEntries(
  decisions: readonly Decision[] | undefined,
  stage: ChainStage,
): readonly ChainEntry[] {
  return (decisions ?? [])
    .filter((decision) => decision.stage === stage)
    .map(({ rule, outcome, at: when, count }) => ({
      text: saidText(outcome),
      rule: saidText(rule),
      ...at(when),
      count,
      ...(outcome.startsWith(FAILED) ? { tone: 'bad' as const } : {}),
    }));
}

function at(time: number | undefined): { readonly at?: number } {
  return isTime(time) ? { at: time } : {};
}
