import { isFault, type Receipt } from '@signalbox/sdk';
import type { Integration } from '../host/integration.ts';
import { presentHealth, type CallResultView } from './views/present-integration.ts';

/**
 * Calls an external system for a person who waits. A fault is an answer, not an error of the API; anything else that is thrown
 * is our bug and goes on.
 */
export async function callIntegration(
  integration: Integration,
  call: (signal: AbortSignal) => Promise<Receipt | void>,
  timeoutMs: number,
): Promise<CallResultView> {
  try {
    const receipt = await call(AbortSignal.timeout(timeoutMs));
    return {
      ok: true,
      ...(receipt && { summary: receipt.summary }),
      ...(receipt?.vendorId !== undefined && { vendor_id: receipt.vendorId }),
      health: presentHealth(integration.health),
    };
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return {
      ok: false,
      fault: {
        code: thrown.code,
        message: thrown.message,
        ...(thrown.field !== undefined && { field: thrown.field }),
      },
      health: presentHealth(integration.health),
    };
  }
}
