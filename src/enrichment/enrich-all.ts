import { FAILED, type Facts, type Made } from '../model/prepared.ts';
import type { Enrichment } from './enrichment.ts';
import { LATE, type Answer, type Asked, type EnrichmentClock, type Subject } from './look-up.ts';
import type { EnrichmentMetrics } from './metrics.ts';

/** What the enrichments add to one alert. */
export interface Enriched {
  readonly facts: Pick<Facts, 'context' | 'missing'>;
  readonly decisions: readonly Made[];
  /** What was asked, with the answers. */
  readonly asked: readonly Asked[];
}

export interface EnrichAllOptions {
  readonly enrichments: readonly Enrichment[];
  /** How long the whole batch may wait (BR-PERF-008); 0: it takes what is known already. */
  readonly budgetMs: number;
  readonly clock: EnrichmentClock;
  readonly metrics: EnrichmentMetrics;
}

/** All answers of one alert together, in bytes of JSON; an alert is stored often. */
export const CONTEXT_BYTES = 64 * 1024;

const NOTHING: Enriched = { facts: {}, decisions: [], asked: [] };

/**
 * Asks all enrichments about all alerts of a batch side by side, and gives each alert what came before the budget was over (BR-AP-002). Never
 * rejects. What is missing now and was found earlier in the episode stays, and is named as missing. What is known already costs no waiting. The same alerts and answers give the same result, whatever came first.
 */
export async function enrichAll(
  subjects: readonly Subject[],
  options: EnrichAllOptions,
): Promise<readonly Enriched[]> {
  const { enrichments, metrics, clock } = options;
  if (enrichments.length === 0) return subjects.map(() => NOTHING);
  const answers = subjects.map(() => new Array<Answer | undefined>(enrichments.length));
  const keys = subjects.map(() => new Array<string | undefined>(enrichments.length));
  const waits: Promise<void>[] = [];
  subjects.forEach((subject, at) => {
    enrichments.forEach((enrichment, which) => {
      const reply = enrichment.ask(subject);
      keys[at]![which] = reply?.key;
      if (!(reply?.answer instanceof Promise)) {
        answers[at]![which] = reply?.answer;
        return;
      }
      answers[at]![which] = LATE;
      waits.push(reply.answer.then((answer) => void (answers[at]![which] = answer)));
    });
  });
  if (waits.length > 0) {
    const startedAt = clock.elapsed();
    await allOrOver(waits, options);
    metrics.waited((clock.elapsed() - startedAt) / 1_000);
    for (const enrichment of enrichments) enrichment.abandon();
  }
  return answers.map((own, at) => ({
    ...assemble(own, enrichments, subjects[at]!),
    asked: askedOf(own, keys[at]!, enrichments),
  }));
}

async function allOrOver(
  waits: readonly Promise<void>[],
  { budgetMs, clock }: EnrichAllOptions,
): Promise<void> {
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
  keys: readonly (string | undefined)[],
  enrichments: readonly Enrichment[],
): readonly Asked[] {
  return enrichments.flatMap(({ definition }, which) => {
    const [key, answer] = [keys[which], answers[which]];
    return key === undefined || answer === undefined ? [] : [{ definition, key, answer }];
  });
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
