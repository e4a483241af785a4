import type { Context, Limits } from './context.ts';
import type { AlertSnapshot } from './enricher.ts';

/**
 * One alert as it is shown to analysts and scorers: as enrichers see it, with what the hub found out about it. Secrets and personal data are masked, and
 * long texts are cut, before it gets here.
 */
export interface AnalysisSubject {
  readonly alert: AlertSnapshot;
  /** `environment`, `criticality`, `context` and so on, as in notifications; plain JSON of at most 16 KiB. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What an analyst makes of an alert. The hub cuts longer texts and labels all of it as made by a machine. */
export interface Assessment {
  /** What is the matter, in a sentence or two; at most 1,000 characters. */
  readonly summary: string;
  /** At most 2,000 characters; absent when there is nothing to go by. */
  readonly probableCause?: string;
  /** What a person could look at and do, step by step; at most 4,000 characters. */
  readonly runbook?: string;
}

/**
 * Has something to say about an alert that is not worth waiting for (BR-AP-016): a language model, a rule book, a service of one's own. It is asked in the background
 * after a new episode was stored, so being slow or down changes nothing for anybody who is told.
 *
 * @example
 * const analyst: Analyst<Config> = {
 *   async analyse({ alert }, { config, http }) {
 *     const answer = await http.request({ method: 'POST', url: `${config.url}/explain`, body: alert });
 *     return { summary: readText(readObject(answer.json(), '').summary, 'summary') };
 *   },
 * };
 */
export interface Analyst<C> {
  /** How many questions of one integration run at once, default 2; `rate` is not looked at, the configuration has one. */
  readonly limits?: Limits;
  /** One question. Throws a `Fault` when it can't tell. */
  analyse(subject: AnalysisSubject, context: Context<C>): Promise<Assessment>;
}

/** How relevant an alert is in the eyes of another system. */
export interface ExternalScore {
  /** From 0, noise, to 1. */
  readonly value: number;
  /** For people, at most 1,000 characters. */
  readonly why: string;
}

/**
 * Judges how relevant an alert is (BR-AP-007), asked like an `Analyst`. A rule of the configuration says what such a score may do; it never drops.
 *
 * @example
 * const scorer: Scorer<Config> = {
 *   score: async ({ alert }) => ({ value: alert.labels.team === 'shop' ? 0.9 : 0.2, why: 'the shop is on sale' }),
 * };
 */
export interface Scorer<C> {
  /** As of an `Analyst`. */
  readonly limits?: Limits;
  score(subject: AnalysisSubject, context: Context<C>): Promise<ExternalScore>;
}
