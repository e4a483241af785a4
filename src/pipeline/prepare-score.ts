import type { ScoringSettings } from '../model/settings.ts';
import { featuresOf } from '../scoring/features.ts';
import type { ModelBook } from '../scoring/model-book.ts';
import { score } from '../scoring/score.ts';
import { subjectOf, type Stage } from './prepare-stage.ts';

/** Scores by the model as it was when the batch began; the score is recorded, so replay needs no model. */
export function scoreStage({ timeZone }: ScoringSettings, modelOf: ModelBook['of']): Stage {
  return {
    name: 'score',
    run(draft, now) {
      const model = modelOf(draft.tenant);
      const features = featuresOf(subjectOf(draft, now), model, timeZone, now);
      draft.facts = { ...draft.facts, score: score(model, features, now) };
    },
  };
}
