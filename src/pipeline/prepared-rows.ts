import type { Asked } from '../enrichment/look-up.ts';
import { recordAnswers } from '../enrichment/record-answers.ts';
import type { JournalRecord } from '../journal/port.ts';
import type { Commit } from '../store/port.ts';

type PreparedRow = NonNullable<Commit['prepared']>[number];
type AnswerRow = NonNullable<Commit['answers']>[number];

/** Consecutive records of one partition. */
interface Stretch {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

interface Said {
  readonly record: JournalRecord;
  readonly asked?: readonly Asked[];
}

/**
 * What enrichment found for a batch, beside its recorded input, so that a replay knows what was known then (ADR 44). One row per partition of which
 * something was asked; without enrichment none, and nothing is done.
 */
export function preparedRows(
  stretches: readonly Stretch[],
  said: readonly Said[],
  now: number,
): Pick<Commit, 'prepared' | 'answers'> {
  const enriched = said.filter(({ asked }) => asked !== undefined);
  if (enriched.length === 0) return {};
  const prepared: PreparedRow[] = [];
  const answers = new Map<string, AnswerRow>();
  for (const { partition, from, to } of stretches) {
    const own = enriched.filter(({ record }) => record.partition === partition);
    if (own.length === 0) continue;
    const written = recordAnswers(own.flatMap(({ asked }) => asked!));
    prepared.push({ partition, from, until: to, now, what: JSON.stringify(written.recorded) });
    for (const { digest, text } of written.answers) answers.set(digest, { digest, text, usedAt: now });
  }
  return { prepared, answers: [...answers.values()] };
}
