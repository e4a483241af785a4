import { FAILED, type Facts, type Made } from '../model/prepared.ts';
import type { Enrichment, Reply } from './enrichment.ts';
import {
  LATE,
  type Answer,
  type Asked,
  type EnrichmentClock,
  type KnownAnswers,
  type Subject,
} from './look-up.ts';
import type { EnrichmentMetrics } from './metrics.ts';

/** What the enrichments add to one alert. */
export interface Enriched {
  readonly facts: Pick<Facts, 'context' | 'missing'>;
  readonly decisions: readonly Made[];
  /** What was asked, with the answers. */
  readonly asked: readonly Asked[];
}

/** Questions about a batch of alerts, under way or answered. */
export interface Asking {
  /** Resolves when everybody has answered or the budget is over; absent when nobody has to be waited for. Never rejects. */
  readonly over?: Promise<void>;
  /** What each alert gets of the answers that are there now; what has not come is missing. */
  enriched(): readonly Enriched[];
  /** The same answers by their questions, for a later look at the same batch. */
  answers(): KnownAnswers;
}

/** Where there was nobody to ask, or nothing to ask about. */
export const NOTHING_ASKED: Asking = { enriched: () => [], answers: () => new Map() };

export interface AskAllOptions {
  readonly enrichments: readonly Enrichment[];
  /** How long the whole batch may wait (BR-PERF-008); 0: it takes what is known already. */
  readonly budgetMs: number;
  readonly clock: EnrichmentClock;
  readonly metrics: EnrichmentMetrics;
  /** What an earlier asking about the same batch brought, or did not bring in time. */
  readonly known?: KnownAnswers | undefined;
}

/** All answers of one alert together, in bytes of JSON; an alert is stored often. */
export const CONTEXT_BYTES = 64 * 1024;

const NOTHING: Enriched = { facts: {}, decisions: [], asked: [] };

/**
 * Asks all enrichments about all alerts of a batch side by side; each alert gets what comes before the budget is over (BR-AP-002). What is
 * missing now and was found earlier in the episode stays, and is named as missing. What is known already costs no waiting. The same alerts
 * and answers give the same result, whatever came first.
 */
export function askAll(subjects: readonly Subject[], options: AskAllOptions): Asking {
  const { enrichments, known } = options;
  const replies = subjects.map((subject) => enrichments.map((enrichment) => enrichment.ask(subject, known)));
  const answers = replies.map((own) =>
    own.map((reply) => (reply?.answer instanceof Promise ? LATE : reply?.answer)),
  );
  const waits = replies.flatMap((own, at) =>
    own.flatMap((reply, which) =>
      reply?.answer instanceof Promise
        ? [reply.answer.then((answer) => void (answers[at]![which] = answer))]
        : [],
    ),
  );
  return {
    ...(waits.length > 0 && { over: waitForAll(waits, options) }),
    enriched: () =>
      answers.map((own, at) => ({
        ...assemble(own, enrichments, subjects[at]!),
        asked: askedOf(own, replies[at]!, enrichments),
      })),
    answers: () => knownOf(replies, answers),
  };
}

async function waitForAll(waits: readonly Promise<void>[], options: AskAllOptions): Promise<void> {
  const { enrichments, clock, metrics } = options;
  const startedAt = clock.elapsed();
  await allOrOver(waits, options);
  metrics.waited((clock.elapsed() - startedAt) / 1_000);
  for (const enrichment of enrichments) enrichment.abandon();
}

async function allOrOver(waits: readonly Promise<void>[], { budgetMs, clock }: AskAllOptions): Promise<void> {
  let disarm = () => {};
  const over = new Promise<void>((resolve) => {
    if (budgetMs <= 0) resolve();
    else disarm = clock.timer(budgetMs, resolve);
  });
  await Promise.race([Promise.all(waits), over]);
  disarm();
}

function askedOf(
  answers: readonly (Answer | undefined)[],
  replies: readonly (Reply | undefined)[],
  enrichments: readonly Enrichment[],
): readonly Asked[] {
  return enrichments.flatMap(({ definition }, which) => {
    const [key, answer] = [replies[which]?.key, answers[which]];
    return key === undefined || answer === undefined ? [] : [{ definition, key, answer }];
  });
}

function knownOf(
  replies: readonly (readonly (Reply | undefined)[])[],
  answers: readonly (readonly (Answer | undefined)[])[],
): KnownAnswers {
  const known = new Map<string, Answer>();
  replies.forEach((own, at) =>
    own.forEach((reply, which) => {
      const answer = answers[at]![which];
      if (reply?.question !== undefined && answer) known.set(reply.question, answer);
    }),
  );
  return known;
}

/** What the answers make of one alert; where an enrichment is not about it, its place is empty. */
export function assemble(
  answers: readonly (Answer | undefined)[],
  enrichments: readonly Pick<Enrichment, 'id' | 'as'>[],
  { before }: Pick<Subject, 'before'>,
): Omit<Enriched, 'asked'> {
  // What was found earlier in the same episode is better than nothing.
  const earlier = before?.status === 'firing' ? before.facts?.context : undefined;
  const context: Record<string, unknown> = {};
  const missing: Record<string, string> = {};
  const decisions: Made[] = [];
  let bytes = 0;
  enrichments.forEach(({ id, as }, which) => {
    const answer = answers[which];
    if (!answer) return;
    const decide = (outcome: string) => void decisions.push({ stage: 'enrich', rule: id, outcome });
    if (answer.kind === 'missing') {
      missing[id] = answer.why;
      if (earlier && Object.hasOwn(earlier, as)) context[as] = earlier[as];
      decide(answer.isBroken ? FAILED + answer.why : `missing: ${answer.why}`);
    } else if (Object.keys(answer.value).length === 0) decide('nothing is known');
    else if (bytes + answer.bytes > CONTEXT_BYTES) {
      missing[id] = `all answers together are longer than ${CONTEXT_BYTES} bytes`;
      decide(`missing: ${missing[id]}`);
    } else {
      bytes += answer.bytes;
      context[as] = answer.value;
      decide('found');
    }
  });
  if (decisions.length === 0) return NOTHING;
  return {
    facts: {
      ...(Object.keys(context).length === 0 ? {} : { context }),
      ...(Object.keys(missing).length === 0 ? {} : { missing }),
    },
    decisions,
  };
}
