import type { FaultCode, Receipt } from '@signalbox/sdk';
import { isTransient } from '@signalbox/sdk';
import type { Attempt, Delivery } from '../model/delivery.ts';
import type { DeliverySettings, Settings } from '../model/settings.ts';
import { isRunId } from '../model/workflow-run.ts';
import type { DeliveryMove } from '../store/port.ts';
import { deliveryId } from '../pipeline/new-delivery.ts';
import { backoffMs } from './backoff.ts';

/** How one attempt ended. */
export type AttemptResult =
  | { readonly kind: 'delivered'; readonly receipt: Receipt }
  | {
      readonly kind: 'failed';
      readonly code: FaultCode | 'SB_BUG';
      readonly message: string;
      readonly retryAfterMs?: number;
    };

export interface Settled {
  readonly move: DeliveryMove;
  readonly attempt: Attempt;
  /** The delivery that takes over at the next integration of the fallback chain. */
  readonly takeover?: Delivery;
}

/**
 * Decides what follows from one attempt: delivered, another try later, a fallback, or a dead letter. Pure; the one place where a
 * delivery leaves `sending`.
 */
export function settleAttempt(
  delivery: Delivery,
  result: AttemptResult,
  startedAt: number,
  newerExists: boolean,
  settings: Settings,
  now: number,
  random: number,
): Settled {
  const attempts = delivery.attempts + 1;
  const attempt = describeAttempt(delivery, attempts, result, startedAt, now);
  if (result.kind === 'delivered') {
    const move = {
      id: delivery.id,
      from: 'sending',
      to: 'delivered',
      attempts,
      dueAt: startedAt,
      settledAt: now,
      summary: describeReceipt(result.receipt),
    } as const;
    return { move, attempt };
  }
  const fault = { code: result.code, message: result.message };
  const move = { id: delivery.id, from: 'sending', attempts, fault } as const;
  if (newerExists) return { move: { ...move, to: 'superseded', settledAt: now }, attempt };

  const own = settings.integrations[delivery.integration]?.delivery;
  const dueAt = own ? now + backoffMs(own.retry, attempts, random, result.retryAfterMs) : Infinity;
  if (own && mayTryAgain(result.code) && dueAt <= delivery.deadlineAt) {
    const takeover = isFallbackDue(delivery, own, now) ? nextInChain(delivery, settings, now) : undefined;
    if (!takeover) return { move: { ...move, to: 'pending', dueAt }, attempt };
    return {
      move: { ...move, to: 'dead', settledAt: now, summary: `handed to ${takeover.integration}` },
      attempt,
      takeover,
    };
  }
  return { ...giveUp({ ...move, to: 'dead' }, delivery, settings, now), attempt };
}

/**
 * What becomes of a delivery that waits while its integration takes nothing: past its deadline it is a dead letter, and after
 * `fallback_after` the fallback takes over. Undefined: it goes on waiting.
 */
export function settleWaiting(
  delivery: Delivery,
  settings: Settings,
  now: number,
): Omit<Settled, 'attempt'> | undefined {
  const own = settings.integrations[delivery.integration]?.delivery;
  const move = { id: delivery.id, from: 'pending', to: 'dead' } as const;
  if (!own) {
    const fault = {
      code: 'SB_CONFIG',
      message: `the configuration has no integration ${delivery.integration} any more`,
    } as const;
    return giveUp({ ...move, fault }, delivery, settings, now);
  }
  if (now > delivery.deadlineAt) {
    const fault = delivery.fault ?? {
      code: 'SB_UNAVAILABLE',
      message: 'the deadline passed while the integration took nothing',
    };
    return giveUp({ ...move, fault }, delivery, settings, now);
  }
  if (!isFallbackDue(delivery, own, now)) return undefined;
  const takeover = nextInChain(delivery, settings, now);
  if (!takeover) return undefined;
  return { move: { ...move, settledAt: now, summary: `handed to ${takeover.integration}` }, takeover };
}

/**
 * What becomes of a delivery whose holder died between the mark `sending` and the result (design §2.6): sent again under the same
 * idempotency key when it matters, otherwise left as `unknown`.
 */
export function settleAbandoned(
  delivery: Delivery,
  settings: Settings,
  now: number,
): Omit<Settled, 'takeover'> {
  const policy = settings.integrations[delivery.integration]?.delivery.onUnknown ?? 'auto';
  const again = policy === 'resend' || (policy === 'auto' && delivery.priority !== 'info');
  const attempts = delivery.attempts + 1;
  const attempt: Attempt = {
    deliveryId: delivery.id,
    number: attempts,
    startedAt: delivery.dueAt,
    endedAt: now,
    outcome: 'unknown',
    detail: again ? 'the sender died; sent again under the same key' : 'the sender died; not sent again',
  };
  const move = { id: delivery.id, from: 'sending', attempts } as const;
  return again
    ? { move: { ...move, to: 'pending', dueAt: now }, attempt }
    : { move: { ...move, to: 'unknown', settledAt: now }, attempt };
}

function giveUp(
  move: DeliveryMove,
  delivery: Delivery,
  settings: Settings,
  now: number,
): Omit<Settled, 'attempt'> {
  const takeover = nextInChain(delivery, settings, now);
  const summary = takeover ? { summary: `handed to ${takeover.integration}` } : {};
  return { move: { ...move, settledAt: now, ...summary }, ...(takeover ? { takeover } : {}) };
}

/** Refused credentials are tried again, slowly: they come back when a person mends them, and the breaker keeps the tries apart. */
function mayTryAgain(code: FaultCode | 'SB_BUG'): boolean {
  return code === 'SB_BUG' || code === 'SB_AUTH' || isTransient(code);
}

function isFallbackDue(delivery: Delivery, own: DeliverySettings, now: number): boolean {
  return delivery.priority === 'critical' && now - delivery.createdAt >= own.fallbackAfterMs;
}

/** The delivery at the next integration of the origin's chain, or undefined at its end (BR-ERR-012). */
function nextInChain(delivery: Delivery, settings: Settings, now: number): Delivery | undefined {
  // Only the engine that a workflow names can run it.
  if (isRunId(delivery.groupId)) return undefined;
  const integration = settings.integrations[delivery.origin]?.delivery.fallback[delivery.step];
  const target = integration === undefined ? undefined : settings.integrations[integration];
  if (!target) return undefined;
  const step = delivery.step + 1;
  return {
    id: deliveryId(delivery.notificationId, target.id, step, now),
    tenant: delivery.tenant,
    notificationId: delivery.notificationId,
    groupId: delivery.groupId,
    generation: delivery.generation,
    integration: target.id,
    origin: delivery.origin,
    receiver: delivery.receiver,
    step,
    priority: delivery.priority,
    status: 'pending',
    attempts: 0,
    createdAt: now,
    dueAt: now,
    deadlineAt: now + target.delivery.deadlineMs,
  };
}

/** What the vendor said, with its own id of the message where it gives one (BR-NOT-012). */
function describeReceipt({ summary, vendorId }: Receipt): string {
  return vendorId === undefined ? summary : `${summary} (id ${vendorId})`;
}

function describeAttempt(
  delivery: Delivery,
  number: number,
  result: AttemptResult,
  startedAt: number,
  endedAt: number,
): Attempt {
  const common = { deliveryId: delivery.id, number, startedAt, endedAt };
  return result.kind === 'delivered'
    ? { ...common, outcome: 'delivered', detail: result.receipt.summary }
    : { ...common, outcome: 'failed', code: result.code, detail: result.message };
}
