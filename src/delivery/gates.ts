import type { Host } from '../host/integration.ts';
import type { DeliverySettings, Settings } from '../model/settings.ts';
import { createGate, type Gate } from './gate.ts';

/** One gate for each integration that anything is sent to. */
export interface Gates {
  of(integration: string): Gate;
  /** All there are by now. */
  entries(): Iterable<[integration: string, Gate]>;
  /** Forgets those whose settings may have changed. */
  reconfigure(): void;
}

export interface GatesOptions {
  settings(): Pick<Settings, 'integrations'>;
  host(): Pick<Host, 'integrations'>;
  /** Whether rates are kept here. Where they are kept elsewhere, whatever comes may go. */
  readonly keepsRates: boolean;
}

export function createGates({ settings, host, keepsRates }: GatesOptions): Gates {
  const gates = new Map<string, Gate>();

  function gateFor(integration: string): Gate {
    const { notifier, workflow } = host().integrations.get(integration)?.connector ?? {};
    const limits = (notifier ?? workflow)?.limits;
    const own: DeliverySettings = settings().integrations[integration]?.delivery ?? MISSING;
    if (keepsRates) return createGate(own, limits);
    const { rate: _rate, ...rest } = own;
    const { rate: _limit, ...slots } = limits ?? {};
    return createGate(rest, slots);
  }

  return {
    of(integration) {
      let gate = gates.get(integration);
      if (!gate) gates.set(integration, (gate = gateFor(integration)));
      return gate;
    },
    entries: () => gates.entries(),
    reconfigure() {
      // Gates with attempts under way stay, so that their counts come out even; they take the new limits at the next reload.
      for (const [integration, gate] of gates) if (gate.inFlight === 0) gates.delete(integration);
    },
  };
}

/** An integration that the configuration has no more: everything for it ends as a dead letter at once. */
const MISSING: DeliverySettings = {
  concurrency: 16,
  timeoutMs: 0,
  retry: { initialMs: 1_000, maxMs: 1_000, factor: 1 },
  deadlineMs: 0,
  breaker: { failures: Infinity, cooldownMs: 0 },
  fallback: [],
  fallbackAfterMs: Infinity,
  onUnknown: 'drop',
};
