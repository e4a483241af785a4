import { Type, type Static } from '@signalbox/sdk';
import type { Analysis } from '../../model/analysis.ts';
import type { Facts } from '../../model/prepared.ts';
import type { Suppression } from '../../model/suppression.ts';
import { assessmentSchema, presentAssessment } from './present-assessment.ts';
import { rfc3339 } from './rfc3339.ts';
import { ref, stringMap, timestamp } from './schema.ts';

const word = (description: string, example: string) =>
  Type.Optional(Type.String({ description, examples: [example] }));

const analysisSchema = Type.Object(
  {
    machine_made: Type.Literal(true, { description: 'Always: no person has checked it.' }),
    summary: word('What is the matter.', 'The disk fills up since the release of 09:10.'),
    probable_cause: word('What may be behind it.', 'Debug logging was switched on.'),
    runbook: word('What a person could look at and do.', '1. Look at /var/log. 2. …'),
    by: word('The integration that said so.', 'language-model'),
    at: Type.Optional(timestamp('When its answer came.')),
    score: Type.Optional(
      Type.Object(
        {
          value: Type.Number({ minimum: 0, maximum: 1, description: 'Relevance.' }),
          why: Type.String({ description: 'In its own words.' }),
          by: Type.String({ description: 'The integration that said so.' }),
          at: timestamp('When its answer came.'),
        },
        { description: 'How relevant another system finds it.' },
      ),
    ),
  },
  { description: 'What machines made of this episode.' },
);

export const factsSchema = Type.Object(
  {
    environment: word('Which environment it belongs to; doubt counts as production.', 'production'),
    certainty: word('`certain`, `contradictory` or `unknown`.', 'certain'),
    is_production: Type.Optional(
      Type.Boolean({ description: 'Whether it is treated as production; only there when it is.' }),
    ),
    findings: Type.Optional(
      Type.Array(Type.Object({ standard: Type.String(), message: Type.String(), advice: Type.String() }), {
        description: 'Breaches of naming standards by its namespace.',
      }),
    ),
    business_unit: word('Whose it is.', 'payments'),
    criticality: word('How much the workload matters, in the words of the configuration.', 'tier-1'),
    slo: word('The objective that it counts against.', 'gold'),
    cost_center: word('Who pays.', '4711'),
    compliance: Type.Optional(
      Type.Array(Type.String(), { description: 'Rules that apply.', examples: [['pci']] }),
    ),
    reasons: Type.Optional(
      Type.Array(
        Type.Object({
          field: Type.String({ description: 'Which value.', examples: ['priority'] }),
          value: Type.String({ examples: ['critical'] }),
          policy: Type.String({ description: 'The id of the policy.', examples: ['production-nights'] }),
          position: Type.Integer({ minimum: 1, description: 'Of the policy in `priority.policies`.' }),
        }),
        { description: 'Which policies of business priority set what.' },
      ),
    ),
    assessment: Type.Optional(ref(assessmentSchema)),
    score: Type.Optional(
      Type.Object(
        {
          value: Type.Number({ minimum: 0, maximum: 1, description: 'Relevance.' }),
          why: Type.Array(Type.Object({ feature: Type.String(), weight: Type.Number() }), {
            description: 'What spoke for and against it.',
          }),
        },
        { description: 'How relevant it is by what was learned.' },
      ),
    ),
    context: Type.Optional(
      Type.Unsafe<Readonly<Record<string, unknown>>>({
        type: 'object',
        additionalProperties: true,
        description: 'What enrichment found, by the id of the enrichment.',
      }),
    ),
    missing: Type.Optional(
      stringMap('Enrichments that found nothing in time, with the reason.', { cmdb: 'timeout' }),
    ),
    analysis: Type.Optional(analysisSchema),
  },
  {
    $id: 'Facts',
    description: 'What is known of an alert beside what its source said. What nobody said is absent.',
  },
);
export type FactsView = Static<typeof factsSchema>;

export const suppressionSchema = Type.Object(
  {
    reason: Type.String({ description: 'Why nobody is told for the time being.', examples: ['filtered'] }),
    rule: Type.String({ description: 'What says so, by its id.', examples: ['quiet-batch-jobs'] }),
    comment: Type.Optional(Type.String({ description: 'In the words of whoever said it.' })),
    until: Type.Optional(timestamp('When it ends, as far as can be told.')),
  },
  { $id: 'Suppression', description: 'A recorded reason not to notify. It holds and never deletes.' },
);
export type SuppressionView = Static<typeof suppressionSchema>;

/** @param openSince when the alert was opened again, if it was */
export function presentFacts(known: Facts, openSince?: number): FactsView {
  const { isProduction, findings, businessUnit, costCenter, compliance, reasons, ...others } = known;
  const { assessment, score, analysis, ...facts } = others;
  return {
    ...facts,
    ...(isProduction === undefined ? {} : { is_production: isProduction }),
    ...(findings === undefined ? {} : { findings: [...findings] }),
    ...(businessUnit === undefined ? {} : { business_unit: businessUnit }),
    ...(costCenter === undefined ? {} : { cost_center: costCenter }),
    ...(compliance === undefined ? {} : { compliance: [...compliance] }),
    ...(reasons === undefined ? {} : { reasons: [...reasons] }),
    ...(assessment === undefined ? {} : { assessment: presentAssessment(assessment, openSince) }),
    ...(score === undefined ? {} : { score: { value: score.value, why: [...score.why] } }),
    ...(analysis === undefined ? {} : { analysis: presentAnalysis(analysis) }),
  };
}

function presentAnalysis({
  machineMade,
  probableCause,
  at,
  score,
  ...said
}: Analysis): NonNullable<FactsView['analysis']> {
  return {
    machine_made: machineMade,
    ...said,
    ...(probableCause === undefined ? {} : { probable_cause: probableCause }),
    ...(at === undefined ? {} : { at: rfc3339(at) }),
    ...(score === undefined ? {} : { score: { ...score, at: rfc3339(score.at) } }),
  };
}

export function presentSuppression({ reason, rule, comment, until }: Suppression): SuppressionView {
  return {
    reason,
    rule,
    ...(comment === undefined ? {} : { comment }),
    ...(until === undefined ? {} : { until: rfc3339(until) }),
  };
}
