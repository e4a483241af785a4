import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AlertData } from '@signalbox/sdk';
import type { Alert } from '../model/alert.ts';
import { expire, fold, refresh } from './fold.ts';

const T0 = Date.parse('2026-03-01T10:00:00Z');
const MINUTE = 60_000;
const iso = (at: number) => new Date(at).toISOString();
const labels = { alertname: 'DiskFull', severity: 'critical' };

function say(data: Partial<AlertData>, saidAt?: number) {
  return {
    tenant: 'default',
    fingerprint: 'f1',
    integration: 'prom',
    signal: 's1',
    signalHash: 'h1',
    partition: 0,
    data: { status: 'firing' as const, labels, annotations: {}, ...data },
    ...(saidAt === undefined ? {} : { saidAt }),
  };
}

function folded(alert: Alert | undefined, data: Partial<AlertData>, now: number, saidAt?: number) {
  return fold(alert, say(data, saidAt), now);
}

test('a first firing statement opens episode 1 with the severity of its labels', () => {
  const { alert, outcome } = folded(undefined, { startsAt: iso(T0) }, T0 + 5_000);
  assert.equal(outcome, 'fired');
  assert.deepEqual(
    [alert.status, alert.episode, alert.occurrences, alert.startsAt, alert.priority],
    ['firing', 1, 1, T0, 'critical'],
  );
});

test('down, up, down is three changes and two episodes', () => {
  const down = folded(undefined, { startsAt: iso(T0) }, T0).alert;
  const up = folded(down, { status: 'resolved', endsAt: iso(T0 + MINUTE) }, T0 + MINUTE);
  const again = folded(up.alert, { startsAt: iso(T0 + 2 * MINUTE) }, T0 + 2 * MINUTE);
  assert.deepEqual([up.outcome, again.outcome], ['resolved', 'refired']);
  assert.deepEqual([again.alert.episode, again.alert.occurrences, again.alert.endsAt], [2, 1, undefined]);
  assert.deepEqual(
    [up.alert.past, again.alert.past],
    [undefined, [{ episode: 1, startsAt: T0, endsAt: T0 + MINUTE, occurrences: 2, severity: 'critical' }]],
  );
});

test('a repeat counts and keeps the start and the episode', () => {
  const first = folded(undefined, { startsAt: iso(T0) }, T0).alert;
  const { alert, outcome } = folded(first, { startsAt: iso(T0) }, T0 + MINUTE);
  assert.equal(outcome, 'repeated');
  assert.deepEqual([alert.occurrences, alert.episode, alert.startsAt, alert.changedAt], [2, 1, T0, T0]);
});

test('a late resolve of an earlier episode does not end the one that fires now', () => {
  const first = folded(undefined, { startsAt: iso(T0) }, T0).alert;
  const up = folded(first, { status: 'resolved', endsAt: iso(T0 + MINUTE) }, T0 + MINUTE).alert;
  const second = folded(up, { startsAt: iso(T0 + 5 * MINUTE) }, T0 + 5 * MINUTE).alert;
  const { alert, outcome } = folded(
    second,
    { status: 'resolved', endsAt: iso(T0 + MINUTE) },
    T0 + 6 * MINUTE,
  );
  assert.equal(outcome, 'out_of_order');
  assert.equal(alert.status, 'firing');
});

test('a firing statement that its sender dates before the resolve is out of order', () => {
  const first = folded(undefined, {}, T0, T0).alert;
  const up = folded(first, { status: 'resolved' }, T0 + MINUTE, T0 + MINUTE).alert;
  const { alert, outcome } = folded(up, {}, T0 + 2 * MINUTE, T0 + MINUTE / 2);
  assert.equal(outcome, 'out_of_order');
  assert.equal(alert.status, 'resolved');
});

test('a firing statement with an old start but no date of its own counts as a re-fire', () => {
  const first = folded(undefined, { startsAt: iso(T0) }, T0).alert;
  const up = folded(first, { status: 'resolved', endsAt: iso(T0 + MINUTE) }, T0 + MINUTE).alert;
  assert.equal(folded(up, { startsAt: iso(T0) }, T0 + 2 * MINUTE).outcome, 'refired');
});

test('a resolve of something never heard of is kept and changes nothing that people are told', () => {
  const { alert, outcome } = folded(undefined, { status: 'resolved', endsAt: iso(T0) }, T0 + MINUTE);
  assert.equal(outcome, 'resolved_before_it_fired');
  assert.equal(alert.status, 'resolved');
});

test('a firing statement whose end has passed is a resolve', () => {
  const first = folded(undefined, { startsAt: iso(T0) }, T0).alert;
  assert.equal(folded(first, { startsAt: iso(T0), endsAt: iso(T0 + 1) }, T0 + MINUTE).outcome, 'resolved');
});

test('an alert that is not repeated resolves by its time-out, and a duplicate puts that off', () => {
  const input = { ...say({ startsAt: iso(T0) }), resolveAfterMs: 5 * MINUTE };
  const { alert } = fold(undefined, input, T0);
  assert.equal(alert.endsAt, T0 + 5 * MINUTE);
  const seen = refresh(alert, T0 + MINUTE, 5 * MINUTE);
  assert.deepEqual([seen.endsAt, seen.lastSeenAt, seen.occurrences], [T0 + 6 * MINUTE, T0 + MINUTE, 1]);
  assert.deepEqual(
    [expire(seen, T0 + 7 * MINUTE).status, expire(seen, T0 + 7 * MINUTE).endsAt],
    ['resolved', T0 + 6 * MINUTE],
  );
});

test('a time that is no time counts as not given', () => {
  assert.equal(folded(undefined, { startsAt: 'soon' }, T0).alert.startsAt, T0);
});

const statement = fc.record({
  status: fc.constantFrom('firing' as const, 'resolved' as const),
  startsAt: fc.option(fc.integer({ min: 0, max: 600 }), { nil: undefined }),
  endsAt: fc.option(fc.integer({ min: 0, max: 600 }), { nil: undefined }),
  saidAt: fc.option(fc.integer({ min: 0, max: 600 }), { nil: undefined }),
});

test('whatever is said in whatever order, the state stays well-formed and folding is deterministic', () => {
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 30 }), (statements) => {
      let alert: Alert | undefined;
      let now = T0;
      for (const { status, startsAt, endsAt, saidAt } of statements) {
        now += 1_000;
        const at = (seconds: number | undefined) =>
          seconds === undefined ? undefined : iso(T0 + seconds * 1_000);
        const data = {
          status,
          ...(startsAt === undefined ? {} : { startsAt: at(startsAt)! }),
          ...(endsAt === undefined ? {} : { endsAt: at(endsAt)! }),
        };
        const said = saidAt === undefined ? undefined : T0 + saidAt * 1_000;
        const result = folded(alert, data, now, said);
        assert.deepEqual(result, folded(alert, data, now, said));
        const before = alert;
        alert = result.alert;
        assert.ok(alert.episode >= 1 && alert.occurrences >= 1);
        assert.equal(alert.lastSeenAt, now);
        if (alert.status === 'resolved') assert.ok(alert.endsAt !== undefined && alert.endsAt <= now);
        if (result.outcome === 'refired') assert.equal(alert.episode, before!.episode + 1);
        const turned = before !== undefined && before.status !== alert.status;
        assert.equal(turned, ['refired', 'resolved'].includes(result.outcome));
      }
    }),
  );
});

test('what is posted to Alertmanager’s API counts in the order in which it arrives, whatever times it names', () => {
  const post = (alert: Alert | undefined, from: number, to: number, now = T0 + 60 * MINUTE) =>
    folded(
      alert,
      {
        status: to <= 60 ? 'resolved' : 'firing',
        startsAt: iso(T0 + from * MINUTE),
        endsAt: iso(T0 + to * MINUTE),
        inArrivalOrder: true,
      },
      now,
    );
  const minutes = ({ startsAt, endsAt }: Alert) => [(startsAt - T0) / MINUTE, (endsAt! - T0) / MINUTE];
  const fires = post(undefined, 30, 70).alert;
  const ended = post(fires, 10, 20);
  assert.equal(ended.outcome, 'resolved', 'it ends before what fires has started');
  assert.deepEqual(minutes(ended.alert), [10, 20]);
  assert.deepEqual(minutes(post(fires, 10, 40).alert), [10, 40], 'they overlap');
  assert.deepEqual(minutes(post(fires, 40, 50).alert), [30, 50]);
  const again = post(ended.alert, 15, 65);
  assert.equal(again.outcome, 'refired');
  assert.deepEqual(minutes(again.alert), [10, 65], 'it starts while the one that is over lasted');
  assert.deepEqual(minutes(post(ended.alert, 15, 18).alert), [10, 20], 'the later end of two that are over');
  assert.deepEqual(minutes(post(fires, 75, 90).alert), [75, 90], 'it starts when the other is over');
});
