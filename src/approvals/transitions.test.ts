import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isGranted, type Approval, type ApprovalDraft } from '../model/approval.ts';
import { isUndone, openApproval, transition, type ApprovalEvent } from './transitions.ts';

const T0 = Date.UTC(2026, 2, 1, 9, 30);
const HOUR = 3_600_000;
const draft: ApprovalDraft = {
  tenant: 'default',
  question: 'Send d1 to erp again?',
  subject: { kind: 'dead_letter', id: 'd1' },
  action: { kind: 'redrive_delivery', id: 'd1' },
  requestedBy: 'ada',
  deadlineAt: T0 + HOUR,
  onExpiry: 'reject',
};
const pending = openApproval(draft, 'a1', T0);

function withoutAction({ action: _, ...rest }: ApprovalDraft): ApprovalDraft {
  return rest;
}

function take(approval: Approval, event: ApprovalEvent, now = T0 + 1): Approval {
  const result = transition(approval, event, now);
  assert.ok(result.ok, result.ok ? '' : result.detail);
  return result.approval;
}

function refusal(approval: Approval, event: ApprovalEvent, now = T0 + 1): string {
  const result = transition(approval, event, now);
  return result.ok ? 'accepted' : result.detail;
}

test('an answer names who gave it, is final, and its action waits to be done at once', () => {
  const approved = take(pending, { kind: 'approve', by: 'grace', comment: 'the ERP is back' });
  assert.deepEqual(approved, {
    ...pending,
    version: 2,
    state: 'approved',
    answer: { by: 'grace', comment: 'the ERP is back' },
    decidedAt: T0 + 1,
    execution: { state: 'waiting', at: T0 + 1 },
    dueAt: T0 + 1,
  });
  assert.equal(refusal(approved, { kind: 'reject', by: 'linus' }), 'is approved');
  const done = take(approved, { kind: 'finish', ok: true, detail: 'sent again' }, T0 + 2);
  assert.deepEqual([done.settledAt, done.dueAt, done.execution?.state], [T0 + 2, undefined, 'done']);
  assert.equal(refusal(done, { kind: 'finish', ok: true, detail: 'again' }), 'has nothing left to be done');
});

test('what is rejected is over, and nothing of it is done', () => {
  const rejected = take(pending, { kind: 'reject', by: 'grace' });
  assert.deepEqual([rejected.settledAt, rejected.dueAt, rejected.execution], [T0 + 1, undefined, undefined]);
  assert.equal(refusal(rejected, { kind: 'start', until: T0 + 9 }), 'is rejected');
});

test('from its deadline on it takes nothing but its default', () => {
  assert.equal(refusal(pending, { kind: 'expire' }, T0 + HOUR - 1), 'still has time');
  assert.equal(refusal(pending, { kind: 'approve', by: 'grace' }, T0 + HOUR), 'was not answered in time');
  const refused = take(pending, { kind: 'expire' }, T0 + HOUR);
  assert.deepEqual([refused.state, isGranted(refused), isUndone(refused)], ['expired', false, false]);
  const granted = take({ ...pending, onExpiry: 'approve' }, { kind: 'expire' }, T0 + HOUR);
  assert.deepEqual([granted.state, isGranted(granted), isUndone(granted)], ['expired', true, true]);
});

test('[BR-AP-019] whatever is tried, nothing is done that was not granted, nothing twice, and no answer changes', () => {
  const who = fc.constantFrom('ada', 'grace');
  const event: fc.Arbitrary<ApprovalEvent> = fc.oneof(
    fc.record({ kind: fc.constantFrom('approve' as const, 'reject' as const), by: who }),
    fc.record({ kind: fc.constant('endorse' as const), action: fc.constant(draft.action!) }),
    fc.record({ kind: fc.constant('expire' as const) }),
    fc.record({ kind: fc.constant('start' as const), until: fc.constant(T0 + 3 * HOUR) }),
    fc.record({ kind: fc.constant('finish' as const), ok: fc.boolean(), detail: fc.constant('x') }),
  );
  const steps = fc.array(fc.tuple(event, fc.nat(HOUR / 4)), { maxLength: 20 });
  const setUp = fc.record({
    onExpiry: fc.constantFrom('approve' as const, 'reject' as const),
    acts: fc.boolean(),
  });
  fc.assert(
    fc.property(setUp, steps, ({ onExpiry, acts }, every) => {
      // Nothing but an action is endorsed.
      const list = acts ? every : every.filter(([{ kind }]) => kind !== 'endorse');
      const asked = { ...draft, onExpiry };
      let approval = openApproval(acts ? asked : withoutAction(asked), 'a1', T0);
      let now = T0;
      let finished = 0;
      for (const [one, wait] of list) {
        now += wait;
        const before = approval;
        const result = transition(before, one, now);
        if (!result.ok) continue;
        approval = result.approval;
        assert.equal(approval.version, before.version + 1);
        if (before.state !== 'pending')
          assert.deepEqual([approval.state, approval.answer], [before.state, before.answer]);
        if (one.kind === 'start' || one.kind === 'finish') assert.ok(acts && isGranted(before));
        if (one.kind === 'finish') finished += 1;
      }
      assert.ok(finished <= 1);
      // It goes on by itself exactly as long as something is left to happen.
      assert.equal(approval.dueAt === undefined, approval.settledAt !== undefined);
      assert.equal(approval.settledAt === undefined, approval.state === 'pending' || isUndone(approval));
      if (approval.state === 'approved') assert.ok(approval.decidedAt! < approval.deadlineAt);
    }),
    { numRuns: 1_000 },
  );
});
