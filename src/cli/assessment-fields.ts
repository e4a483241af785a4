import type { AssessmentView } from '../api/views/present-assessment.ts';
import type { Cell } from './table.ts';
import { fullTime } from './time-text.ts';

/** What `show` says of a level: what gave it and what it asks for; nothing where nothing was assessed. */
export function assessmentFields(
  assessment: AssessmentView | undefined,
  overdueSince: string | undefined,
  now: number,
): readonly (readonly [string, Cell | undefined])[] {
  if (!assessment) return [];
  const { level, title, rule, defined_at: place, source, acknowledge_within: within } = assessment;
  const where = source === undefined ? place : `${source}, ${place}`;
  const due = fullTime(assessment.acknowledge_by, now);
  const lapsed = fullTime(overdueSince, now);
  return [
    ['level', title === undefined ? level : `${level}: ${title}`],
    ['by', `${rule} (${where})`],
    [
      'acknowledge',
      within === undefined ? undefined : `within ${within}${due === undefined ? '' : `, by ${due}`}`,
    ],
    ['overdue since', lapsed === undefined ? undefined : { text: lapsed, style: 'red' }],
    ['update every', assessment.update_every],
    ['led by', assessment.lead],
    ['runbook', assessment.runbook_url],
    ...(assessment.steps ?? []).map((step, index) => [`step ${index + 1}`, step] as const),
  ];
}
