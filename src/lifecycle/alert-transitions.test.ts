import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Alert } from '../model/alert.ts';
import type { AlertAction, AlertCommand } from '../model/alert-command.ts';
import { MAX_COMMENTS } from '../model/lifecycle.ts';
import { carryLifecycle } from '../pipeline/carry-lifecycle.ts';
import { expire, fold } from '../pipeline/fold.ts';
import type { LifecycleSettings } from '../model/settings.ts';
import { ageAlert, planAge, plannedAges } from './age-alert.ts';
import { applyToAlert, MAX_SNOOZE_MS } from './alert-transitions.ts';

const T0 = Date.UTC(2026, 2, 1, 9, 30);
const MINUTE = 60_000;
const settings: LifecycleSettings = {
  ackStopsRepeats: true,
  staleAfterMs: 60 * MINUTE,
  resolveStaleAfterMs: 180 * MINUTE,
  escalate: [{ matchers: [], afterMs: 30 * MINUTE, severity: 'critical' }],
};

function firing(more: Partial<Alert> = {}): Alert {
  const times = { startsAt: T0, lastSeenAt: T0, changedAt: T0, eventAt: T0, signalAt: T0 };
  return {
    tenant: 'default',
    fingerprint: '5ef77f1f8a3ecfd7',
    partition: 0,
    status: 'firing',
    labels: { alertname: 'Disk', severity: 'warning' },
    annotations: {},
    severity: 'warning',
    priority: 'warning',
    integration: 'prom',
    episode: 1,
    occurrences: 1,
    signal: 's',
    signalHash: 'h',
    decisions: [],
    ...times,
    ...more,
  };
}

function ask(alert: Alert, action: AlertAction, now = T0 + 1, more: Partial<AlertCommand> = {}, id = 'c1') {
  const command = { tenant: 'default', fingerprint: alert.fingerprint, action, by: 'ada', ...more };
  return applyToAlert(alert, command, { id, now });
}

test('[BR-AP-022b] an acknowledgement says who and when, the first one counts, and a second changes nothing', () => {
  const { alert, outcome } = ask(firing(), { kind: 'acknowledge' });
  assert.deepEqual(outcome, { ok: true, changed: true });
  assert.deepEqual(alert.lifecycle, {
    state: 'acknowledged',
    at: T0 + 1,
    by: 'ada',
    acknowledgedAt: T0 + 1,
    comments: [],
  });
  const again = ask(alert, { kind: 'acknowledge' }, T0 + 2, { by: 'grace' });
  assert.deepEqual(again, { alert, outcome: { ok: true, changed: false }, wakes: false });
  const back = ask(alert, { kind: 'unacknowledge' }, T0 + 3);
  assert.equal(back.wakes, true);
  assert.equal(ask(back.alert, { kind: 'acknowledge' }, T0 + 4).alert.lifecycle?.acknowledgedAt, T0 + 1);
});

test('[BR-AP-023b] a snooze needs an end ahead, at most 30 days', () => {
  for (const until of [T0, T0 + 1, T0 + 2 + MAX_SNOOZE_MS]) {
    assert.equal(ask(firing(), { kind: 'snooze', until }).outcome.ok, false);
  }
  const { alert } = ask(firing(), { kind: 'snooze', until: T0 + MINUTE });
  assert.deepEqual(alert.lifecycle?.snooze, { until: T0 + MINUTE, at: T0 + 1, by: 'ada' });
  assert.deepEqual(ageAlert(alert, settings, T0 + MINUTE - 1).outcomes, []);
  const ended = ageAlert(alert, settings, T0 + MINUTE);
  assert.deepEqual(ended.outcomes, [{ kind: 'snooze_ended', rule: 'snooze' }]);
  assert.deepEqual(ended.alert.lifecycle?.renewed, { at: T0 + MINUTE, why: 'snooze_ended' });
});

test('a comment is kept once for each command, and only the newest fifty are', () => {
  let alert = firing();
  for (let number = 0; number < MAX_COMMENTS + 5; number++) {
    const said = { comment: `comment ${number}` };
    alert = ask(alert, { kind: 'comment' }, T0 + number, said, `c${number}`).alert;
    assert.equal(ask(alert, { kind: 'comment' }, T0 + number, said, `c${number}`).alert, alert);
  }
  assert.equal(alert.lifecycle?.comments.length, MAX_COMMENTS);
  assert.equal(alert.lifecycle?.comments[0]?.text, 'comment 5');
});

test('what a person ended can be reopened until its source says that it is over', () => {
  const closed = ask(firing(), { kind: 'close' }).alert;
  assert.deepEqual([closed.status, closed.lifecycle?.endedBy], ['resolved', 'person']);
  const reopened = ask(closed, { kind: 'reopen' }, T0 + 2).alert;
  assert.deepEqual([reopened.status, reopened.episode, reopened.lifecycle?.state], ['firing', 1, 'open']);
  const confirmed = say(closed, 'resolved', T0 + 3);
  const open = ask(confirmed, { kind: 'reopen' }, T0 + 4);
  assert.deepEqual(
    [open.outcome.ok, open.alert.status, open.alert.lifecycle?.state],
    [true, 'resolved', 'open'],
  );
  assert.equal(ask(open.alert, { kind: 'reopen' }, T0 + 5).outcome.ok, false);
});

test('[BR-AP-024b] an alert is looked at before anything is due, and what its duration raised stays raised', () => {
  const planned = planAge(firing(), settings, T0);
  assert.equal(planned.dueAt, T0 + 30 * MINUTE);
  const raised = ageAlert(planned, settings, T0 + 30 * MINUTE).alert;
  assert.deepEqual(
    [raised.severity, raised.priority, raised.labels['severity']],
    ['critical', 'critical', 'warning'],
  );
  assert.deepEqual(ageAlert(raised, settings, T0 + 31 * MINUTE).outcomes, []);
  assert.equal(say(raised, 'firing', T0 + 40 * MINUTE).priority, 'critical');
  const stale = ageAlert(raised, settings, T0 + 61 * MINUTE);
  assert.deepEqual(
    stale.outcomes.map(({ kind }) => kind),
    ['stale'],
  );
  assert.equal(say(stale.alert, 'firing', T0 + 62 * MINUTE).lifecycle?.staleSince, undefined);
  const over = ageAlert(stale.alert, settings, T0 + 180 * MINUTE).alert;
  assert.deepEqual([over.status, over.lifecycle?.endedBy], ['resolved', 'age']);
});

function say(
  before: Alert | undefined,
  status: 'firing' | 'resolved',
  now: number,
  startsAt?: number,
): Alert {
  const folded = fold(
    before,
    {
      tenant: 'default',
      fingerprint: '5ef77f1f8a3ecfd7',
      integration: 'prom',
      data: {
        status,
        labels: { alertname: 'Disk', severity: 'warning' },
        annotations: {},
        ...(startsAt !== undefined && { startsAt: new Date(startsAt).toISOString() }),
      },
      signal: `s${now}`,
      signalHash: `h${now}`,
      partition: 0,
    },
    now,
  );
  return planAge(carryLifecycle(before, folded, now).alert, settings, now);
}

type Step =
  | { readonly kind: 'say'; readonly status: 'firing' | 'resolved'; readonly old: boolean }
  | { readonly kind: 'ask'; readonly action: AlertAction; readonly comment: boolean }
  | { readonly kind: 'age' }
  | { readonly kind: 'expire' };

const action: fc.Arbitrary<AlertAction> = fc.oneof(
  fc.constantFrom<AlertAction>(
    { kind: 'acknowledge' },
    { kind: 'unacknowledge' },
    { kind: 'unsnooze' },
    { kind: 'resolve' },
    { kind: 'close' },
    { kind: 'reopen' },
    { kind: 'comment' },
    { kind: 'assign', assignee: 'grace' },
    { kind: 'assign' },
  ),
  fc.integer({ min: -5, max: 300 }).map(
    (minutes): AlertAction => ({
      kind: 'snooze',
      until: T0 + minutes * MINUTE,
    }),
  ),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('say' as const),
    status: fc.constantFrom('firing' as const, 'resolved' as const),
    old: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('ask' as const), action, comment: fc.boolean() }),
  fc.constant<Step>({ kind: 'age' }),
  fc.constant<Step>({ kind: 'expire' }),
);

test('[BR-AP-021b] whatever people, sources and time do in any order, the alert stays consistent', () => {
  const sequence = fc.array(fc.tuple(step, fc.integer({ min: 0, max: 45 })), { maxLength: 40 });
  fc.assert(
    fc.property(sequence, (steps) => {
      let alert = say(undefined, 'firing', T0, T0);
      let now = T0;
      steps.forEach(([taken, minutes], index) => {
        now += minutes * MINUTE;
        const before = alert;
        alert = take(alert, taken, now, `c${index}`);
        assertConsistent(before, alert, taken, now);
      });
    }),
    { numRuns: 500 },
  );
});

function take(alert: Alert, taken: Step, now: number, id: string): Alert {
  switch (taken.kind) {
    case 'say':
      return say(alert, taken.status, now, taken.old ? T0 : undefined);
    case 'ask': {
      const said = taken.comment ? { comment: 'x' } : {};
      const once = ask(alert, taken.action, now, said, id);
      // Applied twice, a command changes nothing the second time.
      const twice = ask(once.alert, taken.action, now, said, id);
      if (once.outcome.ok && taken.action.kind !== 'reopen') {
        assert.deepEqual(twice.outcome, { ok: true, changed: false });
      }
      assert.deepEqual(twice.alert, once.alert);
      if (!once.outcome.ok) assert.equal(once.alert, alert);
      return planAge(once.alert, settings, now);
    }
    case 'age':
      return planAge(ageAlert(alert, settings, now).alert, settings, now);
    case 'expire':
      return alert.status === 'firing' ? expire(alert, now) : alert;
  }
}

function assertConsistent(before: Alert, after: Alert, taken: Step, now: number): void {
  const { lifecycle, status } = after;
  // Closed only together with resolved; ended by somebody only when it has ended.
  if (lifecycle?.state === 'closed') assert.equal(status, 'resolved');
  if (lifecycle?.endedBy !== undefined) assert.equal(status, 'resolved');
  if (status === 'resolved') assert.ok(after.endsAt !== undefined && after.endsAt <= now);
  assert.ok((lifecycle?.comments.length ?? 0) <= MAX_COMMENTS);
  assert.ok((lifecycle?.comments.length ?? 0) >= (before.lifecycle?.comments.length ?? 0));
  // An episode only ever begins by what a source says, and then nobody has acknowledged it.
  assert.ok(
    after.episode === before.episode || (taken.kind === 'say' && after.episode === before.episode + 1),
  );
  if (after.episode > before.episode) assert.equal(lifecycle?.state ?? 'open', 'open');
  if (after.episode > before.episode) assert.equal(lifecycle?.acknowledgedAt, undefined);
  // Who takes care of it changes only when somebody says so.
  if (taken.kind !== 'ask' || taken.action.kind !== 'assign')
    assert.equal(lifecycle?.assignee, before.lifecycle?.assignee);
  // What is due is never overlooked: the next look is not after it.
  if (status === 'firing' && lifecycle?.snooze && after.dueAt !== undefined)
    assert.ok(after.dueAt <= Math.max(lifecycle.snooze.until, now));
  if (status === 'firing') assert.notEqual(after.dueAt, undefined);
}

test('[BR-QUAL-008] what nobody acknowledges in the time of its level is overdue once, until somebody does', () => {
  const assessment = {
    level: 'SEV1',
    rank: 0,
    rule: 'r',
    definedAt: 'signalbox.yaml:1',
    acknowledgeWithinMs: 5 * MINUTE,
    since: T0,
  };
  const calm: LifecycleSettings = { ...settings, staleAfterMs: 0, resolveStaleAfterMs: 0, escalate: [] };
  const alert = planAge(firing({ facts: { assessment } }), calm, T0);
  assert.equal(alert.dueAt, T0 + 5 * MINUTE);
  assert.deepEqual(plannedAges(alert, calm), [
    { at: T0 + 5 * MINUTE, what: 'overdue as SEV1, unless it is acknowledged' },
  ]);
  const overdue = ageAlert(alert, calm, T0 + 7 * MINUTE);
  assert.deepEqual(overdue.outcomes, [{ kind: 'overdue', rule: 'priority.procedures SEV1' }]);
  assert.equal(overdue.alert.lifecycle?.overdueSince, T0 + 5 * MINUTE);
  assert.deepEqual(ageAlert(overdue.alert, calm, T0 + 9 * MINUTE).outcomes, []);
  const seen = ask(overdue.alert, { kind: 'acknowledge' }, T0 + 10 * MINUTE).alert;
  assert.equal(seen.lifecycle?.overdueSince, undefined);
  assert.deepEqual(ageAlert(seen, calm, T0 + 60 * MINUTE).outcomes, []);
  const again = ask(seen, { kind: 'unacknowledge' }, T0 + 20 * MINUTE).alert;
  assert.equal(planAge(again, calm, T0 + 20 * MINUTE).dueAt, T0 + 25 * MINUTE, 'the time begins anew');
  const snoozed = ask(firing({ facts: { assessment } }), { kind: 'snooze', until: T0 + 30 * MINUTE }).alert;
  assert.deepEqual(ageAlert(snoozed, calm, T0 + 29 * MINUTE).outcomes, []);
});
