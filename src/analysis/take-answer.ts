import { cleanText, shorten } from '@signalbox/sdk';
import type { Analysis } from '../model/analysis.ts';

/** Longest texts, as the SDK promises them. */
const SUMMARY_CHARACTERS = 1_000;
const CAUSE_CHARACTERS = 2_000;
const RUNBOOK_CHARACTERS = 4_000;
const WHY_CHARACTERS = 1_000;

/** What is wrong with an answer, for the log. */
export class Unusable extends Error {}

/** Takes over what an analyst returned: texts only, cleaned and cut, labelled as made by a machine. Throws `Unusable`. */
export function takeAssessment(returned: unknown, by: string, at: number): Analysis {
  const { summary, probableCause, runbook } = fieldsOf(returned);
  const said = textOf(summary, SUMMARY_CHARACTERS);
  if (said === undefined) throw new Unusable('it answered without a summary');
  const cause = textOf(probableCause, CAUSE_CHARACTERS);
  const steps = textOf(runbook, RUNBOOK_CHARACTERS);
  return {
    machineMade: true,
    summary: said,
    ...(cause === undefined ? {} : { probableCause: cause }),
    ...(steps === undefined ? {} : { runbook: steps }),
    by,
    at,
  };
}

/** The same of a scorer. */
export function takeScore(returned: unknown, by: string, at: number): Analysis {
  const { value, why } = fieldsOf(returned);
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) {
    throw new Unusable('it answered with a score that is no number from 0 to 1');
  }
  return { machineMade: true, score: { value, why: textOf(why, WHY_CHARACTERS) ?? '', by, at } };
}

function fieldsOf(returned: unknown): Readonly<Record<string, unknown>> {
  if (typeof returned === 'object' && returned !== null && !Array.isArray(returned)) {
    return returned as Readonly<Record<string, unknown>>;
  }
  throw new Unusable('it answered with something that is not a map');
}

function textOf(value: unknown, maxCharacters: number): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new Unusable('it answered with a text that is none');
  const text = shorten(cleanText(value).trim(), maxCharacters);
  return text === '' ? undefined : text;
}
