import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { admit, CLOSED, createBreaker, settle, type BreakerOutcome, type BreakerState } from './breaker.ts';

const settings = { failures: 3, cooldownMs: 1_000 };

test('[ADR6-050] failures in a row open the breaker, a success in between starts the count anew', () => {
  let state: BreakerState = CLOSED;
  for (const outcome of ['failure', 'failure', 'success', 'failure', 'failure'] as const) {
    state = settle(state, settings, outcome, 0);
  }
  assert.deepEqual(state, { phase: 'closed', failures: 2 });
  state = settle(state, settings, 'failure', 0);
  assert.deepEqual(state, { phase: 'open', untilMs: 1_000 });
  assert.equal(admit(state, settings, 400).waitMs, 600);
});

test('after the cool-down one trial passes, and its outcome decides', () => {
  const open: BreakerState = { phase: 'open', untilMs: 1_000 };
  const trial = admit(open, settings, 1_000);
  assert.equal(trial.waitMs, 0);
  assert.equal(admit(trial.state, settings, 1_001).waitMs, 999, 'a second one waits');
  assert.deepEqual(settle(trial.state, settings, 'success', 1_500), CLOSED);
  assert.deepEqual(settle(trial.state, settings, 'failure', 1_500), { phase: 'open', untilMs: 2_500 });
  const cancelled = settle(trial.state, settings, 'unknown', 1_500);
  assert.equal(admit(cancelled, settings, 1_500).waitMs, 0, 'a cancelled trial makes room for the next');
});

test('a trial that never reports is given up after another cool-down', () => {
  const trial = admit({ phase: 'open', untilMs: 0 }, settings, 0);
  assert.equal(admit(trial.state, settings, 1_000).waitMs, 0);
});

test('outcomes of calls from before the breaker opened change nothing', () => {
  const open: BreakerState = { phase: 'open', untilMs: 1_000 };
  for (const outcome of ['success', 'failure', 'unknown'] as const) {
    assert.equal(settle(open, settings, outcome, 10), open);
  }
});

type Step = { readonly afterMs: number; readonly do: 'admit' | BreakerOutcome };
const steps = fc.array(
  fc.record<Step>({
    afterMs: fc.nat(700),
    do: fc.constantFrom('admit', 'success', 'failure', 'unknown'),
  }),
  { maxLength: 80 },
);

test('whatever happens, the breaker never stays shut longer than a cool-down and never lets two trials pass within one', () => {
  fc.assert(
    fc.property(steps, (history) => {
      let nowMs = 0;
      let lastTrialMs = -Infinity;
      const breaker = createBreaker(settings, () => nowMs);
      for (const step of history) {
        nowMs += step.afterMs;
        if (step.do !== 'admit') {
          const before = breaker.state().phase;
          breaker.settle(step.do);
          if (before === 'half-open') lastTrialMs = -Infinity;
          continue;
        }
        const before = breaker.state().phase;
        const waitMs = breaker.admit();
        assert.ok(waitMs >= 0 && waitMs <= settings.cooldownMs);
        if (before === 'closed') assert.equal(waitMs, 0);
        if (waitMs > 0 || before === 'closed') continue;
        assert.equal(breaker.state().phase, 'half-open');
        assert.ok(nowMs - lastTrialMs >= settings.cooldownMs);
        lastTrialMs = nowMs;
      }
    }),
  );
});

test('a system that works again is let through again after at most two cool-downs', () => {
  fc.assert(
    fc.property(steps, (history) => {
      let nowMs = 0;
      const breaker = createBreaker(settings, () => nowMs);
      for (const step of history) {
        nowMs += step.afterMs;
        if (step.do === 'admit') breaker.admit();
        else breaker.settle(step.do);
      }
      nowMs += settings.cooldownMs;
      if (breaker.admit() > 0) {
        nowMs += settings.cooldownMs;
        assert.equal(breaker.admit(), 0);
      }
      breaker.settle('success');
      assert.deepEqual(breaker.state(), CLOSED);
    }),
  );
});
