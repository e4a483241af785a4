import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { steerClock } from './steer-clock.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** A clock that is looked at once a second, beside one that others set. */
function run(patienceMs: number) {
  let at = 0;
  let now = 0;
  let leapSince: number | undefined;
  return {
    get now() {
      return now;
    },
    get at() {
      return at;
    },
    /** @param offsetMs by how much the other clock is wrong */
    pass(seconds: number, offsetMs: number) {
      for (let second = 0; second < seconds; second++) {
        const before = at;
        at += SECOND_MS;
        now += SECOND_MS;
        const reading = { earliest: at + offsetMs, latest: at + offsetMs };
        const leap = leapSince === undefined ? {} : { leapSince };
        const found = steerClock({ now, reading, at, before, patienceMs, ...leap });
        now += found.turnMs;
        leapSince = found.leapSince;
      }
    },
  };
}

test('a clock that is set an hour ahead and back within a minute is not followed', () => {
  const clock = run(60_000);
  clock.pass(59, HOUR_MS);
  assert.equal(clock.now, clock.at);
  clock.pass(1, 0);
  clock.pass(59, HOUR_MS);
  assert.equal(clock.now, clock.at);
});

test('a clock that stays ahead is followed after a minute', () => {
  const clock = run(60_000);
  clock.pass(61, HOUR_MS);
  assert.equal(clock.now, clock.at + HOUR_MS);
});

test('[BR-REL-002] what becomes due while the clock is ahead is hardly late when it is right again, and the hour goes by and by', () => {
  const clock = run(60_000);
  clock.pass(61, HOUR_MS);
  const due = clock.now + 10 * SECOND_MS;
  clock.pass(12, 0);
  assert.ok(clock.now >= due);
  clock.pass(10 * 3_600, 0);
  assert.equal(clock.now, clock.at);
});

test('what others know is followed at once when they have gone on', () => {
  const clock = run(0);
  clock.pass(1, HOUR_MS);
  assert.equal(clock.now, clock.at + HOUR_MS);
});

test('an answer that took its time turns nothing while the clock may be right', () => {
  const look = { now: 10_000, at: 1, before: 0, patienceMs: 0 };
  assert.equal(steerClock({ ...look, reading: { earliest: 9_000, latest: 10_500 } }).turnMs, 0);
  assert.equal(steerClock({ ...look, reading: { earliest: 10_200, latest: 11_000 } }).turnMs, 200);
});

test('whatever another clock is set to, this one goes on: never back, and never slower than nine tenths', () => {
  const set = fc.record({
    seconds: fc.integer({ min: 1, max: 200 }),
    offsetMs: fc.integer({ min: -2 * HOUR_MS, max: 2 * HOUR_MS }),
  });
  fc.assert(
    fc.property(fc.array(set), fc.constantFrom(0, 60_000), (sets, patienceMs) => {
      const clock = run(patienceMs);
      for (const { seconds, offsetMs } of sets) {
        for (let second = 0; second < seconds; second++) {
          const before = clock.now;
          clock.pass(1, offsetMs);
          assert.ok(clock.now - before >= 0.9 * SECOND_MS);
        }
      }
    }),
  );
});
