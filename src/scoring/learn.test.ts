import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OUTCOME_KINDS, type Outcome, type OutcomeKind, type ScoreModel } from '../model/score-model.ts';
import { subject } from '../rules/testing.ts';
import { HALF_LIFE_MS } from './fade.ts';
import { featuresOf } from './features.ts';
import { emptyModel, learn, MAX_HABITS, MAX_LEARNED, MAX_WEIGHTS } from './learn.ts';
import { score } from './score.ts';

const T0 = Date.UTC(2026, 0, 5, 10);
const outcome = (kind: OutcomeKind, features: readonly string[], at = T0): Outcome => ({
  tenant: 'default',
  kind,
  at,
  fingerprint: 'f',
  features,
});
const repeat = (model: ScoreModel, given: Outcome, times: number): ScoreModel =>
  learn(
    model,
    Array.from({ length: times }, () => given),
  );

const DISK = ['bias', 'alertname=Disk', 'severity=warning'];
const FLAP = ['bias', 'alertname=Flap', 'severity=warning'];

test('a cold model scores by what is assumed, and shows each weight', () => {
  const critical = score(undefined, ['bias', 'severity=critical', 'environment=production']);
  assert.deepEqual(critical, {
    value: 0.917,
    why: [
      { feature: 'bias', weight: 0.2 },
      { feature: 'severity=critical', weight: 1.4 },
      { feature: 'environment=production', weight: 0.8 },
    ],
  });
  assert.ok(score(undefined, ['bias', 'severity=info', 'environment=development']).value < 0.2);
});

test('what people acknowledge scores higher, what they silence or what ends by itself lower', () => {
  let model = emptyModel('default');
  for (let round = 0; round < 20; round++) {
    model = learn(model, [outcome('acknowledged', DISK)]);
    model = learn(model, [outcome(round % 2 === 0 ? 'silenced' : 'resolved_quickly', FLAP)]);
  }
  const [disk, flap] = [DISK, FLAP].map((features) => score(model, features, T0).value);
  assert.ok(disk! > 0.7 && flap! < 0.4, `${disk} ${flap}`);
  assert.equal(model.learned, 40);
});

test('what was learned counts half after a half-life, and a clock that jumps back changes nothing', () => {
  const model = repeat(emptyModel('default'), outcome('silenced', FLAP), 10);
  const weightAt = (now: number) => score(model, FLAP, now).why[1]!.weight;
  assert.ok(Math.abs(weightAt(T0 + HALF_LIFE_MS) - weightAt(T0) / 2) < 0.002);
  assert.equal(weightAt(T0 - HALF_LIFE_MS), weightAt(T0));
  const earlier = learn(model, [outcome('silenced', FLAP, T0 - HALF_LIFE_MS)]);
  assert.equal(earlier.updatedAt, T0);
});

test('a habit of an alert becomes a feature once there is enough of it', () => {
  const given = subject({ alertname: 'Flap', team: 'x' });
  const historyOf = (model: ScoreModel | undefined) => featuresOf(given, model, 'UTC', T0).at(-1);
  const few = repeat(emptyModel('default'), outcome('silenced', FLAP), 2);
  assert.equal(historyOf(few), 'history=new');
  assert.equal(historyOf(repeat(few, outcome('silenced', FLAP), 2)), 'history=usually_noise');
  assert.deepEqual(featuresOf(given, undefined, 'Asia/Tokyo', T0), [
    'bias',
    'alertname=Flap',
    'severity=warning',
    'environment=unknown',
    'team=x',
    'integration=prom',
    'hours=evening',
    'day=weekday',
    'history=new',
  ]);
});

const anyOutcome = fc.record({
  tenant: fc.constant('default'),
  kind: fc.constantFrom(...OUTCOME_KINDS),
  at: fc.integer({ min: T0 - 1e11, max: T0 + 1e11 }),
  fingerprint: fc.constant('f'),
  features: fc.array(
    fc.oneof(fc.constantFrom('bias', 'alertname=__proto__', '__proto__', 'constructor'), fc.string()),
    {
      maxLength: 20,
    },
  ),
});

test('whatever comes, weights and scores stay in their bounds, and the same outcomes give the same model', () => {
  fc.assert(
    fc.property(fc.array(anyOutcome, { maxLength: 60 }), (outcomes) => {
      const model = learn(emptyModel('default'), outcomes);
      const oneByOne = outcomes.reduce((before, each) => learn(before, [each]), emptyModel('default'));
      assert.deepEqual(model, oneByOne);
      assert.deepEqual(JSON.parse(JSON.stringify(model)), model);
      for (const { value } of Object.values(model.weights)) assert.ok(Math.abs(value) <= MAX_LEARNED);
      for (const { features } of outcomes) {
        const { value } = score(model, features, T0);
        assert.ok(value >= 0 && value <= 1, String(value));
      }
    }),
  );
});

test('a flood of names leaves what was learned best, within the bounds', () => {
  const names = Array.from({ length: MAX_WEIGHTS + 500 }, (_, index) => `alertname=n${index}`);
  const before = repeat(emptyModel('default'), outcome('silenced', FLAP), 30);
  const model = learn(
    before,
    names.map((name) => outcome('acknowledged', [name])),
  );
  assert.ok(Object.keys(model.weights).length <= MAX_WEIGHTS);
  assert.ok(Object.keys(model.habits).length <= MAX_HABITS);
  assert.ok(model.weights['alertname=Flap'] && model.habits['alertname=Flap']);
});
