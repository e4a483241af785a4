import type { Heartbeat } from '../store/port.ts';

/** When each integration was last heard of. Kept in memory; the store learns of it often enough to survive a restart. */
export interface Pulses {
  beat(integration: string, now: number): void;
  lastSeenAt(integration: string): number | undefined;
  /** What the store knows. */
  readonly stored: Map<string, Heartbeat>;
  /** Replaces what the store is believed to know. */
  restore(stored: readonly Heartbeat[]): void;
}

export function createPulses(stored: readonly Heartbeat[]): Pulses {
  const known = new Map(stored.map((heartbeat) => [heartbeat.integration, heartbeat]));
  const seen = new Map(stored.map((heartbeat) => [heartbeat.integration, heartbeat.lastSeenAt]));
  return {
    beat: (integration, now) => void seen.set(integration, now),
    lastSeenAt: (integration) => seen.get(integration),
    stored: known,
    restore(rows) {
      known.clear();
      for (const heartbeat of rows) known.set(heartbeat.integration, heartbeat);
    },
  };
}
