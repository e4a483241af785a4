import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Delivery } from '../model/delivery.ts';
import type { DeliverySettings, Settings } from '../model/settings.ts';
import { backoffMs } from './backoff.ts';
import { createGate } from './gate.ts';
import { settleAbandoned, settleAttempt, settleWaiting } from './settle.ts';

const T0 = 1_000_000_000_000;
const own: DeliverySettings = {
  concurrency: 4,
  timeoutMs: 10_000,
  retry: { initialMs: 1_000, maxMs: 60_000, factor: 2 },
  deadlineMs: 3_600_000,
  breaker: { failures: 3, cooldownMs: 30_000 },
  fallback: [],
  fallbackAfterMs: 120_000,
  onUnknown: 'auto',
};

function settingsWith(integrations: Record<string, Partial<DeliverySettings>>): Settings {
  const entries = Object.entries(integrations).map(([id, more]) => [
    id,
    { id, delivery: { ...own, ...more } },
  ]);
  return { integrations: Object.fromEntries(entries) } as unknown as Settings;
}

function delivery(rest: Partial<Delivery> = {}): Delivery {
  return {
    id: 'd1',
    tenant: 'default',
    notificationId: 'n1',
    groupId: 'g1',
    generation: 1,
    integration: 'pager',
    origin: 'pager',
    receiver: 'on-call',
    step: 0,
    priority: 'critical',
    status: 'sending',
    attempts: 0,
    createdAt: T0,
    dueAt: T0,
    deadlineAt: T0 + 3_600_000,
    ...rest,
  };
}

const settings = settingsWith({ pager: { fallback: ['sms', 'mail'] }, sms: {}, mail: {}, lonely: {} });
const failed = (code: 'SB_UNAVAILABLE' | 'SB_REJECTED' | 'SB_AUTH' | 'SB_CONFIG', retryAfterMs?: number) =>
  ({ kind: 'failed', code, message: 'no', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }) as const;

test('[BR-ERR-006] waits grow exponentially to a ceiling, spread by jitter, and never undercut Retry-After', () => {
  const at = (attempts: number, random: number, after?: number) =>
    backoffMs(own.retry, attempts, random, after);
  assert.deepEqual(
    [at(1, 0.999999), at(2, 0.999999), at(3, 0.999999), at(20, 0.999999)],
    [1_000, 2_000, 4_000, 60_000],
  );
  assert.equal(at(3, 0), 1_000);
  assert.equal(at(1, 0.5, 90_000), 90_000);
});

test('[BR-ERR-002] a transient fault is tried again later, a refused payload is a dead letter at once', () => {
  const again = settleAttempt(delivery(), failed('SB_UNAVAILABLE'), T0, false, settings, T0 + 5, 0.5);
  assert.deepEqual([again.move.to, again.move.attempts, again.takeover], ['pending', 1, undefined]);
  assert.ok(again.move.dueAt! > T0 + 5);
  const dead = settleAttempt(
    delivery({ integration: 'lonely', origin: 'lonely' }),
    failed('SB_REJECTED'),
    T0,
    false,
    settings,
    T0,
    0,
  );
  assert.deepEqual([dead.move.to, dead.takeover], ['dead', undefined]);
});

test('[BR-ERR-012] [BR-ERR-013] a dead delivery is handed along the chain of its first integration', () => {
  const first = settleAttempt(delivery(), failed('SB_REJECTED'), T0, false, settings, T0, 0);
  assert.deepEqual(
    [first.takeover?.integration, first.takeover?.step, first.takeover?.origin],
    ['sms', 1, 'pager'],
  );
  const second = settleAttempt(first.takeover!, failed('SB_CONFIG'), T0, false, settings, T0, 0);
  assert.deepEqual([second.takeover?.integration, second.takeover?.step], ['mail', 2]);
  assert.equal(
    settleAttempt(second.takeover!, failed('SB_REJECTED'), T0, false, settings, T0, 0).takeover,
    undefined,
  );
});

test('[BR-ERR-011] a critical delivery does not wait for its deadline before the fallback takes over', () => {
  const late = T0 + own.fallbackAfterMs;
  const critical = settleAttempt(delivery(), failed('SB_UNAVAILABLE'), T0, false, settings, late, 0);
  assert.deepEqual([critical.move.to, critical.takeover?.integration], ['dead', 'sms']);
  const info = settleAttempt(
    delivery({ priority: 'info' }),
    failed('SB_UNAVAILABLE'),
    T0,
    false,
    settings,
    late,
    0,
  );
  assert.equal(info.move.to, 'pending');
  assert.equal(settleWaiting(delivery({ status: 'pending' }), settings, late)?.takeover?.integration, 'sms');
  assert.equal(settleWaiting(delivery({ status: 'pending' }), settings, T0 + 1), undefined);
});

test('a failed delivery that a newer generation says better is superseded, not tried again', () => {
  assert.equal(
    settleAttempt(delivery(), failed('SB_UNAVAILABLE'), T0, true, settings, T0, 0).move.to,
    'superseded',
  );
});

test('a delivery whose next try would be past its deadline ends as a dead letter', () => {
  const last = delivery({ integration: 'lonely', origin: 'lonely', deadlineAt: T0 + 10 });
  assert.equal(
    settleAttempt(last, failed('SB_UNAVAILABLE', 1_000), T0, false, settings, T0, 0).move.to,
    'dead',
  );
  assert.equal(settleWaiting({ ...last, status: 'pending' }, settings, T0 + 11)?.move.to, 'dead');
});

test('[BR-REL-014] after a crash a critical delivery goes again under the same key and an informational one does not', () => {
  assert.equal(settleAbandoned(delivery(), settings, T0).move.to, 'pending');
  assert.equal(settleAbandoned(delivery({ priority: 'info' }), settings, T0).move.to, 'unknown');
  assert.equal(
    settleAbandoned(delivery({ priority: 'info' }), settingsWith({ pager: { onUnknown: 'resend' } }), T0).move
      .to,
    'pending',
  );
});

test('[BR-REL-007] the breaker shuts after consecutive failures, lets one probe through, and opens with its success', () => {
  const gate = createGate(own);
  for (let count = 0; count < 3; count++) {
    gate.started(T0);
    gate.ended(failed('SB_UNAVAILABLE'), T0);
  }
  assert.deepEqual([gate.isShut(T0), gate.capacity(T0)], [true, 0]);
  const later = T0 + own.breaker.cooldownMs;
  assert.equal(gate.capacity(later), 1);
  gate.started(later);
  assert.equal(gate.capacity(later), 0);
  gate.ended({ kind: 'delivered', receipt: { summary: 'ok' } }, later);
  assert.equal(gate.capacity(later), own.concurrency);
});

test('[ADR6-065] the rate and a vendor\'s "come back later" are kept', () => {
  const gate = createGate({ ...own, concurrency: 100, rate: { requests: 2, perMs: 1_000 } });
  assert.equal(gate.capacity(T0), 2);
  gate.started(T0);
  gate.started(T0);
  assert.deepEqual([gate.capacity(T0), gate.opensAt(T0)], [0, T0 + 500]);
  gate.ended({ ...failed('SB_UNAVAILABLE', 5_000), code: 'SB_RATE_LIMITED' }, T0);
  assert.deepEqual([gate.isShut(T0 + 4_999), gate.isShut(T0 + 5_000)], [true, false]);
});
