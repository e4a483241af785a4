import { hash } from 'node:crypto';
import type { Answer, Asked } from './look-up.ts';
import { digest } from './question.ts';

/** What was asked about the records of a batch, for whoever replays them (ADR 44). */
export interface RecordedAnswers {
  /** The digest of each answer by the question, see `questionDigest`. */
  readonly questions: Readonly<Record<string, string>>;
  /** Set when answers were left out, because the batch had too many or too long ones. */
  readonly isCut?: true;
}

export interface RecordedAnswer {
  readonly digest: string;
  /** JSON of an `Answer`. */
  readonly text: string;
}

/** All answers of one batch, in characters of JSON: a batch must stay small enough to commit. */
const MAX_CHARACTERS = 1024 * 1024;

/** An answer is kept in a cache and given to many alerts, so it is written as text once. */
const texts = new WeakMap<Answer, RecordedAnswer>();

/** Equal questions of a batch have one answer, and equal answers stand in the store once. */
export function recordAnswers(asked: Iterable<Asked>): {
  readonly recorded: RecordedAnswers;
  readonly answers: readonly RecordedAnswer[];
} {
  const seen = new Map<string, Answer>();
  const questions: Record<string, string> = {};
  const answers = new Map<string, RecordedAnswer>();
  let characters = 0;
  let isCut = false;
  for (const { definition, key, answer } of asked) {
    const name = `${definition}\n${key}`;
    if (seen.get(name) === answer) continue;
    seen.set(name, answer);
    const written = textOf(answer);
    const isNew = !answers.has(written.digest);
    if (isNew && characters + written.text.length > MAX_CHARACTERS) {
      isCut = true;
      continue;
    }
    if (isNew) characters += written.text.length;
    answers.set(written.digest, written);
    questions[digest(name)] = written.digest;
  }
  return { recorded: { questions, ...(isCut ? { isCut } : {}) }, answers: [...answers.values()] };
}

export function questionDigest(definition: string, key: string): string {
  return digest(`${definition}\n${key}`);
}

function textOf(answer: Answer): RecordedAnswer {
  let written = texts.get(answer);
  if (!written) {
    const text = JSON.stringify(answer);
    texts.set(answer, (written = { digest: hash('sha256', text).slice(0, 32), text }));
  }
  return written;
}
