import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHeldClock, settled } from '../enrichment/testing/held-clock.ts';
import { QUIET } from '../enrichment/testing/subjects.ts';
import type { Alert } from '../model/alert.ts';
import { sampleAlert } from '../store/suite/samples.ts';
import { createAnalysisQueue, MAX_WAITING, type Answered } from './analysis-queue.ts';
import { takeAssessment, takeScore, Unusable } from './take-answer.ts';

const alertNamed = (name: string, changes: Partial<Alert> = {}): Alert => ({
  ...sampleAlert(name),
  status: 'firing',
  labels: { alertname: name },
  ...changes,
});

/** A queue over a machine that answers when it is told to. */
function build(requests = 1_000, concurrency = 2) {
  const clock = createHeldClock();
  const asked: { readonly name: string; readonly answer: (value: unknown) => void }[] = [];
  const answered: Answered[] = [];
  const counts: Record<string, number> = {};
  const queue = createAnalysisQueue({
    role: 'analyst',
    task: {
      integration: 'llm',
      matchers: [{ name: 'alertname', op: '!=', value: 'Private' }],
      timeoutMs: 1_000,
      rate: { requests, perMs: 60_000 },
    },
    ask: ({ alert }) =>
      new Promise((answer) => void asked.push({ name: alert.labels['alertname']!, answer })),
    take: takeAssessment,
    concurrency,
    redact: (text) => text,
    onAnswer: (each) => void answered.push(each),
    clock,
    log: QUIET,
    metrics: { asked: (_, outcome) => void (counts[outcome] = (counts[outcome] ?? 0) + 1) },
  });
  return { queue, clock, asked, answered, counts };
}

test('a few are asked about at a time, in their order, and answers carry the episode', async () => {
  const { queue, asked, answered } = build();
  queue.offer(['A', 'B', 'C'].map((name) => alertNamed(name, { episode: 3 })));
  await settled();
  assert.deepEqual(
    asked.map(({ name }) => name),
    ['A', 'B'],
  );
  asked[0]!.answer({ summary: 'so it is' });
  await settled();
  assert.deepEqual(
    asked.map(({ name }) => name),
    ['A', 'B', 'C'],
  );
  const { kind, episode, analysis } = answered[0]!.command.action;
  assert.deepEqual([kind, episode, analysis.summary, analysis.by], ['note_analysis', 3, 'so it is', 'llm']);
});

test('what the condition does not take is not asked about', async () => {
  const { queue, asked } = build();
  queue.offer([alertNamed('Private'), alertNamed('B')]);
  await settled();
  assert.deepEqual(
    asked.map(({ name }) => name),
    ['B'],
  );
});

test('a machine that hangs is given up after its time, and the next has its turn', async () => {
  const { queue, clock, asked, counts } = build(1_000, 1);
  queue.offer([alertNamed('A'), alertNamed('B')]);
  await settled();
  await clock.forward(1_000);
  assert.deepEqual([asked.length, counts], [2, { timeout: 1 }]);
});

test('the rate is kept: the others wait for it', async () => {
  const { queue, clock, asked } = build(1, 10);
  queue.offer([alertNamed('A'), alertNamed('B')]);
  await settled();
  assert.equal(asked.length, 1);
  await clock.forward(60_000);
  assert.equal(asked.length, 2);
});

test('a flood is left out above the bound and counted, and so is what waits when the queue is closed', async () => {
  const { queue, counts } = build(1_000, 1);
  queue.offer(Array.from({ length: MAX_WAITING + 5 }, (_, index) => alertNamed(`A${index}`)));
  assert.equal(counts['dropped'], 5);
  await settled();
  queue.close();
  await settled();
  assert.equal(counts['dropped'], MAX_WAITING + 5);
  queue.offer([alertNamed('Late')]);
  assert.equal(counts['dropped'], MAX_WAITING + 5);
});

test('nonsense is counted and goes nowhere', async () => {
  const { queue, asked, answered, counts } = build();
  queue.offer([alertNamed('A'), alertNamed('B')]);
  await settled();
  asked[0]!.answer('just a text');
  asked[1]!.answer({ summary: ' ' });
  await settled();
  assert.deepEqual([answered, counts], [[], { unusable: 2 }]);
});

test('answers are cleaned, cut and labelled; a score out of its bounds is none', () => {
  const taken = takeAssessment(
    { summary: `\u001b[2Jx${'y'.repeat(2_000)}`, runbook: null, more: 1 },
    'llm',
    7,
  );
  assert.deepEqual(Object.keys(taken), ['machineMade', 'summary', 'by', 'at']);
  assert.equal(taken.summary?.length, 1_000);
  assert.ok(taken.summary.startsWith('xyy'));
  for (const value of [-0.1, 1.1, NaN, '0.5', undefined])
    assert.throws(() => takeScore({ value, why: 'x' }, 'oracle', 7), Unusable);
});

test('an episode that waits, is being asked about, was asked about in vain or has its answer is not taken again', async () => {
  const { queue, asked, counts } = build(1_000, 1);
  const answer = { machineMade: true as const, summary: 'known' };
  queue.offer([alertNamed('A'), alertNamed('B'), alertNamed('Known', { facts: { analysis: answer } })]);
  queue.offer([alertNamed('A'), alertNamed('B')]);
  await settled();
  asked[0]!.answer({ summary: 'x' });
  await settled();
  asked[1]!.answer('nonsense');
  await settled();
  assert.deepEqual(
    asked.map(({ name }) => name),
    ['A', 'B'],
  );
  assert.deepEqual(counts, { answered: 1, unusable: 1 });
  queue.offer([alertNamed('B')]);
  await settled();
  assert.equal(asked.length, 2, 'nor what was asked here in vain; the next process asks about it once more');
});
