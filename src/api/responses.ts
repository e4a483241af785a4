import type { TSchema } from 'typebox';
import { PROBLEM_MEDIA_TYPE, PROBLEMS, problemSchema } from './problem.ts';
import { ref } from './views/schema.ts';

type Refusal = 400 | 404 | 409 | 422 | 503;

/** The answer in the good case, and those refusals that every route shares or that are named. */
export function answers<T extends TSchema>(good: T, ...refusals: readonly Refusal[]) {
  const problems = Object.fromEntries(
    [...refusals, 401, 403].map((status) => [
      status,
      { description: describe(status), content: { [PROBLEM_MEDIA_TYPE]: { schema: ref(problemSchema) } } },
    ]),
  );
  return { 200: good, ...problems };
}

function describe(status: number): string {
  return Object.entries(PROBLEMS)
    .filter(([, problem]) => problem.status === status)
    .map(([code, problem]) => `\`${code}\`: ${problem.title}.`)
    .join(' ');
}
