import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Gate, Person, Promotion } from '../model/promotion.ts';
import {
  advancePromotion,
  missingApprovals,
  requestPromotion,
  type PromotionCommand,
  type PromotionResult,
} from './promotion.ts';

const HOUR = 3_600_000;
const GATES: readonly Gate[] = [
  { from: 'development', to: 'testing', approvals: [], expiresAfterMs: HOUR },
  { from: 'testing', to: 'staging', approvals: [{ role: 'lead', count: 1 }], expiresAfterMs: HOUR },
  {
    from: 'staging',
    to: 'production',
    requestedBy: ['developer'],
    approvals: [
      { role: 'lead', count: 1 },
      { role: 'business', count: 2 },
    ],
    expiresAfterMs: HOUR,
  },
];
const dora: Person = { id: 'dora', roles: ['developer', 'lead'] };
const leo: Person = { id: 'leo', roles: ['lead', 'business'] };
const bea: Person = { id: 'bea', roles: ['business'] };
const ben: Person = { id: 'ben', roles: ['business'] };

function request(environment: string, to: string, by = dora): PromotionResult {
  return requestPromotion(GATES, { id: 'p1', namespace: 'shop', environment, to, by }, 0);
}

function opened(): Promotion {
  const result = request('staging', 'production');
  assert.ok(result.ok);
  return result.promotion;
}

function refusalOf(result: PromotionResult): string {
  return result.ok ? 'accepted' : result.refusal.code;
}

function advance(promotion: Promotion, ...commands: readonly PromotionCommand[]): Promotion {
  return commands.reduce((current, command) => {
    const result = advancePromotion(current, command, 1);
    assert.ok(result.ok, result.ok ? '' : result.refusal.message);
    return result.promotion;
  }, promotion);
}

const approve = (by: Person, role: string): PromotionCommand => ({ kind: 'approve', by, role });

test('[BR-QUAL-010] a way without a gate is refused, with the ways that there are', () => {
  const result = request('development', 'production');
  assert.deepEqual(result, {
    ok: false,
    refusal: {
      code: 'no_gate',
      message: 'shop can’t go from development to production; from there it can go to testing',
    },
  });
  assert.equal(refusalOf(request('production', 'staging')), 'no_gate');
});

test('[BR-QUAL-010] who lacks the role can’t ask, and nobody approves an own request, twice, or for a role of others', () => {
  assert.equal(refusalOf(request('staging', 'production', bea)), 'not_allowed');
  const promotion = opened();
  const tryOne = (command: PromotionCommand): string => refusalOf(advancePromotion(promotion, command, 1));
  assert.equal(tryOne(approve(dora, 'lead')), 'own_request');
  assert.equal(tryOne(approve(bea, 'lead')), 'not_allowed');
  assert.equal(tryOne(approve(leo, 'king')), 'role_not_needed');
  const once = advance(promotion, approve(leo, 'business'));
  assert.equal(refusalOf(advancePromotion(once, approve(leo, 'lead'), 1)), 'approved_already');
});

test('[BR-AP-028] a promotion goes through when every role has approved, and not before', () => {
  const lia: Person = { id: 'lia', roles: ['lead'] };
  const promote: PromotionCommand = { kind: 'promote', by: dora, environment: 'staging' };
  const half = advance(opened(), approve(bea, 'business'), approve(lia, 'lead'));
  assert.equal(half.state, 'requested');
  assert.deepEqual(missingApprovals(half), [{ role: 'business', count: 1 }]);
  assert.equal(refusalOf(advancePromotion(half, promote, 1)), 'wrong_state');
  const approved = advance(half, approve(ben, 'business'));
  assert.equal(approved.state, 'approved');
  assert.equal(advance(approved, promote).state, 'promoted');
});

test('[BR-QUAL-010] approvals are for the environment of the request: a namespace that changed is refused', () => {
  const result = request('development', 'testing');
  assert.ok(result.ok);
  assert.equal(result.promotion.state, 'approved', 'a gate without approvals is open');
  const moved: PromotionCommand = { kind: 'promote', by: dora, environment: 'production' };
  assert.equal(refusalOf(advancePromotion(result.promotion, moved, 1)), 'wrong_environment');
});

test('a request that stood open for too long takes nothing but its end', () => {
  const promotion = opened();
  assert.equal(refusalOf(advancePromotion(promotion, { kind: 'expire' }, HOUR - 1)), 'not_expired');
  assert.equal(refusalOf(advancePromotion(promotion, approve(bea, 'business'), HOUR)), 'expired');
  const expired = advancePromotion(promotion, { kind: 'expire' }, HOUR);
  assert.ok(expired.ok && expired.promotion.state === 'expired');
});

test('approvers reject, and only who asked withdraws', () => {
  const reject = (by: Person): PromotionCommand => ({
    kind: 'reject',
    by,
    role: 'business',
    reason: 'freeze',
  });
  assert.equal(refusalOf(advancePromotion(opened(), reject(dora), 1)), 'not_allowed');
  assert.deepEqual(advance(opened(), reject(bea)).closed, { by: 'bea', at: 1, reason: 'freeze' });
  assert.equal(refusalOf(advancePromotion(opened(), { kind: 'withdraw', by: bea }, 1)), 'not_allowed');
  assert.equal(advance(opened(), { kind: 'withdraw', by: dora }).state, 'withdrawn');
});

test('[BR-QUAL-010] whatever is tried, nothing is promoted without its approvals, and what is closed stays closed', () => {
  const people = fc.constantFrom(dora, leo, bea, ben);
  const role = fc.constantFrom('lead', 'business', 'developer');
  const command: fc.Arbitrary<PromotionCommand> = fc.oneof(
    fc.record({ kind: fc.constant('approve' as const), by: people, role }),
    fc.record({ kind: fc.constant('reject' as const), by: people, role, reason: fc.constant('no') }),
    fc.record({ kind: fc.constant('withdraw' as const), by: people }),
    fc.record({
      kind: fc.constant('promote' as const),
      by: people,
      environment: fc.constantFrom('staging', 'testing'),
    }),
    fc.record({ kind: fc.constant('expire' as const) }),
  );
  const steps = fc.array(fc.tuple(command, fc.nat(HOUR / 4)), { maxLength: 30 });
  fc.assert(
    fc.property(steps, (list) => {
      let promotion = opened();
      let now = 0;
      for (const [one, wait] of list) {
        now += wait;
        const wasClosed = promotion.closed !== undefined;
        const result = advancePromotion(promotion, one, now);
        if (!result.ok) continue;
        assert.ok(!wasClosed);
        promotion = result.promotion;
      }
      const { approvals, state } = promotion;
      assert.equal(new Set(approvals.map(({ by }) => by)).size, approvals.length);
      assert.ok(approvals.every(({ by }) => by !== 'dora'));
      if (state === 'promoted') assert.deepEqual(missingApprovals(promotion), []);
    }),
    { numRuns: 1_000 },
  );
});
