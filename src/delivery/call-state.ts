import type { KeyValue } from '@signalbox/sdk';
import type { Store } from '../store/port.ts';

export interface StateWrite {
  readonly integration: string;
  readonly key: string;
  readonly value: string;
  readonly expiresAt: number;
}

const DEFAULT_TTL_MS = 30 * 24 * 3_600_000;

/**
 * The durable map that a notifier sees during one call. Writes are kept back and committed together with the outcome, so that a message and
 * what is remembered about it never disagree for longer than a crash.
 */
export function createCallState(
  integration: string,
  store: Pick<Store, 'connectorState'>,
  now: () => number,
): KeyValue & { readonly writes: readonly StateWrite[] } {
  const writes: StateWrite[] = [];
  return {
    writes,
    async get(key) {
      const written = writes.findLast((write) => write.key === key);
      return written ? written.value : store.connectorState(integration, key, now());
    },
    async set(key, value, options) {
      writes.push({ integration, key, value, expiresAt: now() + (options?.ttlMs ?? DEFAULT_TTL_MS) });
    },
  };
}
