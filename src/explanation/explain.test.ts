import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { resolveRoute } from '../model/route.ts';
import {
  sampleAlert,
  sampleDelivery,
  sampleGroup,
  sampleNotificationRow,
  NOW,
} from '../api/testing/sample-rows.ts';
import type { AlertFacts } from './alert-facts.ts';
import { CHAIN_STAGES, VERDICTS } from './explanation.ts';
import { explain } from './explain.ts';

const ROUTE = resolveRoute({ receiver: 'on-call', matchers: [], continue: false, routes: [] });

function factsOf(change: Partial<AlertFacts> = {}): AlertFacts {
  return {
    alert: sampleAlert(),
    incidents: [],
    routes: [{ route: ROUTE, groupId: 'g1', entries: [{ integration: 'pager', sendResolved: true }] }],
    groups: [],
    suppressions: [],
    silences: new Map(),
    holders: new Map(),
    tellings: [],
    isCut: false,
    runs: [],
    ...change,
  };
}

const waiting = sampleGroup({ id: 'g1', anchorAt: 0, flushAt: NOW + 20_000, generation: 0, told: [] });

describe('the answer', () => {
  test('names who was told, and what did not arrive', () => {
    const notification = sampleNotificationRow();
    const delivered = sampleDelivery({
      id: 'd2',
      integration: 'pager',
      status: 'delivered',
      createdAt: NOW - 5_000,
    });
    const dead = sampleDelivery({
      id: 'd3',
      integration: 'mail',
      origin: 'mail',
      status: 'dead',
      attempts: 3,
    });
    const tellings = [delivered, dead].map((delivery) => ({ notification, delivery, attempts: [] }));
    const { verdict, answer } = explain(factsOf({ tellings }), NOW);
    assert.equal(verdict, 'told');
    assert.match(
      answer,
      /^Told that it fires: pager at 2026-03-01 09:29:55 UTC\. The message to mail: given up/,
    );
  });

  test('waits for group_wait', () => {
    const { verdict, answer, next } = explain(factsOf({ groups: [waiting] }), NOW);
    assert.equal(verdict, 'waiting');
    assert.match(answer, /group_wait\. on-call \(pager\) is told at 2026-03-01 09:30:20 UTC, in 20s\./);
    assert.deepEqual(
      next.map(({ kind }) => kind),
      ['flush', 'expiry'],
    );
  });

  test('of a hold that ends says when and what ends', () => {
    const suppressions = [{ reason: 'flapping', rule: 'flapping', until: NOW + 60_000 } as const];
    const { verdict, answer, next } = explain(factsOf({ groups: [waiting], suppressions }), NOW);
    assert.equal(verdict, 'held');
    assert.match(answer, /comes and goes until 2026-03-01 09:31:00 UTC/);
    assert.deepEqual(
      next.map(({ kind }) => kind),
      ['flush', 'release', 'expiry'],
    );
  });

  test('does not take a group that is muted for the reason while another one tells', () => {
    const muted = { ...waiting, id: 'g2', held: { reason: 'muted', rule: 'nights', since: NOW } as const };
    assert.equal(explain(factsOf({ groups: [waiting, muted] }), NOW).verdict, 'waiting');
    assert.equal(explain(factsOf({ groups: [muted] }), NOW).verdict, 'held');
  });

  test('of an alert that is over admits what is no longer kept', () => {
    const alert = sampleAlert({
      status: 'resolved',
      startsAt: NOW - 3_600_000,
      endsAt: NOW - 1_000,
      decisions: [],
    });
    const { verdict, answer } = explain(factsOf({ alert }), NOW);
    assert.equal(verdict, 'resolved_untold');
    assert.match(answer, /no longer kept/);
  });
});

/** Anything that a row of another version, or half a row, might hold. */
const anything = fc.oneof(
  fc.constant(undefined),
  fc.double(),
  fc.integer(),
  fc.string(),
  fc.constant([]),
  fc.constant({}),
);

test('whatever is missing, an explanation is given, and the same twice', () => {
  const alert = sampleAlert({ endsAt: NOW + 1_000 });
  const optional = (keys: readonly string[]) => fc.subarray([...keys]);
  const time = fc.oneof(fc.constant(Infinity), fc.constant(NaN), fc.integer(), fc.constant(8.64e15));
  fc.assert(
    fc.property(
      optional([
        'decisions',
        'lifecycle',
        'facts',
        'past',
        'endsAt',
        'signal',
        'changedAt',
        'signalAt',
        'details',
      ]),
      fc.constantFrom('firing' as const, 'resolved' as const),
      time,
      fc.subarray(['told', 'decisions', 'anchorAt', 'generation', 'held']),
      fc.subarray([
        'muted',
        'inactive',
        'silenced',
        'maintenance',
        'snoozed',
        'inhibited',
        'filtered',
        'dependency',
        'flapping',
        'storm',
        'low_score',
      ] as const),
      fc.subarray(['pending', 'sending', 'delivered', 'superseded', 'unknown', 'dead', 'discarded'] as const),
      fc.boolean(),
      anything,
      (left, status, at, groupLeft, reasons, statuses, routed, odd) => {
        const without = (row: object, keys: readonly string[]) =>
          Object.fromEntries(Object.entries(row).filter(([key]) => !keys.includes(key)));
        const facts = factsOf({
          alert: { ...without(alert, left), status, startsAt: at } as never,
          groups: [{ ...without(sampleGroup({ flushAt: at }), groupLeft) } as never],
          suppressions: reasons.map((reason) => ({ reason, rule: 'x', until: at, comment: String(odd) })),
          routes: routed ? factsOf().routes : [],
          tellings: statuses.map((one) => ({
            notification: { status: 'firing', reason: odd } as never,
            delivery: sampleDelivery({ status: one, dueAt: at, settledAt: at, createdAt: at }),
            attempts: [],
          })),
        });
        const made = explain(facts, NOW);
        assert.ok(VERDICTS.includes(made.verdict));
        assert.notEqual(made.answer, '');
        assert.deepEqual(
          made.chain.map(({ stage }) => stage),
          CHAIN_STAGES,
        );
        assert.equal(JSON.stringify(explain(facts, NOW)), JSON.stringify(made));
      },
    ),
  );
});
