import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTimeInterval } from '../calendar/parse-time-interval.ts';
import { whyHeld } from './hold.ts';

const intervals = {
  nights: [
    parseTimeInterval({ times: [{ start_time: '22:00', end_time: '24:00' }] }),
    parseTimeInterval({ times: [{ start_time: '00:00', end_time: '06:00' }] }),
  ],
  weekends: [parseTimeInterval({ weekdays: ['saturday', 'sunday'] })],
  never: [parseTimeInterval({ years: ['1999'] })],
  always: [parseTimeInterval({})],
};
const route = (mute: readonly string[], active: readonly string[] = []) => ({
  muteTimeIntervals: mute,
  activeTimeIntervals: active,
});
/** 2026-03-06 is a Friday. */
const at = (text: string): number => Date.parse(`2026-03-${text}:00Z`);

test('a route without intervals is never held', () => {
  assert.equal(whyHeld(route([]), intervals, at('07T12:00')), undefined);
});

test('a mute holds while one of its intervals does, and says when it ends', () => {
  assert.equal(whyHeld(route(['nights']), intervals, at('06T12:00')), undefined);
  assert.deepEqual(whyHeld(route(['never', 'nights']), intervals, at('06T23:00')), {
    reason: 'muted',
    rule: 'nights',
    until: at('07T06:00'),
  });
});

test('holds that follow one another without a gap are one', () => {
  assert.deepEqual(whyHeld(route(['nights', 'weekends']), intervals, at('06T23:00')), {
    reason: 'muted',
    rule: 'nights',
    until: at('09T06:00'),
  });
});

test('outside its active times a route is held until the next one begins', () => {
  assert.equal(whyHeld(route([], ['weekends']), intervals, at('07T12:00')), undefined);
  assert.deepEqual(whyHeld(route([], ['weekends']), intervals, at('06T12:00')), {
    reason: 'inactive',
    rule: 'weekends',
    until: at('07T00:00'),
  });
});

test('a hold without an end in sight says none', () => {
  assert.deepEqual(whyHeld(route([], ['never']), intervals, at('06T12:00')), {
    reason: 'inactive',
    rule: 'never',
  });
  assert.deepEqual(whyHeld(route(['always']), intervals, at('06T12:00')), {
    reason: 'muted',
    rule: 'always',
  });
});
