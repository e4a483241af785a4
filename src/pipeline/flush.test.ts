import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Alert } from '../model/alert.ts';
import type { Group } from '../model/group.ts';
import type { RouteSettings } from '../model/settings.ts';
import type { Lane } from '../store/port.ts';
import { flush, type FlushInput } from './flush.ts';
import { gather, nextTick } from './gather.ts';

const T0 = 1_000_000_000_000;
const SECOND = 1_000;
const route: RouteSettings = {
  key: '{}',
  receiver: 'on-call',
  matchers: [],
  continue: false,
  groupBy: ['alertname'],
  groupWaitMs: 30 * SECOND,
  groupIntervalMs: 300 * SECOND,
  repeatIntervalMs: 4 * 3600 * SECOND,
  muteTimeIntervals: [],
  activeTimeIntervals: [],
  routes: [],
};

function wake(status: 'firing' | 'resolved', startsAt = T0) {
  return {
    groupId: 'g1',
    tenant: 'default',
    routeKey: '{}',
    labels: { alertname: 'A' },
    fingerprint: 'f1',
    status,
    startsAt,
  };
}

function alert(fingerprint: string, status: 'firing' | 'resolved'): Alert {
  return {
    tenant: 'default',
    fingerprint,
    partition: 0,
    status,
    labels: { alertname: 'A' },
    annotations: {},
    severity: '',
    priority: 'warning',
    integration: 'prom',
    episode: 1,
    occurrences: 1,
    startsAt: T0,
    lastSeenAt: T0,
    changedAt: T0,
    eventAt: T0,
    signal: 's',
    signalHash: 'h',
    signalAt: T0,
    decisions: [],
  };
}

function input(
  group: Group,
  members: readonly Alert[],
  lanes: readonly Lane[] = [],
  rest: Partial<FlushInput> = {},
): FlushInput {
  return {
    group,
    members,
    firingCount: members.filter((member) => member.status === 'firing').length,
    route,
    entries: [{ integration: 'pager', sendResolved: true }],
    lanes,
    fallbacks: () => [],
    ...rest,
  };
}

const delivered = (generation: number, integration = 'pager'): Lane => ({
  integration,
  open: [],
  deliveredGeneration: generation,
});
const fresh = gather(undefined, wake('firing'), route, T0)!;

test('a new group waits group_wait, and not at all when its first alert is older than that', () => {
  assert.equal(fresh.flushAt, T0 + 30 * SECOND);
  assert.equal(gather(undefined, wake('firing', T0 - 60 * SECOND), route, T0)!.flushAt, T0);
  assert.equal(gather(undefined, wake('resolved'), route, T0), undefined);
});

test('a flushed group tells of a change at the next tick of group_interval', () => {
  const { group } = flush(input(fresh, [alert('f1', 'firing')]), fresh.flushAt);
  const changed = gather(group, wake('firing', T0 + 400 * SECOND), route, group.anchorAt + 310 * SECOND)!;
  assert.equal(changed.flushAt, group.anchorAt + 600 * SECOND);
  assert.equal(nextTick(T0, 300, T0), T0 + 300);
});

test('the first flush tells, a flush without news does not, and a new alert is news', () => {
  const first = flush(input(fresh, [alert('f1', 'firing')]), T0);
  assert.deepEqual(first.tellings, [{ integration: 'pager', reason: 'first', withResolved: true }]);
  const quiet = flush(input(first.group, [alert('f1', 'firing')], [delivered(1)]), T0 + 300 * SECOND);
  assert.deepEqual([quiet.tellings, quiet.group.generation], [[], 1]);
  const news = flush(
    input(quiet.group, [alert('f1', 'firing'), alert('f2', 'firing')], [delivered(1)]),
    T0 + 600 * SECOND,
  );
  assert.deepEqual([news.tellings[0]?.reason, news.group.generation], ['new_alerts', 2]);
});

test('the same is told again after repeat_interval', () => {
  const first = flush(input(fresh, [alert('f1', 'firing')]), T0);
  assert.equal(first.group.flushAt, T0 + route.repeatIntervalMs);
  const repeated = flush(input(first.group, [alert('f1', 'firing')], [delivered(1)]), first.group.flushAt);
  assert.equal(repeated.tellings[0]?.reason, 'repeat');
});

test('when all has resolved those who know are told, and the group goes', () => {
  const first = flush(input(fresh, [alert('f1', 'firing')]), T0);
  const over = flush(input(first.group, [alert('f1', 'resolved')], [delivered(1)]), T0 + 300 * SECOND);
  assert.deepEqual([over.tellings[0]?.reason, over.gone, over.leaving], ['all_resolved', true, ['f1']]);
});

test('[BR-REL-013] nobody is told the end of what they never heard of: the unsent notification is superseded and nothing is sent', () => {
  const first = flush(input(fresh, [alert('f1', 'firing')]), T0);
  const lane: Lane = {
    integration: 'pager',
    open: [{ id: 'd1', generation: 1, status: 'pending' }],
    deliveredGeneration: 0,
  };
  const over = flush(input(first.group, [alert('f1', 'resolved')], [lane]), T0 + 300 * SECOND);
  assert.deepEqual([over.tellings, over.superseded, over.gone], [[], ['d1'], true]);
  // Another node may be about to send it: then this was decided too early.
  assert.deepEqual(over.unheard, ['d1']);
});

test('who may have been told, because it is being sent, gets the resolve', () => {
  const first = flush(input(fresh, [alert('f1', 'firing')]), T0);
  const lane: Lane = {
    integration: 'pager',
    open: [{ id: 'd1', generation: 1, status: 'sending' }],
    deliveredGeneration: 0,
  };
  const over = flush(input(first.group, [alert('f1', 'resolved')], [lane]), T0 + 300 * SECOND);
  assert.deepEqual([over.tellings.length, over.superseded], [1, []]);
  const newer = flush(
    input(first.group, [alert('f1', 'resolved')], [{ ...lane, deliveredGeneration: 1 }]),
    T0,
  );
  assert.deepEqual(newer.unheard, []);
});

test('[BR-ERR-012] a stand-in that was told in place of the first integration gets the resolve', () => {
  const first = flush(input(fresh, [alert('f1', 'firing')]), T0);
  const lanes: Lane[] = [delivered(0), delivered(1, 'sms')];
  const over = flush(
    input(first.group, [alert('f1', 'resolved')], lanes, { fallbacks: () => ['sms'] }),
    T0 + 300 * SECOND,
  );
  assert.deepEqual(
    over.tellings.map((telling) => telling.integration),
    ['sms'],
  );
});

test('[BR-REL-013] what waits at a stand-in is superseded when all is over, and kept while something fires', () => {
  const first = flush(input(fresh, [alert('f1', 'firing')]), T0);
  const waiting: Lane = {
    integration: 'sms',
    open: [{ id: 'd1', generation: 1, status: 'pending' }],
    deliveredGeneration: 0,
  };
  const at = T0 + 300 * SECOND;
  const fallbacks = () => ['sms'];
  const [pager, sms] = ['pager', 'sms'].map((integration) => ({ integration, sendResolved: true }));
  for (const entries of [[pager!], [pager!, sms!]]) {
    const over = flush(
      input(first.group, [alert('f1', 'resolved')], [delivered(0), waiting], { fallbacks, entries }),
      at,
    );
    assert.deepEqual([over.tellings, over.superseded, over.unheard], [[], ['d1'], ['d1']]);
  }
  const news = [alert('f1', 'firing'), alert('f2', 'firing')];
  const more = flush(input(first.group, news, [delivered(0), waiting], { fallbacks }), at);
  assert.deepEqual(more.superseded, []);
});

test('send_resolved: false tells no resolve, and tells the next episode', () => {
  const entries = [{ integration: 'pager', sendResolved: false }];
  const first = flush(input(fresh, [alert('f1', 'firing')], [], { entries }), T0);
  const over = flush(
    input(first.group, [alert('f1', 'resolved')], [delivered(1)], { entries }),
    T0 + 300 * SECOND,
  );
  assert.deepEqual([over.tellings, over.gone, over.group.told], [[], true, []]);
  const again = flush(input(fresh, [alert('f1', 'firing')], [delivered(1)], { entries }), T0 + 900 * SECOND);
  assert.deepEqual([again.tellings[0]?.reason, again.group.generation], ['first', 2]);
});

test('a group that comes back counts on from what its lanes saw, so that a late old notification never wins', () => {
  const lane: Lane = {
    integration: 'pager',
    open: [{ id: 'd7', generation: 7, status: 'pending' }],
    deliveredGeneration: 3,
  };
  const again = flush(input(fresh, [alert('f1', 'firing')], [lane]), T0);
  assert.deepEqual([again.group.generation, again.superseded], [8, ['d7']]);
});

test('whatever happens, everybody who was told "firing" is told "resolved" when all is over', () => {
  const steps = fc.array(fc.record({ fires: fc.boolean(), other: fc.boolean(), arrives: fc.boolean() }), {
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(steps, (list) => {
      let group: Group | undefined;
      let now = T0;
      let deliveredGeneration = 0;
      let open: Lane['open'] = [];
      let heard = 'nothing';
      const said = new Map<string, string>();
      const all = [
        ...list,
        { fires: false, other: false, arrives: true },
        { fires: false, other: false, arrives: true },
      ];
      for (const { fires, other, arrives } of all) {
        now += 300 * SECOND;
        const members = [
          alert('f1', fires ? 'firing' : 'resolved'),
          alert('f2', other ? 'firing' : 'resolved'),
        ];
        const any = fires || other;
        if (!group && any) group = gather(undefined, wake('firing', now), route, now)!;
        if (group) {
          const result = flush(
            input(group, members, [{ integration: 'pager', open, deliveredGeneration }]),
            now,
          );
          open = open.filter((delivery) => !result.superseded.includes(delivery.id));
          for (const { integration } of result.tellings) {
            const { generation } = result.group;
            said.set(`${integration}${generation}`, any ? 'firing' : 'resolved');
            open = [...open, { id: `${integration}${generation}`, generation, status: 'pending' }];
          }
          group = result.gone ? undefined : result.group;
        }
        assert.ok(open.length <= 1, 'at most one notification of a lane waits');
        if (arrives && open.length > 0) {
          deliveredGeneration = open[0]!.generation;
          heard = said.get(open[0]!.id)!;
          open = [];
        }
      }
      assert.notEqual(heard, 'firing');
    }),
    { numRuns: 2_000 },
  );
});

test('a hold tells nobody and says so; when it ends, what still fires is told', () => {
  const hold = { reason: 'muted', rule: 'nights', until: T0 + 900 * SECOND } as const;
  const held = flush(input(fresh, [alert('f1', 'firing')], [], { hold }), T0);
  assert.deepEqual([held.tellings, held.gone, held.leaving], [[], false, []]);
  assert.deepEqual(held.group.held, { ...hold, since: T0 });
  assert.equal(held.group.flushAt, T0 + route.groupIntervalMs);
  const again = flush(input(held.group, [alert('f1', 'firing')], [], { hold }), held.group.flushAt);
  assert.equal(again.group.held?.since, T0);
  assert.deepEqual(
    again.group.decisions.map(({ stage, rule, outcome, count }) => [stage, rule, outcome, count]),
    [['suppress', 'nights', 'muted', 2]],
  );
  const over = flush(input(again.group, [alert('f1', 'firing')]), T0 + 900 * SECOND);
  assert.equal(over.tellings[0]?.reason, 'first');
  assert.equal(over.group.held, undefined);
});

test('what came and went during a hold is told to nobody, and who was told before hears the end after it', () => {
  const hold = { reason: 'inactive', rule: 'office' } as const;
  const unheard = flush(input(fresh, [alert('f1', 'resolved')], [], { hold }), T0);
  assert.deepEqual([unheard.tellings, unheard.gone], [[], true]);
  const first = flush(input(fresh, [alert('f1', 'firing')]), T0);
  const kept = flush(
    input(first.group, [alert('f1', 'resolved'), alert('f2', 'resolved')], [delivered(1)], { hold }),
    T0 + 300 * SECOND,
  );
  assert.deepEqual([kept.tellings, kept.gone, kept.leaving], [[], false, ['f2']]);
  const over = flush(input(kept.group, [alert('f1', 'resolved')], [delivered(1)]), T0 + 600 * SECOND);
  assert.deepEqual([over.tellings[0]?.reason, over.gone], ['all_resolved', true]);
});
