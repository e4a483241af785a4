import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Assessment } from '../model/assessment.ts';
import { createMatcher } from '../model/create-matcher.ts';
import { transition } from '../model/incident-transitions.ts';
import type { TopologySettings } from '../model/settings.ts';
import { ageIncident, withDue } from './age-incident.ts';
import { INCIDENTS, MINUTE, T0, createScope, sampleAlert, sampleRule } from './testing/scope.ts';

const TOPOLOGY: TopologySettings = {
  label: 'service',
  dependencies: { shop: ['pay', 'db'], pay: ['db', 'shop'], mail: ['db'], alone: ['other'] },
  suppress: false,
};

const SERVICES = ['shop', 'pay', 'db', 'mail', 'alone', 'other', 'unknown'];
const TEXTS = ['disk is full', 'disk of db is full', 'network is down', ''];

const alerts = fc
  .array(
    fc.record({
      minute: fc.integer({ min: 0, max: 40 }),
      service: fc.constantFrom(...SERVICES),
      text: fc.constantFrom(...TEXTS),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((rows) =>
    rows.map(({ minute, service, text }, index) =>
      sampleAlert(`a${index}`, {
        labels: { alertname: `a${index}`, service },
        annotations: { summary: text },
        startsAt: T0 + minute * MINUTE,
      }),
    ),
  );

const rules = fc.record({
  windowMs: fc.constantFrom(MINUTE, 5 * MINUTE, 20 * MINUTE),
  hops: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
  similarity: fc.option(fc.constantFrom(0.3, 0.6, 1), { nil: undefined }),
  // All alerts are of the rule, so that only the named cause depends on it.
  parentWhen: fc.option(
    fc.constantFrom(
      'alert.labels.service == "db"',
      `alert.startsAt > timestamp("${new Date(T0 + 20 * MINUTE).toISOString()}")`,
      'now == alert.startsAt && alert.annotations.summary.contains("disk")',
      'int(alert.labels.service) > 1',
    ),
    { nil: undefined },
  ),
});

test('[BR-AP-004] the order in which alerts arrive decides neither which are together nor the named cause', () => {
  const runs = alerts.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }), rules),
  );
  fc.assert(
    fc.property(runs, ([list, shuffled, { windowMs, hops, similarity, parentWhen }]) => {
      const rule = sampleRule({
        windowMs,
        ...(hops === undefined ? {} : { hops }),
        ...(similarity === undefined ? {} : { similarity }),
        ...(parentWhen === undefined ? {} : { parentWhen }),
      });
      const [first, second] = [createScope(rule, TOPOLOGY), createScope(rule, TOPOLOGY)];
      for (const alert of list) first.take(alert);
      for (const alert of shuffled) second.take(alert);
      assert.deepEqual(second.groups(), first.groups());
      const seen = (scope: typeof first) =>
        [...scope.incidents.values()]
          .filter(({ status }) => status !== 'closed')
          .map(({ cause, startsAt, firing, alerts: count, title }) => ({
            cause,
            startsAt,
            firing,
            count,
            title,
          }))
          .toSorted((left, right) => (left.cause.fingerprint < right.cause.fingerprint ? -1 : 1));
      assert.deepEqual(seen(second), seen(first));
    }),
    { numRuns: 300 },
  );
});

test('the same alerts again give byte-identical incidents, and a repeat changes nothing', () => {
  fc.assert(
    fc.property(alerts, rules, (list, { windowMs }) => {
      const run = () => {
        const scope = createScope(sampleRule({ windowMs, hops: 1 }), TOPOLOGY);
        for (const alert of list) scope.take(alert);
        return scope;
      };
      const once = JSON.stringify([...run().incidents]);
      assert.equal(JSON.stringify([...run().incidents]), once);
      const again = run();
      for (const alert of list) again.take(alert, T0 + 1);
      assert.equal(JSON.stringify([...again.incidents]), once);
    }),
    { numRuns: 100 },
  );
});

test('however alerts come and go, the count of those that fire is right, and an incident ends with the last', () => {
  const steps = fc.array(fc.record({ index: fc.nat(5), fires: fc.boolean() }), { maxLength: 40 });
  fc.assert(
    fc.property(steps, (list) => {
      const scope = createScope(sampleRule());
      const firing = new Map<string, boolean>();
      list.forEach(({ index, fires }, step) => {
        const status = fires ? 'firing' : 'resolved';
        scope.take(sampleAlert(`a${index}`, { status }), T0 + step);
        if (fires || firing.has(`a${index}`)) firing.set(`a${index}`, fires);
      });
      const expected = [...firing.values()].filter(Boolean).length;
      const live = [...scope.incidents.values()];
      assert.ok(live.length <= 1);
      assert.equal(live[0]?.firing ?? 0, expected);
      if (live[0]) assert.equal(live[0].status, expected > 0 ? 'open' : 'resolved');
    }),
  );
});

test('an alert that links two incidents makes them one, the older of them', () => {
  const scope = createScope(sampleRule());
  scope.take(sampleAlert('a'));
  scope.take(sampleAlert('c', { startsAt: T0 + 20 * MINUTE, priority: 'critical', severity: 'critical' }));
  assert.deepEqual(scope.groups(), [['a'], ['c']]);
  scope.take(sampleAlert('b', { startsAt: T0 + 10 * MINUTE }));
  assert.deepEqual(scope.groups(), [['a', 'b', 'c']]);
  const [first, second] = [...scope.incidents.values()];
  assert.equal(second!.mergedInto, first!.id);
  assert.equal(second!.status, 'closed');
  assert.equal(first!.severity, 'critical');
  assert.equal(first!.firing, 3);
});

test('the parent that a rule names is the cause, whatever came first; changes near the start are shown', () => {
  const rule = sampleRule({
    parent: [createMatcher('alertname', '=', 'NodeDown')],
    changes: [createMatcher('kind', '=', 'deployment')],
  });
  const scope = createScope(rule);
  const deployed = (name: string, minute: number) =>
    sampleAlert(name, { labels: { alertname: name, kind: 'deployment' }, startsAt: T0 + minute * MINUTE });
  scope.take(deployed('before', -5));
  scope.take(deployed('long-ago', -90));
  scope.take(sampleAlert('Slow', { startsAt: T0 }));
  scope.take(sampleAlert('NodeDown', { startsAt: T0 + MINUTE }));
  scope.take(deployed('after', 3));
  const [incident] = [...scope.incidents.values()];
  assert.equal(incident!.title, 'NodeDown');
  assert.equal(incident!.cause.why, 'parent');
  assert.deepEqual(
    incident!.changes.map(({ what }) => what),
    ['before', 'after'],
  );
});

test('an alert that an expression takes for a change by now leaves its incident, which shows it', () => {
  const scope = createScope(sampleRule({ changesWhen: 'has(alert.annotations.change)' }));
  const alert = sampleAlert('a');
  scope.take(alert);
  scope.take(sampleAlert('b'));
  const changed = { ...alert, annotations: { change: '4711', summary: 'rollout' } };
  for (const one of [changed, changed]) scope.take(one, T0 + MINUTE);
  const [incident] = [...scope.incidents.values()];
  assert.deepEqual([incident!.status, incident!.firing], ['open', 1]);
  assert.deepEqual(
    incident!.changes.map(({ what }) => what),
    ['rollout'],
  );
});

test('inside the reopen window a resolved incident takes alerts and opens again; after it they open another', () => {
  const scope = createScope(sampleRule({ windowMs: 600 * MINUTE }));
  scope.take(sampleAlert('a'), T0);
  scope.take(sampleAlert('a', { status: 'resolved' }), T0 + MINUTE);
  scope.take(sampleAlert('b', { startsAt: T0 + 20 * MINUTE }), T0 + 20 * MINUTE);
  assert.deepEqual(
    [...scope.incidents.values()].map(({ status, firing }) => [status, firing]),
    [['open', 1]],
  );
  scope.take(sampleAlert('b', { status: 'resolved' }), T0 + 21 * MINUTE);
  scope.take(sampleAlert('a', { startsAt: T0 + 60 * MINUTE, episode: 2 }), T0 + 60 * MINUTE);
  assert.deepEqual(
    [...scope.incidents.values()].map(({ status }) => status),
    ['resolved', 'open'],
  );
});

test('time escalates what nobody acknowledged, marks what is stale, closes what was resolved; each once', () => {
  const settings = {
    ...INCIDENTS,
    escalateAfter: [
      { afterMs: 10 * MINUTE, severity: 'info' },
      { afterMs: 20 * MINUTE, severity: 'critical' },
    ],
  };
  const scope = createScope(sampleRule());
  scope.take(sampleAlert('a'));
  const opened = withDue([...scope.incidents.values()][0]!, settings);
  assert.equal(opened.dueAt, T0 + 10 * MINUTE);
  const first = withDue(ageIncident(opened, settings, T0 + 10 * MINUTE), settings);
  assert.deepEqual([first.severity, first.escalations, first.dueAt], ['warning', 1, T0 + 20 * MINUTE]);
  const late = withDue(ageIncident(opened, settings, T0 + 50 * MINUTE), settings);
  assert.deepEqual([late.severity, late.priority, late.escalations], ['critical', 'critical', 2]);
  const stale = withDue(ageIncident(late, settings, late.dueAt!), settings);
  assert.deepEqual([stale.staleSince, stale.dueAt], [late.dueAt, undefined]);
  const resolved = withDue({ ...opened, status: 'resolved', resolvedAt: T0 }, settings);
  assert.equal(ageIncident(resolved, settings, resolved.dueAt! - 1).status, 'resolved');
  assert.equal(ageIncident(resolved, settings, resolved.dueAt!).status, 'closed');
});

test('an alert that becomes worse while it fires makes its incident worse, and one that becomes better does not', () => {
  const scope = createScope(sampleRule());
  scope.take(sampleAlert('a'));
  scope.take(sampleAlert('a', { priority: 'critical', severity: 'page' }));
  scope.take(sampleAlert('a', { priority: 'info', severity: 'info' }));
  const [incident] = [...scope.incidents.values()];
  assert.deepEqual([incident!.priority, incident!.severity, incident!.firing], ['critical', 'page', 1]);
});

test('[BR-QUAL-008] an incident has the gravest level of its alerts, and is overdue when nobody acknowledges it in time', () => {
  const level = (name: string, rank: number): Assessment => ({
    level: name,
    rank,
    rule: `rule ${rank}`,
    definedAt: 'signalbox.yaml:1',
    acknowledgeWithinMs: (rank + 1) * MINUTE,
    since: T0,
  });
  const scope = createScope(sampleRule());
  scope.take(sampleAlert('a', { facts: { assessment: level('SEV2', 1) } }));
  scope.take(sampleAlert('b', { facts: { assessment: level('SEV1', 0) } }), T0 + MINUTE);
  scope.take(sampleAlert('c', { facts: { assessment: level('SEV3', 2) } }), T0 + MINUTE);
  const [incident] = scope.incidents.values();
  assert.deepEqual([incident?.assessment?.level, incident?.assessment?.since], ['SEV1', T0 + MINUTE]);
  assert.deepEqual(
    incident!.decisions.filter(({ stage }) => stage === 'prioritise').map(({ outcome }) => outcome),
    ['level SEV2 (signalbox.yaml:1)', 'level SEV1 (signalbox.yaml:1)'],
  );
  scope.take(sampleAlert('c', { facts: { assessment: level('SEV0', -1) } }), T0 + MINUTE);
  assert.equal(
    scope.incidents.get(incident!.id)?.assessment?.level,
    'SEV0',
    'one of its alerts became graver',
  );

  assert.equal(withDue(incident!, INCIDENTS).dueAt, T0 + 2 * MINUTE);
  const overdue = ageIncident(incident!, INCIDENTS, T0 + 3 * MINUTE);
  assert.deepEqual([overdue.overdueSince, overdue.status], [T0 + 2 * MINUTE, 'open']);
  assert.deepEqual(overdue.timeline.at(-1), {
    at: T0 + 3 * MINUTE,
    kind: 'overdue',
    text: 'nobody acknowledged it within the time of SEV1',
  });
  assert.equal(ageIncident(overdue, INCIDENTS, T0 + 4 * MINUTE), overdue);
  const seen = transition(overdue, { kind: 'acknowledge', by: 'kim' }, T0 + 5 * MINUTE)!;
  assert.equal(seen.overdueSince, undefined);
  const reopened = transition(seen, { kind: 'reopen' }, T0 + 6 * MINUTE)!;
  assert.equal(withDue(reopened, INCIDENTS).dueAt, T0 + 7 * MINUTE, 'the time begins anew');
});
