import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Answer, Asked } from '../enrichment/look-up.ts';
import { questionDigest, recordAnswers } from '../enrichment/record-answers.ts';
import type { PreparedRow } from '../store/prepared-row.ts';
import { openAnswerBook } from './recorded-answers.ts';

const answerOf = (team: string): Answer => ({ kind: 'found', value: { team }, bytes: 12 });
const ask = (key: string, answer: Answer): Asked => ({ definition: 'owners', key, answer });

/** Batches of one partition, each of so many records, with what was asked about them. */
function recordedIn(batches: readonly (readonly Asked[] | undefined)[], size: number) {
  const rows: PreparedRow[] = [];
  const texts = new Map<string, string>();
  batches.forEach((asked, index) => {
    if (!asked) return;
    const { recorded, answers } = recordAnswers(asked);
    const what = JSON.stringify(recorded);
    rows.push({ partition: 0, from: index * size, until: (index + 1) * size, now: 0, what });
    for (const { digest, text } of answers) texts.set(digest, text);
  });
  return {
    texts,
    prepared: async (_partition: number, offset: number, limit: number) =>
      rows.filter(({ until }) => until > offset).slice(0, Math.min(limit, 100)),
    answers: async (digests: readonly string[]) =>
      digests.flatMap((digest) => (texts.has(digest) ? [{ digest, text: texts.get(digest)! }] : [])),
  };
}

test('whatever was recorded is found again for each record, whether or not batches lie between', async () => {
  const batch = fc.option(
    fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('x', 'y')), { maxLength: 5 }),
    { nil: undefined },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(batch, { maxLength: 250 }),
      fc.integer({ min: 1, max: 3 }),
      async (all, size) => {
        const batches = all.map((asked) => asked?.map(([key, team]) => ask(key, answerOf(team))));
        const book = openAnswerBook(recordedIn(batches, size));
        for (let offset = 0; offset < batches.length * size; offset++) {
          const asked = batches[Math.floor(offset / size)];
          const then = await book.of({ partition: 0, offset });
          assert.equal(then !== undefined, asked !== undefined);
          for (const key of ['a', 'b', 'c']) {
            const last = asked?.findLast((one) => one.key === key)?.answer;
            assert.deepEqual(then?.answer(questionDigest('owners', key)), last);
          }
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('an answer that is forgotten, or that was left out because the batch had too many, leaves the record in part', async () => {
  const source = recordedIn([[ask('a', answerOf('x'))]], 1);
  source.texts.clear();
  const then = await openAnswerBook(source).of({ partition: 0, offset: 0 });
  assert.deepEqual([then?.answer(questionDigest('owners', 'a')), then?.isWhole], [undefined, false]);

  const long = 'x'.repeat(16_000);
  const many = Array.from({ length: 100 }, (_, index) => ask(String(index), answerOf(`${index}${long}`)));
  const { recorded, answers } = recordAnswers(many);
  assert.equal(recorded.isCut, true);
  assert.ok(answers.reduce((sum, { text }) => sum + text.length, 0) <= 1024 * 1024);
  assert.equal(Object.keys(recorded.questions).length, answers.length);
});
