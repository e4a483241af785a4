import type { KeyValue } from '@signalbox/sdk';

/** The connector's state of one test call; forgotten with it, so that a test never edits a real message. */
export function createMemoryState(): KeyValue {
  const values = new Map<string, string>();
  return {
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, value),
  };
}
