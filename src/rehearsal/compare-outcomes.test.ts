import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleNotificationRow } from '../api/testing/sample-rows.ts';
import { compareOutcomes } from './compare-outcomes.ts';
import { createOutcomeBook, type Outcomes } from './outcomes.ts';

const T0 = Date.UTC(2026, 2, 1, 10);

type Said = readonly [receiver: string, fingerprint: string, status: 'firing' | 'resolved', second: number];

function outcomesOf(...said: readonly Said[]): Outcomes {
  const book = createOutcomeBook();
  const sample = sampleNotificationRow();
  for (const [receiver, fingerprint, status, second] of said) {
    const alerts = [{ ...sample.alerts[0]!, fingerprint, status }];
    const createdAt = new Date(T0 + second * 1_000).toISOString();
    book.add({ ...sample, receiver, createdAt, alerts, truncatedAlerts: 0 });
  }
  return book.outcomes;
}

const OPTIONS = { toleranceMs: 5_000, limit: 10, why: () => 'held: muted by night', facts: () => undefined };
const kinds = (real: Outcomes, candidate: Outcomes) =>
  compareOutcomes(real, candidate, OPTIONS).differences.map(
    ({ kind, fingerprint }) => `${kind} ${fingerprint}`,
  );

test('whoever hears the same at about the same time is no difference', () => {
  const real = outcomesOf(['ops', 'a', 'firing', 0], ['ops', 'a', 'resolved', 60]);
  const candidate = outcomesOf(['ops', 'a', 'firing', 4], ['ops', 'a', 'resolved', 60]);
  const { same, differences, receivers } = compareOutcomes(real, candidate, OPTIONS);
  assert.deepEqual([same, differences], [1, []]);
  assert.deepEqual(receivers, [{ receiver: 'ops', real: 2, candidate: 2 }]);
});

test('the gravest difference stands first: lost, added, retimed, fewer, more', () => {
  const real = outcomesOf(
    ['ops', 'more', 'firing', 0],
    ['ops', 'fewer', 'firing', 0],
    ['ops', 'fewer', 'firing', 60],
    ['ops', 'late', 'firing', 0],
    ['ops', 'lost', 'firing', 0],
  );
  const candidate = outcomesOf(
    ['ops', 'more', 'firing', 0],
    ['ops', 'more', 'firing', 60],
    ['ops', 'fewer', 'firing', 0],
    ['ops', 'late', 'firing', 30],
    ['team', 'lost', 'firing', 0],
  );
  assert.deepEqual(kinds(real, candidate), [
    'lost lost',
    'added lost',
    'retimed late',
    'fewer fewer',
    'more more',
  ]);
});

test('a resolve without the page before it counts as lost, and a lost one says why', () => {
  const real = outcomesOf(['ops', 'a', 'firing', 0], ['ops', 'a', 'resolved', 60]);
  const candidate = outcomesOf(['ops', 'a', 'resolved', 60]);
  const [difference] = compareOutcomes(real, candidate, OPTIONS).differences;
  assert.deepEqual([difference!.kind, difference!.why], ['lost', 'held: muted by night']);
});

test('the list is bounded, the counts are not', () => {
  const real = outcomesOf(
    ...Array.from({ length: 20 }, (_, index): Said => ['ops', `f${index}`, 'firing', index]),
  );
  const { differences, counts, isCut } = compareOutcomes(real, outcomesOf(), OPTIONS);
  assert.deepEqual([differences.length, counts.lost, isCut], [10, 20, true]);
  assert.equal(differences[0]!.fingerprint, 'f0');
});
