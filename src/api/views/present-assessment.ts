import { durationText, Type, type Static } from '@signalbox/sdk';
import { acknowledgeBy, type Assessment } from '../../model/assessment.ts';
import { rfc3339 } from './rfc3339.ts';
import { timestamp } from './schema.ts';

const word = (description: string, example: string) =>
  Type.Optional(Type.String({ description, examples: [example] }));

export const assessmentSchema = Type.Object(
  {
    level: Type.String({ description: 'The level of the procedures.', examples: ['SEV1'] }),
    title: word('What the level is.', 'Customers can’t do what they pay for'),
    rule: Type.String({
      description: 'What gave the level: a criterion by its id, or a cell of the matrix.',
      examples: ['extensive × high'],
    }),
    defined_at: Type.String({
      description: 'Where the configuration says so.',
      examples: ['signalbox.yaml:41'],
    }),
    source: word('Where the organization says so.', 'Incident response, section 2.2'),
    impact: word('When the matrix decided.', 'extensive'),
    urgency: word('When the matrix decided.', 'high'),
    since: Type.Optional(timestamp('Since when it is at least this grave.')),
    acknowledge_within: word('How soon somebody has to acknowledge it.', '5m'),
    acknowledge_by: Type.Optional(timestamp('By when that is.')),
    update_every: word('How often people are kept informed.', '30m'),
    lead: word('Who leads the response.', 'incident commander'),
    runbook_url: word('What to do, in full.', 'https://example.org/incidents/sev1'),
    steps: Type.Optional(
      Type.Array(Type.String(), { description: 'The first steps.', examples: [['Open a call']] }),
    ),
  },
  {
    $id: 'Assessment',
    description: 'How critical it is under the incident response procedures, and what they ask for.',
  },
);
export type AssessmentView = Static<typeof assessmentSchema>;

export function presentAssessment(assessment: Assessment, openSince?: number): AssessmentView {
  const { level, title, rule, definedAt, source, impact, urgency, since, lead, runbookUrl, steps } =
    assessment;
  const { acknowledgeWithinMs, updateEveryMs } = assessment;
  const due = acknowledgeBy(assessment, openSince);
  return {
    level,
    ...(title !== undefined && { title }),
    rule,
    defined_at: definedAt,
    ...(source !== undefined && { source }),
    ...(impact !== undefined && { impact }),
    ...(urgency !== undefined && { urgency }),
    ...(since !== undefined && { since: rfc3339(since) }),
    ...(acknowledgeWithinMs !== undefined && { acknowledge_within: durationText(acknowledgeWithinMs) }),
    ...(due !== Infinity && { acknowledge_by: rfc3339(due) }),
    ...(updateEveryMs !== undefined && { update_every: durationText(updateEveryMs) }),
    ...(lead !== undefined && { lead }),
    ...(runbookUrl !== undefined && { runbook_url: runbookUrl }),
    ...(steps && { steps: [...steps] }),
  };
}
