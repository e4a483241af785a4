import { durationText } from '@signalbox/sdk';
import type { AlertFacts } from './alert-facts.ts';
import { describeHold } from './describe-hold.ts';
import type { Telling, Verdict } from './explanation.ts';
import { isTime, listText, timeText } from './words.ts';

export interface Answer {
  readonly verdict: Verdict;
  readonly answer: string;
}

/** One sentence or two: who was told, or why nobody was. */
export function answer(facts: AlertFacts, told: readonly Telling[], now: number): Answer {
  const arrived = told.filter(({ says, status }) => says === 'firing' && status === 'delivered');
  if (arrived.length > 0) return { verdict: 'told', answer: toldText(facts, told, arrived) };
  return facts.alert.status === 'resolved' ? resolvedUntold(facts, told) : untold(facts, told, now);
}

function toldText(facts: AlertFacts, told: readonly Telling[], arrived: readonly Telling[]): string {
  const first = new Map(arrived.toReversed().map((telling) => [telling.integration, telling]));
  for (const telling of arrived) first.set(telling.integration, telling);
  const who = listText([...first.values()].map(({ integration, at }) => `${integration} at ${timeText(at)}`));
  const said = [`Told that it fires: ${who}.`, ...troubles(told)];
  if (facts.alert.status === 'resolved') {
    const ended = told.filter(({ says, status }) => says === 'resolved' && status === 'delivered');
    said.push(
      ended.length > 0
        ? `Told that it is resolved: ${listText(ended.map(({ integration, at }) => `${integration} at ${timeText(at)}`))}.`
        : 'It is resolved; nobody was told so yet.',
    );
  } else {
    const hold = holdText(facts);
    if (hold !== undefined) said.push(`For now nothing more is told: ${hold}.`);
  }
  return said.join(' ');
}

/** What else was to be told and did not arrive. */
function troubles(told: readonly Telling[]): readonly string[] {
  const open = told.filter(({ status }) => status === 'dead' || status === 'pending' || status === 'unknown');
  const newest = new Map(open.toReversed().map((telling) => [telling.integration, telling]));
  return [...newest.values()].map(
    ({ integration, outcome, says }) => `The ${word(says)} to ${integration}: ${outcome}.`,
  );
}

function word(says: Telling['says']): string {
  return says === 'firing' ? 'message' : 'resolve';
}

function untold(facts: AlertFacts, told: readonly Telling[], now: number): Answer {
  const fires = told.filter(({ says }) => says === 'firing');
  const tried = fires.find(({ status, attempts }) => status === 'pending' && attempts.length > 0);
  if (tried)
    return {
      verdict: 'failing',
      answer: `Nobody was told yet: the delivery to ${tried.integration} ${tried.outcome}.`,
    };
  const open = fires.filter(({ status }) => status === 'pending' || status === 'sending');
  if (open.length > 0)
    return {
      verdict: 'sending',
      answer: `Nobody was told yet: a message to ${listText(open.map(({ integration }) => integration))} is on its way.`,
    };
  const lost = fires.filter(
    ({ status }) => status === 'dead' || status === 'unknown' || status === 'discarded',
  );
  if (lost.length > 0) {
    const each = lost.map(({ integration, outcome }) => `the delivery to ${integration} was ${outcome}`);
    return { verdict: 'failed', answer: `Nobody was told: ${each.join('; ')}.` };
  }
  if (facts.alert.lifecycle?.state === 'closed')
    return {
      verdict: 'closed',
      answer: `Nobody is told: ${facts.alert.lifecycle.by ?? 'somebody'} closed it at ${timeText(facts.alert.lifecycle.at)}.`,
    };
  const hold = holdText(facts);
  if (hold !== undefined) return { verdict: 'held', answer: `Nobody was told: it is ${hold}.` };
  if (facts.routes.length > 0 && facts.routes.every(({ entries }) => entries.length === 0)) {
    const receivers = listText(facts.routes.map(({ route }) => route.receiver));
    return { verdict: 'no_recipient', answer: `Nobody is told: the receiver ${receivers} names nobody.` };
  }
  return waiting(facts, now);
}

function waiting({ groups, routes }: AlertFacts, now: number): Answer {
  const next = groups
    .filter(({ flushAt }) => isTime(flushAt))
    .toSorted((left, right) => left.flushAt - right.flushAt)[0];
  if (!next)
    return {
      verdict: 'unknown',
      answer:
        groups.length === 0
          ? 'Nobody was told: it is in no group. The next signal about it puts it into one.'
          : 'Nobody was told, and no flush of its groups is planned.',
    };
  const routed = routes.find(({ groupId }) => groupId === next.id);
  const names = (routed?.entries ?? []).map(({ integration }) => integration);
  const who = names.length > 0 ? `${next.receiver} (${listText(names)})` : next.receiver;
  const timer = (next.anchorAt ?? 0) === 0 ? 'group_wait' : 'group_interval';
  const rest = next.flushAt > now ? `, in ${durationText(next.flushAt - now)}` : '';
  return {
    verdict: 'waiting',
    answer: `Nobody was told yet: its group waits for ${timer}. ${who} is told at ${timeText(next.flushAt)}${rest}.`,
  };
}

/** Everything that holds it at this moment. */
function holdText(facts: AlertFacts): string | undefined {
  const { suppressions, groups } = facts;
  const held = groups.flatMap(({ held: hold }) => (hold ? [describeHold(hold, facts)] : []));
  // With several groups one that is muted does not keep the others from telling.
  const all = [
    ...suppressions.map((suppression) => describeHold(suppression, facts)),
    ...(held.length > 0 && held.length === groups.length ? held : []),
  ];
  return all.length === 0 ? undefined : listText(all);
}

function resolvedUntold(
  { alert, routes, groups, suppressions, silences, holders }: AlertFacts,
  told: readonly Telling[],
): Answer {
  const end = timeText(alert.endsAt);
  const say = (text: string): Answer => ({ verdict: 'resolved_untold', answer: text });
  const tried = told.find(({ says }) => says === 'firing');
  if (tried)
    return say(
      `Nobody was told: it resolved at ${end} before the message to ${tried.integration} arrived, which was ${tried.outcome}.`,
    );
  if (alert.decisions?.some(({ outcome }) => outcome === 'resolved_before_it_fired'))
    return say(`Nobody was told: its source only ever said that it is resolved (${end}).`);
  if (routes.length > 0 && routes.every(({ entries }) => entries.length === 0))
    return say(
      `Nobody was told: it resolved at ${end}, and the receiver ${listText(routes.map(({ route }) => route.receiver))} names nobody.`,
    );
  const hold = suppressions[0] ?? groups.find(({ held }) => held)?.held;
  if (hold)
    return say(
      `Nobody was told: it resolved at ${end}, and it was ${describeHold(hold, { silences, holders })}.`,
    );
  const wait = Math.max(...routes.map(({ route }) => route.groupWaitMs), -1);
  const lived = (alert.endsAt ?? NaN) - alert.startsAt;
  if (lived < wait)
    return say(
      `Nobody was told: it resolved at ${end}, ${durationText(lived)} after it began and before group_wait (${durationText(wait)}) was over.`,
    );
  return say(`Nobody was told before it resolved at ${end}. What kept it from being told is no longer kept.`);
}
