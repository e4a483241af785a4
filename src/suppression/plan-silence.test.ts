import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { silenceState, type Silence } from '../model/silence.ts';
import { T0, sampleSilence } from '../store/suite/samples.ts';
import { planExpiry, planSilence, type SilencePlan } from './plan-silence.ts';

const MINUTE = 60_000;

function rowsOf(plan: SilencePlan): readonly Silence[] {
  assert.ok(plan.ok, 'the plan is possible');
  return plan.rows;
}

const {
  id: _,
  updatedAt: __,
  ...draft
} = sampleSilence('draft', {
  startsAt: T0,
  endsAt: T0 + 60 * MINUTE,
});

test('a new silence that would begin in the past begins now', () => {
  const [made] = rowsOf(planSilence(undefined, { ...draft, startsAt: T0 - MINUTE }, 'new', T0));
  assert.deepEqual([made!.id, made!.startsAt, made!.updatedAt], ['new', T0, T0]);
});

test('the end of an active silence is moved in place', () => {
  const before = sampleSilence('old', { startsAt: T0 - MINUTE, endsAt: T0 + MINUTE });
  const plan = planSilence(before, { ...draft, startsAt: before.startsAt }, 'new', T0);
  assert.deepEqual(
    rowsOf(plan).map(({ id, endsAt }) => [id, endsAt]),
    [['old', draft.endsAt]],
  );
});

test('other matchers, or another start, end an active silence and make a new one', () => {
  const before = sampleSilence('old', { startsAt: T0 - MINUTE, endsAt: T0 + MINUTE });
  for (const changed of [
    { ...draft, startsAt: before.startsAt, matchers: [{ name: 'a', op: '=' as const, value: 'b' }] },
    { ...draft, startsAt: T0 + MINUTE },
  ]) {
    const [ended, made] = rowsOf(planSilence(before, changed, 'new', T0));
    assert.deepEqual([ended!.id, ended!.endsAt, made!.id], ['old', T0, 'new']);
  }
});

test('what has expired stays as it was', () => {
  const before = sampleSilence('old', { startsAt: T0 - 2 * MINUTE, endsAt: T0 - MINUTE });
  assert.deepEqual(
    rowsOf(planSilence(before, draft, 'new', T0)).map(({ id }) => id),
    ['new'],
  );
  assert.deepEqual(planExpiry(before, T0), {
    ok: false,
    code: 'conflict',
    detail: 'silence old already expired',
  });
});

test('a silence that has not begun can be ended, and then never begins', () => {
  const before = sampleSilence('old', { startsAt: T0 + MINUTE, endsAt: T0 + 2 * MINUTE });
  const [ended] = rowsOf(planExpiry(before, T0));
  assert.equal(silenceState(ended!, T0), 'expired');
});

test('whatever is asked, at most one silence of a plan is open, and nothing that is over opens again', () => {
  const time = fc.integer({ min: -5, max: 5 }).map((minutes) => T0 + minutes * MINUTE);
  const matchers = fc.constantFrom('x', 'y').map((value) => [{ name: 'a', op: '=' as const, value }]);
  const bounds = fc.tuple(time, time).filter(([start, end]) => start < end);
  fc.assert(
    fc.property(bounds, bounds, matchers, matchers, ([start, end], [nextStart, nextEnd], own, next) => {
      fc.pre(nextEnd > T0);
      const before = sampleSilence('old', { startsAt: start, endsAt: end, matchers: own });
      const asked = { ...draft, startsAt: nextStart, endsAt: nextEnd, matchers: next };
      const rows = rowsOf(planSilence(before, asked, 'new', T0));
      const open = rows.filter((row) => silenceState(row, T0) !== 'expired');
      assert.equal(open.length, 1);
      if (silenceState(before, T0) === 'expired') assert.equal(open[0]!.id, 'new');
      assert.deepEqual(open[0]!.matchers, next);
    }),
  );
});
