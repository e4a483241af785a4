import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert } from '../model/alert.ts';
import type { Group } from '../model/group.ts';
import type { RouteSettings } from '../model/settings.ts';
import type { Suppression } from '../model/suppression.ts';
import type { Lane } from '../store/port.ts';
import { T0, sampleAlert, sampleGroup } from '../store/suite/samples.ts';
import { flush, type Flushed } from './flush.ts';

const SECOND = 1_000;
const route: RouteSettings = {
  key: '{}',
  receiver: 'on-call',
  matchers: [],
  continue: false,
  groupBy: [],
  groupWaitMs: 0,
  groupIntervalMs: 300 * SECOND,
  repeatIntervalMs: 3_600 * SECOND,
  muteTimeIntervals: [],
  activeTimeIntervals: [],
  routes: [],
};
const told = (generation: number): readonly Lane[] => [
  { integration: 'pager', open: [], deliveredGeneration: generation },
];
const silenced: Suppression = { reason: 'silenced', rule: 'sil-1', until: T0 + 900 * SECOND };

function tick(
  group: Group,
  members: readonly Alert[],
  hushed: readonly string[],
  now: number,
  lanes: readonly Lane[] = told(group.generation),
  firingCount = members.filter(({ status }) => status === 'firing').length,
): Flushed {
  return flush(
    {
      group,
      members,
      firingCount,
      route,
      entries: [{ integration: 'pager', sendResolved: true }],
      lanes,
      suppressed: new Map(hushed.map((fingerprint) => [fingerprint, silenced])),
      fallbacks: () => [],
    },
    now,
  );
}

const firing = sampleAlert;
const over = (fingerprint: string) => sampleAlert(fingerprint, { status: 'resolved', endsAt: T0 });
const reasons = ({ tellings }: Flushed) => tellings.map(({ reason }) => reason);
const shown = (flushed: Flushed) => flushed.shown.map(({ fingerprint }) => fingerprint);

test('[BR-AP-008] what is suppressed is told to nobody, stays in the group, and is looked at again at the next tick', () => {
  const first = tick(sampleGroup('g'), [firing('a')], ['a'], T0, []);
  assert.deepEqual(reasons(first), []);
  assert.equal(first.gone, false);
  assert.deepEqual(first.leaving, []);
  assert.equal(first.group.flushAt, T0 + 300 * SECOND);
  assert.deepEqual(
    first.group.decisions.map(({ stage, rule, outcome }) => [stage, rule, outcome]),
    [['suppress', 'sil-1', 'silenced']],
  );
  const freed = tick(first.group, [firing('a')], [], T0 + 300 * SECOND, []);
  assert.deepEqual(reasons(freed), ['first']);
});

test('only what is not suppressed is shown', () => {
  const first = tick(sampleGroup('g'), [firing('a'), firing('b')], ['b'], T0, []);
  assert.deepEqual(reasons(first), ['first']);
  assert.deepEqual(shown(first), ['a']);
  assert.deepEqual(first.group.told[0]?.firing, ['a']);
  assert.equal(first.shownFiring, 1);
});

test('what is suppressed after it was told is not told as over, and not repeated', () => {
  const first = tick(sampleGroup('g'), [firing('a')], [], T0, []);
  const hushed = tick(first.group, [firing('a')], ['a'], T0 + 4_000 * SECOND);
  assert.deepEqual(reasons(hushed), []);
  assert.deepEqual(hushed.group.told, first.group.told);
});

test('whoever was told "firing" gets the resolve although the alert is suppressed by then', () => {
  const first = tick(sampleGroup('g'), [firing('a')], [], T0, []);
  const hushed = tick(first.group, [firing('a')], ['a'], T0 + 300 * SECOND);
  const ended = tick(hushed.group, [over('a')], ['a'], T0 + 600 * SECOND);
  assert.deepEqual(reasons(ended), ['all_resolved']);
  assert.deepEqual(shown(ended), ['a']);
  assert.equal(ended.gone, true);
});

test('also when another alert was told in between without it', () => {
  const first = tick(sampleGroup('g'), [firing('a')], [], T0, []);
  const second = tick(first.group, [firing('a'), firing('b')], ['a'], T0 + 300 * SECOND);
  assert.deepEqual([reasons(second), shown(second)], [['new_alerts'], ['b']]);
  assert.deepEqual(second.group.told[0]?.hushed, ['a']);
  const third = tick(second.group, [firing('a'), over('b')], ['a'], T0 + 600 * SECOND);
  assert.deepEqual([reasons(third), shown(third)], [['some_resolved'], ['b']]);
  const last = tick(third.group, [over('a')], ['a'], T0 + 900 * SECOND);
  assert.deepEqual([reasons(last), shown(last)], [['all_resolved'], ['a']]);
});

test('what is let go after it was left out of a notification is news', () => {
  const first = tick(sampleGroup('g'), [firing('a')], [], T0, []);
  const second = tick(first.group, [firing('a'), firing('b')], ['a'], T0 + 300 * SECOND);
  const third = tick(second.group, [firing('a'), firing('b')], [], T0 + 600 * SECOND);
  assert.deepEqual([reasons(third), shown(third)], [['new_alerts'], ['a', 'b']]);
});

test('what came and went while it was suppressed is told to nobody', () => {
  const first = tick(sampleGroup('g'), [firing('a')], ['a'], T0, []);
  const ended = tick(first.group, [over('a')], ['a'], T0 + 300 * SECOND, []);
  assert.deepEqual([reasons(ended), ended.gone, ended.leaving], [[], true, ['a']]);
  const beside = tick(sampleGroup('h'), [firing('b'), over('a')], ['a'], T0, []);
  assert.deepEqual(shown(beside), ['b']);
});

test('of a storm that is too large to load, all is suppressed when all that was loaded is', () => {
  const storm = tick(sampleGroup('g'), [firing('a'), firing('b')], ['a', 'b'], T0, [], 7_000);
  assert.deepEqual(reasons(storm), []);
  const mixed = tick(sampleGroup('g'), [firing('a'), firing('b')], ['a'], T0, [], 7_000);
  assert.equal(mixed.shownFiring, 6_999);
});
