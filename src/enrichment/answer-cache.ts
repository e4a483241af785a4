import type { Answer } from './look-up.ts';

/** Answers of one enrichment by their key, for a while. */
export interface AnswerCache {
  get(key: string, now: number): Answer | undefined;
  set(key: string, answer: Answer, now: number, ttlMs: number): void;
  /** What it holds, in bytes of JSON. */
  bytes(): number;
}

interface Kept {
  readonly answer: Answer;
  readonly bytes: number;
  readonly storedAt: number;
  readonly expiresAt: number;
}

export const CACHE_ENTRIES = 10_000;
export const CACHE_BYTES = 8 * 1024 * 1024;

/**
 * Forgets what was not asked for the longest when it is full (BR-PERF-008 with bounded memory). An entry from the future is one from before
 * the clock was set back, and nobody can tell how old it is.
 */
export function createAnswerCache(maxEntries = CACHE_ENTRIES, maxBytes = CACHE_BYTES): AnswerCache {
  // A map keeps the order of insertion, so the first key is the one that was used the longest ago.
  const kept = new Map<string, Kept>();
  let bytes = 0;

  function drop(key: string): void {
    bytes -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  }

  return {
    get(key, now) {
      const entry = kept.get(key);
      if (!entry) return undefined;
      if (now >= entry.expiresAt || now < entry.storedAt) {
        drop(key);
        return undefined;
      }
      kept.delete(key);
      kept.set(key, entry);
      return entry.answer;
    },
    set(key, answer, now, ttlMs) {
      drop(key);
      if (ttlMs <= 0) return;
      const size = key.length + (answer.kind === 'found' ? answer.bytes : answer.why.length);
      kept.set(key, { answer, bytes: size, storedAt: now, expiresAt: now + ttlMs });
      bytes += size;
      for (const oldest of kept.keys()) {
        if (kept.size <= maxEntries && bytes <= maxBytes) break;
        drop(oldest);
      }
    },
    bytes: () => bytes,
  };
}
