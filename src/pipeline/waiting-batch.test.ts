import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_ENRICHMENTS } from '../enrichment/testing/no-enrichments.ts';
import { findWaiting, letWait, type WaitingDesk } from './waiting-batch.ts';

const POSITIONS = new Map([
  [0, 5],
  [1, 7],
]);

/** A batch of partition 0 that waits on the desk, and a way to answer. */
function askAbout(from: number) {
  const desk: WaitingDesk = {};
  const answered = Promise.withResolvers<void>();
  const stretches = [{ partition: 0, from, to: from + 1, records: [] }];
  const preparing = { over: answered.promise, answers: () => new Map(), finish: () => [] };
  const over = letWait(desk, { stretches, oldestAt: 1, enrichments: NO_ENRICHMENTS, preparing });
  return { desk, over, answer: answered.resolve };
}

test('a batch stands until its answers are there, and is then found with them', async () => {
  const { desk, over, answer } = askAbout(5);
  assert.equal(findWaiting(desk, POSITIONS, NO_ENRICHMENTS)?.isOver, false);
  answer();
  await over;
  assert.equal(findWaiting(desk, POSITIONS, NO_ENRICHMENTS)?.isOver, true);
});

test('a batch that was folded, or whose partition somebody else has, is forgotten', () => {
  assert.equal(findWaiting(askAbout(4).desk, POSITIONS, NO_ENRICHMENTS), undefined);
  const { desk } = askAbout(5);
  assert.equal(findWaiting(desk, new Map([[1, 7]]), NO_ENRICHMENTS), undefined);
  assert.equal(findWaiting(desk, POSITIONS, NO_ENRICHMENTS), undefined);
});

test('after a reload the new enrichments are asked', () => {
  const { desk } = askAbout(5);
  assert.equal(findWaiting(desk, POSITIONS, { ...NO_ENRICHMENTS }), undefined);
});
