import { Type, type Static } from '@signalbox/sdk';
import type { ScoreModel } from '../../model/score-model.ts';
import { priorOf } from '../../scoring/prior.ts';
import { weightOf } from '../../scoring/score.ts';
import { rfc3339 } from './rfc3339.ts';
import { tenantName, timestamp } from './schema.ts';

export const modelSchema = Type.Object(
  {
    tenant: tenantName,
    learned: Type.Integer({ minimum: 0, description: 'How many outcomes it has learned from.' }),
    updated_at: Type.Optional(timestamp('When it learned last.')),
    weights: Type.Array(
      Type.Object({
        feature: Type.String({ examples: ['alertname=DiskFull'] }),
        weight: Type.Number({
          description:
            'What it adds now: `assumed` and `learned`. 0 is neutral; 1 makes relevance about 2.7 times as likely.',
        }),
        assumed: Type.Number({ description: 'What it added from the start.' }),
        learned: Type.Number({
          description: 'What was learned; halves in 30 days, and stays between -3 and 3.',
        }),
      }),
      { description: 'Those that count most come first.' },
    ),
  },
  { $id: 'ScoreModel', description: 'By what alerts of a tenant are scored.' },
);

export function presentModel(model: ScoreModel, now: number): Static<typeof modelSchema> {
  const weights = Object.keys(model.weights).map((feature) => {
    const weight = weightOf(model, feature, now);
    const assumed = priorOf(feature);
    return { feature, weight: rounded(weight), assumed, learned: rounded(weight - assumed) };
  });
  return {
    tenant: model.tenant,
    learned: model.learned,
    ...(model.learned === 0 ? {} : { updated_at: rfc3339(model.updatedAt) }),
    weights: weights.sort(
      (left, right) =>
        Math.abs(right.weight) - Math.abs(left.weight) || (left.feature < right.feature ? -1 : 1),
    ),
  };
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000 + 0;
}
