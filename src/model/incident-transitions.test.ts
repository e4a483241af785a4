import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Incident } from './incident.ts';
import { MAX_TIMELINE, transition, type IncidentEvent } from './incident-transitions.ts';

const T0 = 1_700_000_000_000;
const OPEN: Incident = {
  id: 'i',
  tenant: 'default',
  scopeId: 's',
  rule: 'r',
  version: 1,
  status: 'open',
  title: 'Down',
  severity: 'warning',
  priority: 'warning',
  alerts: 1,
  firing: 1,
  startsAt: T0,
  openedAt: T0,
  changedAt: T0,
  cause: { fingerprint: 'a', title: 'Down', startsAt: T0, why: 'first', depth: 0 },
  changes: [],
  facets: [],
  escalations: 0,
  decisions: [],
  timeline: [{ at: T0, kind: 'opened', text: 'Down opened it' }],
};

const event: fc.Arbitrary<IncidentEvent> = fc.oneof(
  fc.constantFrom<IncidentEvent>(
    { kind: 'join', text: 'b joined' },
    { kind: 'acknowledge', by: 'kim' },
    { kind: 'assign', by: 'kim', assignee: 'sam' },
    { kind: 'resolve', by: 'kim' },
    { kind: 'resolve' },
    { kind: 'reopen', note: 'b joined' },
    { kind: 'close', by: 'kim' },
    { kind: 'escalate', text: 'raised' },
    { kind: 'age', text: 'quiet' },
    { kind: 'lapse', text: 'nobody acknowledged it', since: T0 },
    { kind: 'merge', into: 'other' },
  ),
);

test('whatever happens to an incident, its status, its times and its timeline agree', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 150 }), (events) => {
      let incident = OPEN;
      events.forEach((next, step) => {
        const at = T0 + 1 + step;
        const after = transition(incident, next, at);
        if (!after) return;
        assert.equal(incident.mergedInto, undefined);
        assert.equal(after.closedAt !== undefined, after.status === 'closed');
        if (after.status === 'resolved') assert.ok(after.resolvedAt! <= at);
        if (after.status === 'open') assert.equal(after.acknowledgement, undefined);
        assert.ok(after.status === 'open' || after.overdueSince === undefined);
        if (after.status === 'acknowledged') assert.ok(after.acknowledgement);
        assert.equal(after.timeline.at(-1)!.at, at);
        assert.equal(after.timeline[0]!.kind, 'opened');
        assert.ok(after.timeline.length <= MAX_TIMELINE);
        incident = after;
      });
    }),
  );
});

test('what the table does not list is refused', () => {
  const closed = transition(OPEN, { kind: 'close' }, T0)!;
  assert.equal(transition(closed, { kind: 'acknowledge', by: 'kim' }, T0), undefined);
  assert.equal(transition(closed, { kind: 'join', text: 'b' }, T0), undefined);
  assert.equal(transition(closed, { kind: 'reopen', by: 'kim' }, T0)?.status, 'open');
  const merged = transition(OPEN, { kind: 'merge', into: 'other' }, T0)!;
  assert.equal(transition(merged, { kind: 'reopen', by: 'kim' }, T0), undefined);
});

test('an incident that opens again is escalated anew from then on', () => {
  const escalated = { ...transition(OPEN, { kind: 'escalate', text: 'raised' }, T0)!, escalations: 2 };
  const resolved = transition(escalated, { kind: 'resolve' }, T0 + 5)!;
  const reopened = transition(resolved, { kind: 'reopen' }, T0 + 9)!;
  assert.deepEqual([reopened.openedAt, reopened.escalations, reopened.resolvedAt], [T0 + 9, 0, undefined]);
});
