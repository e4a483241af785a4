import { createRateLimit, isFault, type AnalysisSubject, type Logger } from '@signalbox/sdk';
import type { EnrichmentClock } from '../enrichment/look-up.ts';
import { errorText } from '../lib/error-text.ts';
import { unlessAborted } from '../lib/unless-aborted.ts';
import type { Alert } from '../model/alert.ts';
import type { Analysis, AnalysisCommand } from '../model/analysis.ts';
import type { AnalysisTask } from '../model/analysis-settings.ts';
import { compileCondition, type Condition } from '../rules/condition.ts';
import type { AnalysisMetrics, AnalysisRole } from './metrics.ts';
import { subjectOfAlert } from '../rules/subject-of-alert.ts';
import { showAlert } from './show-alert.ts';
import { Unusable } from './take-answer.ts';

/** An answer on its way to the owner of the alert, with what tells a repeat. */
export interface Answered {
  readonly alert: Pick<Alert, 'tenant' | 'fingerprint' | 'partition'>;
  readonly command: AnalysisCommand;
  readonly idempotencyKey: string;
}

/** Alerts that somebody is asked about in the background. */
export interface AnalysisQueue {
  /** Takes new episodes, those that are known or answered not again; never waits and never throws. */
  offer(alerts: readonly Alert[]): void;
  /** Asks nobody any more; what is under way is given up. */
  close(): void;
}

export interface AnalysisQueueParts {
  readonly role: AnalysisRole;
  readonly task: AnalysisTask;
  /** Asks the integration; may hang, throw and return anything. */
  readonly ask: (subject: AnalysisSubject, signal: AbortSignal) => Promise<unknown>;
  /** Checks what it returned; throws `Unusable`. */
  readonly take: (returned: unknown, by: string, at: number) => Analysis;
  readonly concurrency: number;
  /** Takes out the secrets of the configuration. */
  readonly redact: (text: string) => string;
  readonly onAnswer: (answered: Answered) => void;
  readonly clock: EnrichmentClock;
  readonly log: Logger;
  readonly metrics: AnalysisMetrics;
}

/** More alerts than this do not wait: by the time they had their turn the answer would be old. */
export const MAX_WAITING = 100;
/** So many episodes that were asked about in vain are remembered; the oldest are forgotten first. */
const MAX_VAIN = 1_000;

class Timeout extends Error {}

/** One machine that is asked about alerts, a few at a time, at its rate, for as long as it may take. */
export function createAnalysisQueue(parts: AnalysisQueueParts): AnalysisQueue {
  const { role, task, clock, log, metrics } = parts;
  const condition = compileCondition(task);
  const takeSlot = createRateLimit(task.rate, clock.elapsed);
  const closing = new AbortController();
  const waiting: Alert[] = [];
  /** Episodes that wait or are being asked about. */
  const open = new Set<string>();
  /** Episodes without an answer that were asked about here: offered again, as when a share comes back, they are not asked about again. */
  const vain = new Set<string>();
  let running = 0;
  let disarm: (() => void) | undefined;

  function pump(): void {
    while (waiting.length > 0 && running < parts.concurrency && !disarm && !closing.signal.aborted) {
      const waitMs = takeSlot();
      if (waitMs > 0) {
        disarm = clock.timer(Math.ceil(waitMs), () => {
          disarm = undefined;
          pump();
        });
        return;
      }
      running += 1;
      const alert = waiting.shift()!;
      void askAbout(alert).finally(() => {
        running -= 1;
        open.delete(episodeKey(alert));
        pump();
      });
    }
  }

  async function askAbout(alert: Alert): Promise<void> {
    const { tenant, fingerprint, partition, episode } = alert;
    const abort = new AbortController();
    const stop = clock.timer(task.timeoutMs, () => abort.abort());
    const signal = AbortSignal.any([abort.signal, closing.signal]);
    try {
      const asked = Promise.resolve().then(() => parts.ask(showAlert(alert, parts.redact), signal));
      const returned = await unlessAborted(asked, signal, () => new Timeout());
      const analysis = parts.take(returned, task.integration, clock.now());
      parts.onAnswer({
        alert: { tenant, fingerprint, partition },
        command: { tenant, fingerprint, action: { kind: 'note_analysis', episode, analysis } },
        idempotencyKey: `${role}/${alert.startsAt}/${episode}`,
      });
      metrics.asked(role, 'answered');
    } catch (error) {
      const outcome = closing.signal.aborted
        ? 'dropped'
        : signal.aborted
          ? 'timeout'
          : error instanceof Unusable
            ? 'unusable'
            : 'failed';
      metrics.asked(role, outcome);
      if (outcome !== 'dropped') vain.add(episodeKey(alert));
      if (vain.size > MAX_VAIN) vain.delete(vain.values().next().value!);
      const isExpected = outcome !== 'failed' || isFault(error);
      const reason = outcome === 'timeout' ? `no answer within ${task.timeoutMs} ms` : errorText(error);
      log[isExpected ? 'debug' : 'error']('there is no analysis of an alert', {
        role,
        integration: task.integration,
        fingerprint,
        reason,
      });
    } finally {
      stop();
    }
  }

  return {
    offer(alerts) {
      for (const alert of alerts) {
        const key = episodeKey(alert);
        const isKnown = hasAnswer(role, alert) || open.has(key) || vain.has(key);
        if (closing.signal.aborted || isKnown || !isWanted(condition, alert, clock.now())) continue;
        if (waiting.length >= MAX_WAITING) {
          metrics.asked(role, 'dropped');
          continue;
        }
        open.add(key);
        waiting.push(alert);
      }
      pump();
    },
    close() {
      disarm?.();
      for (const _ of waiting.splice(0)) metrics.asked(role, 'dropped');
      closing.abort();
    },
  };
}

function episodeKey({ tenant, fingerprint, episode }: Alert): string {
  return `${tenant}/${fingerprint}/${episode}`;
}

/** Whether the present episode has what this role says of one. */
function hasAnswer(role: AnalysisRole, { facts }: Alert): boolean {
  return (role === 'analyst' ? facts?.analysis?.summary : facts?.analysis?.score) !== undefined;
}

/** A condition that fails on an alert is not about it, as in rules. */
function isWanted(condition: Condition, alert: Alert, now: number): boolean {
  try {
    return condition.test(subjectOfAlert(alert, now));
  } catch {
    return false;
  }
}
