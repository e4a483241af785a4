import type { AlertData } from '@signalbox/sdk';
import type { Alert } from '../model/alert.ts';
import { decide, type Decision } from '../model/decision.ts';
import { withSince } from '../model/assessment.ts';
import type { Facts, Prepared } from '../model/prepared.ts';
import { episodeOf, withEpisode } from '../model/episode.ts';
import { priorityOf } from '../model/severity.ts';

/** What one statement did to an alert. Only the first four wake its groups. */
export type FoldOutcome =
  | 'fired'
  | 'refired'
  | 'resolved'
  /** It fires on, and is more urgent than before. */
  | 'raised'
  | 'repeated'
  /** A person has closed what its source goes on about. */
  | 'still_closed'
  | 'duplicate'
  | 'out_of_order'
  | 'resolved_before_it_fired';

export interface Folded {
  readonly alert: Alert;
  readonly outcome: FoldOutcome;
}

export interface FoldInput {
  readonly tenant: string;
  readonly fingerprint: string;
  readonly integration: string;
  readonly data: AlertData;
  /** What `prepare` made of it; absent when nothing is configured that would change anything. */
  readonly prepared?: Prepared;
  /** When the sender said it (CloudEvents `time`), when it tells. */
  readonly saidAt?: number;
  readonly signal: string;
  readonly signalHash: string;
  /** Of the record that says it. */
  readonly partition: number;
  /** A firing alert that is not repeated for this long resolves by itself. */
  readonly resolveAfterMs?: number;
}

/**
 * Folds one statement into the state of its alert. Pure: the same alert, input and `now` give the same result.
 *
 * In doubt an alert fires: a late "resolved" of an earlier episode is ignored, but a "firing" that started before the
 * newest resolve counts as a re-fire unless the sender itself dates it before that resolve. Alertmanager re-sends an alert
 * with its old start after a time-out, and dropping that would lose a page.
 */
export function fold(alert: Alert | undefined, input: FoldInput, now: number): Folded {
  const { data } = input;
  const startsAt = timeOf(data.startsAt) ?? input.saidAt ?? now;
  const givenEnd = timeOf(data.endsAt);
  const resolves = data.status === 'resolved' || (givenEnd !== undefined && givenEnd <= now);
  const eventAt = input.saidAt ?? (resolves ? (givenEnd ?? now) : startsAt);

  if (alert && data.inArrivalOrder !== true && isOutOfOrder(alert, resolves, eventAt, input.saidAt)) {
    return { alert: { ...alert, lastSeenAt: now }, outcome: 'out_of_order' };
  }
  const said = {
    ...statement(input, alert?.status === 'firing' ? alert.facts : undefined, now),
    decisions: decisionsOf(alert, input.prepared, now),
    ...(alert?.past ? { past: alert.past } : {}),
  };
  if (resolves) {
    const endsAt = Math.min(givenEnd ?? eventAt, now);
    if (alert?.status === 'resolved') {
      const range = data.inArrivalOrder ? mergeRanges(alert, { startsAt, endsAt }) : {};
      return { alert: { ...alert, ...range, lastSeenAt: now }, outcome: 'repeated' };
    }
    if (!alert) {
      const never = {
        ...said,
        status: 'resolved' as const,
        episode: 1,
        occurrences: 1,
        changedAt: now,
        eventAt,
      };
      return {
        alert: { ...never, startsAt: Math.min(startsAt, endsAt), endsAt },
        outcome: 'resolved_before_it_fired',
      };
    }
    const { episode, occurrences } = alert;
    const start = data.inArrivalOrder ? mergeRanges(alert, { startsAt, endsAt }).startsAt : alert.startsAt;
    const kept = { episode, occurrences: occurrences + 1, startsAt: start };
    return {
      alert: { ...said, ...kept, status: 'resolved', endsAt, changedAt: now, eventAt },
      outcome: 'resolved',
    };
  }
  const expiry = expiryOf(alert, startsAt, givenEnd, data.resolveAfterMs ?? input.resolveAfterMs, now);
  if (alert?.status === 'firing') {
    const { episode, occurrences, changedAt } = alert;
    const kept = {
      episode,
      occurrences: occurrences + 1,
      changedAt,
      startsAt: data.inArrivalOrder
        ? mergeRanges(alert, { startsAt, endsAt: expiry.endsAt ?? now }).startsAt
        : Math.min(alert.startsAt, startsAt),
    };
    const newest = Math.max(alert.eventAt, eventAt);
    return { alert: { ...said, ...expiry, ...kept, status: 'firing', eventAt: newest }, outcome: 'repeated' };
  }
  const episode = alert ? alert.episode + 1 : 1;
  const fired = {
    ...said,
    ...expiry,
    ...(alert ? { past: withEpisode(alert.past, episodeOf(alert)) } : {}),
    status: 'firing' as const,
    episode,
    occurrences: 1,
    startsAt:
      alert && data.inArrivalOrder
        ? mergeRanges(alert, { startsAt, endsAt: expiry.endsAt ?? now }).startsAt
        : startsAt,
    changedAt: now,
    eventAt,
  };
  return { alert: fired, outcome: alert ? 'refired' : 'fired' };
}

/**
 * What Alertmanager makes of the time that it knows of an alert and the one that is posted: of two that overlap the earlier start and, where
 * both are over, the later end; else the posted one. Overlapping means that one of the posted times lies inside.
 */
function mergeRanges(
  before: Pick<Alert, 'status' | 'startsAt' | 'endsAt'>,
  posted: { readonly startsAt: number; readonly endsAt: number },
): { readonly startsAt: number; readonly endsAt: number } {
  const { startsAt, endsAt = Infinity, status } = before;
  const isInside = (time: number): boolean => time > startsAt && time < endsAt;
  if (!isInside(posted.startsAt) && !isInside(posted.endsAt)) return posted;
  return {
    startsAt: Math.min(startsAt, posted.startsAt),
    endsAt: status === 'resolved' ? Math.max(endsAt, posted.endsAt) : posted.endsAt,
  };
}

/** The same signal again, inside the window: the alert was seen, nothing else happened (BR-WH-008). */
export function refresh(alert: Alert, now: number, resolveAfterMs: number | undefined): Alert {
  const afterMs = alert.resolveAfterMs ?? resolveAfterMs;
  const expires = alert.status === 'firing' && afterMs !== undefined && !alert.endsAsSaid;
  return { ...alert, lastSeenAt: now, ...(expires ? { endsAt: now + afterMs } : {}) };
}

/** A firing alert whose time is up. */
export function expire(alert: Alert, now: number): Alert {
  return { ...alert, status: 'resolved', endsAt: alert.endsAt ?? now, changedAt: now };
}

function isOutOfOrder(alert: Alert, resolves: boolean, eventAt: number, saidAt: number | undefined): boolean {
  if (resolves) return alert.status === 'firing' && eventAt < alert.startsAt;
  return alert.status === 'resolved' && saidAt !== undefined && saidAt < alert.eventAt;
}

/** Those of `prepare`, behind what is known; also that a hold is over. */
function decisionsOf(
  alert: Alert | undefined,
  prepared: Prepared | undefined,
  now: number,
): readonly Decision[] {
  let decisions = alert?.decisions ?? [];
  for (const made of prepared?.decisions ?? []) decisions = decide(decisions, made, now);
  const before = alert?.hold;
  if (!before || prepared?.hold) return decisions;
  return decide(decisions, { stage: 'filter', rule: before.rule, outcome: 'no longer held' }, now);
}

/**
 * When a firing alert ends unless it is repeated. As in Alertmanager a sender that names an end does not shorten one that was named before while
 * the alert fires; it says so when the alert is over.
 */
function expiryOf(
  before: Alert | undefined,
  startsAt: number,
  givenEnd: number | undefined,
  resolveAfterMs: number | undefined,
  now: number,
): Pick<Alert, 'endsAt' | 'endsAsSaid'> {
  const end = givenEnd ?? (resolveAfterMs === undefined ? undefined : now + resolveAfterMs);
  if (end === undefined) return {};
  const said = givenEnd === undefined ? {} : { endsAsSaid: true as const };
  if (before?.status === 'firing' && before.endsAsSaid && before.endsAt! > end) {
    const overlaps = end > before.startsAt || (startsAt > before.startsAt && startsAt < before.endsAt!);
    if (overlaps) return { endsAt: before.endsAt!, ...said };
  }
  return { endsAt: end, ...said };
}

/** What the statement says by itself, whatever was known before; but for what belongs to the episode that it goes on with or ends. */
function statement(input: FoldInput, before: Facts | undefined, now: number) {
  const { prepared } = input;
  const facts = factsOfEpisode(prepared?.facts ?? {}, before, now);
  const data = prepared?.data ?? input.data;
  const severity = data.labels.severity ?? '';
  return {
    tenant: input.tenant,
    fingerprint: input.fingerprint,
    labels: data.labels,
    annotations: data.annotations,
    severity,
    priority: prepared?.priority ?? priorityOf(severity),
    integration: input.integration,
    lastSeenAt: now,
    signal: input.signal,
    signalHash: input.signalHash,
    signalAt: now,
    partition: input.partition,
    ...(data.resolveAfterMs === undefined ? {} : { resolveAfterMs: data.resolveAfterMs }),
    ...(data.generatorURL === undefined ? {} : { generatorURL: data.generatorURL }),
    ...(data.details === undefined ? {} : { details: data.details }),
    ...(Object.keys(facts).length > 0 ? { facts } : {}),
    ...(prepared?.hold ? { hold: prepared.hold } : {}),
  };
}

/** What machines made of the episode stays, and so does the time since when it is as grave as it is. */
function factsOfEpisode(
  { analysis: _, assessment, ...found }: Facts,
  before: Facts | undefined,
  now: number,
): Facts {
  return {
    ...found,
    ...(assessment ? { assessment: withSince(assessment, before?.assessment, now) } : {}),
    ...(before?.analysis ? { analysis: before.analysis } : {}),
  };
}

function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
