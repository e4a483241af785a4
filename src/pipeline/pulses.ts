import type { Beat, Heartbeat } from '../store/port.ts';

/**
 * When each integration was last heard of. Kept in memory; the store learns of it often enough to survive a restart, and for the node that
 * watches over silence, which hears of others' signals only there.
 */
export interface Pulses {
  beat(integration: string, now: number): void;
  lastSeenAt(integration: string): number | undefined;
  /** What the store knows. */
  readonly stored: Map<string, Heartbeat>;
  /** Heard of since the store was told, by more than this: worth telling. */
  untold(integration: string, byMs: number): Beat | undefined;
  /** Replaces what the store is believed to know, and takes over what is newer there. */
  restore(stored: readonly Heartbeat[]): void;
}

export function createPulses(stored: readonly Heartbeat[]): Pulses {
  const known = new Map(stored.map((heartbeat) => [heartbeat.integration, heartbeat]));
  const seen = new Map(stored.map((heartbeat) => [heartbeat.integration, heartbeat.lastSeenAt]));
  return {
    beat: (integration, now) => void seen.set(integration, now),
    lastSeenAt: (integration) => seen.get(integration),
    stored: known,
    untold(integration, byMs) {
      const lastSeenAt = seen.get(integration);
      const told = known.get(integration)?.lastSeenAt ?? -Infinity;
      return lastSeenAt !== undefined && lastSeenAt - told > byMs ? { integration, lastSeenAt } : undefined;
    },
    restore(rows) {
      known.clear();
      for (const heartbeat of rows) {
        const { integration, lastSeenAt } = heartbeat;
        known.set(integration, heartbeat);
        seen.set(integration, Math.max(lastSeenAt, seen.get(integration) ?? -Infinity));
      }
    },
  };
}
