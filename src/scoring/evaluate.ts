import type { OutcomeKind } from '../model/score-model.ts';
import type { Subject } from '../rules/subject.ts';
import { featuresOf } from './features.ts';
import { emptyModel, learn } from './learn.ts';
import { score } from './score.ts';

/** One alert of a stream, with what people made of it. */
export interface Observed {
  readonly subject: Subject;
  readonly at: number;
  readonly kind: OutcomeKind;
  /** Whether it was worth telling; known of a made-up stream only. */
  readonly isRelevant: boolean;
}

/** How well noise is told from the rest at a threshold. A ratio is undefined where there is nothing to divide by. */
export interface ScoreEvaluation {
  readonly total: number;
  readonly accuracy: number;
  /** Of what scored below the threshold, the share that was noise. */
  readonly precision: number | undefined;
  /** Of the noise, the share that scored below it. */
  readonly recall: number | undefined;
}

/**
 * Scores each alert of a stream before its outcome is learned, as it happens in life, and compares from `warmUp` on. Pure.
 */
export function evaluateStream(
  stream: readonly Observed[],
  threshold: number,
  warmUp: number,
): ScoreEvaluation {
  let model = emptyModel('evaluation');
  const counts = { caught: 0, missed: 0, wronged: 0, passed: 0 };
  stream.forEach(({ subject, at, kind, isRelevant }, index) => {
    const features = featuresOf(subject, model, 'UTC', at);
    const isBelow = score(model, features, at).value < threshold;
    if (index >= warmUp) {
      if (isBelow) counts[isRelevant ? 'wronged' : 'caught'] += 1;
      else counts[isRelevant ? 'passed' : 'missed'] += 1;
    }
    model = learn(model, [{ tenant: model.tenant, kind, at, fingerprint: '', features }]);
  });
  const { caught, missed, wronged, passed } = counts;
  const total = caught + missed + wronged + passed;
  const ratio = (part: number, whole: number) => (whole === 0 ? undefined : part / whole);
  return {
    total,
    accuracy: ratio(caught + passed, total) ?? 1,
    precision: ratio(caught, caught + wronged),
    recall: ratio(caught, caught + missed),
  };
}
