import { createBreaker, isFault, shorten, type BreakerSettings, type Logger } from '@signalbox/sdk';
import { unlessAborted } from '../lib/unless-aborted.ts';
import type { EnrichmentSettings } from '../model/settings.ts';
import { createAnswerCache } from './answer-cache.ts';
import {
  LATE,
  type Answer,
  type EnrichmentClock,
  type KnownAnswers,
  type LookUp,
  type Subject,
} from './look-up.ts';
import type { AskOutcome, EnrichmentMetrics } from './metrics.ts';
import { createQuestion, MAX_KEY_CHARACTERS } from './question.ts';
import type { Slots } from './slots.ts';
import { takeAnswer } from './take-answer.ts';

/** One configured enrichment, with what it remembers. */
export interface Enrichment {
  readonly id: string;
  /** The name of its answer in `context`. */
  readonly as: string;
  /** What it asks, and of whom, see `definitionOf`. */
  readonly definition: string;
  /**
   * Undefined: not about this alert.
   *
   * @param known what an earlier asking about the same batch brought; nobody is asked for that again
   */
  ask(subject: Subject, known?: KnownAnswers): Reply | undefined;
  /** Nobody waits any more: what was not asked yet is not asked. What is under way goes on, for the next alert. */
  abandon(): void;
}

export interface Reply {
  /** Under which it is recorded; absent: there was no question. */
  readonly key?: string;
  /** What was asked, and of whom; absent like the key. */
  readonly question?: string;
  /** At once when it is known or there is no asking; otherwise later, and never rejected. */
  readonly answer: Answer | Promise<Answer>;
}

export interface EnrichmentParts {
  readonly settings: EnrichmentSettings;
  readonly definition: string;
  readonly lookUp: LookUp;
  /** Shared by all enrichments of one integration. */
  readonly slots: Slots;
  readonly clock: EnrichmentClock;
  readonly log: Logger;
  readonly metrics: EnrichmentMetrics;
}

/** After this many failures in a row a source is left alone for the cool-down; then one question tries it, and nobody waits for that one. */
export const BREAKER: BreakerSettings = { failures: 3, cooldownMs: 30_000 };
/** That nothing is known, and that a question failed, is remembered for less long: somebody is about to change it. */
const EMPTY_TTL_MS = 60_000;
const FAILED_TTL_MS = 10_000;
const MAX_REASON_CHARACTERS = 200;

const RESTING: Answer = { kind: 'missing', why: 'it failed lately and is left alone for a while' };

const TOO_LONG: Answer = {
  kind: 'missing',
  why: `its key is no text of at most ${MAX_KEY_CHARACTERS} characters`,
};

/** The source of a question that took longer than its time. */
class Timeout extends Error {}

export function createEnrichment(parts: EnrichmentParts): Enrichment {
  const { settings, definition, lookUp, slots, clock, log, metrics } = parts;
  const { id, ttlMs, timeoutMs } = settings;
  const cache = createAnswerCache();
  const breaker = createBreaker(BREAKER, clock.elapsed);
  const question = createQuestion(settings, lookUp);
  const underWay = new Map<string, Promise<Answer>>();

  const told = (outcome: AskOutcome, answer: Answer): Answer => {
    metrics.asked(id, outcome);
    return answer;
  };

  function ask(subject: Subject, known?: KnownAnswers): Reply | undefined {
    const asked = question(subject);
    switch (asked?.kind) {
      case undefined:
        return undefined;
      case 'broken':
        return { answer: toldOnce({ ...missing(asked.error), isBroken: true }, known) };
      case 'too-long':
        return { answer: toldOnce(TOO_LONG, known) };
      case 'key': {
        const name = `${id}/${asked.key}`;
        const answer = known?.get(name) ?? find(asked.key, subject);
        return { key: asked.recordKey, question: name, answer };
      }
    }
  }

  /** What could not be asked was counted when the batch was asked about before. */
  function toldOnce(answer: Answer, known: KnownAnswers | undefined): Answer {
    return known ? answer : told('failed', answer);
  }

  function find(key: string, subject: Subject): Answer | Promise<Answer> {
    const known = cache.get(key, clock.now());
    if (known) return told('cached', known);
    if (breaker.state().phase === 'closed') return underWay.get(key) ?? begin(key, subject, false);
    // Whether it is well again is found out beside the alerts, which go on.
    if (!underWay.has(key) && breaker.admit() === 0) void begin(key, subject, true);
    return told('resting', RESTING);
  }

  function begin(key: string, subject: Subject, isTrial: boolean): Promise<Answer> {
    const answer = inTurn(key, subject, isTrial).finally(() => underWay.delete(key));
    underWay.set(key, answer);
    return answer;
  }

  async function inTurn(key: string, subject: Subject, isTrial: boolean): Promise<Answer> {
    const leave = await slots.enter();
    if (!leave) {
      if (isTrial) breaker.settle('unknown');
      return told('skipped', LATE);
    }
    try {
      // It may have failed while this question stood in line.
      if (!isTrial && breaker.admit() > 0) return told('resting', RESTING);
      return await call(key, subject);
    } finally {
      leave();
    }
  }

  async function call(key: string, subject: Subject): Promise<Answer> {
    const abort = new AbortController();
    const disarm = clock.timer(timeoutMs, () => abort.abort(new DOMException('out of time', 'TimeoutError')));
    try {
      const asked = Promise.resolve().then(() => lookUp.enrich(subject, abort.signal));
      const answer = takeAnswer(await unlessAborted(asked, abort.signal, () => new Timeout()));
      breaker.settle(answer.kind === 'found' ? 'success' : 'failure');
      const isEmpty = answer.kind === 'found' && Object.keys(answer.value).length === 0;
      const keepMs = answer.kind === 'missing' ? FAILED_TTL_MS : isEmpty ? EMPTY_TTL_MS : ttlMs;
      cache.set(key, answer, clock.now(), Math.min(keepMs, ttlMs));
      return told(answer.kind === 'missing' ? 'failed' : isEmpty ? 'nothing' : 'found', answer);
    } catch (error) {
      const isLate = error instanceof Timeout || abort.signal.aborted;
      const answer: Answer = isLate
        ? { kind: 'missing', why: `it did not answer within ${timeoutMs} ms` }
        : missing(error);
      // A refused question is an answer; the next one may be taken.
      breaker.settle(!isLate && isFault(error) && error.code === 'SB_REJECTED' ? 'success' : 'failure');
      cache.set(key, answer, clock.now(), Math.min(FAILED_TTL_MS, ttlMs));
      return told(isLate ? 'timeout' : 'failed', answer);
    } finally {
      disarm();
    }
  }

  function missing(error: unknown): Extract<Answer, { kind: 'missing' }> {
    if (!isFault(error))
      log.error('an enrichment failed in a way it must not; this is a bug', { enrichment: id, error });
    return {
      kind: 'missing',
      why: shorten(error instanceof Error ? error.message : String(error), MAX_REASON_CHARACTERS),
    };
  }

  return { id, as: settings.as, definition, ask, abandon: () => slots.abandon() };
}
