import { createHmac, randomBytes } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { PasswordAnswer, PasswordQuestion } from './password-thread.ts';

export interface Passwords {
  /**
   * Whether the password is the user's. A user who does not exist takes as long as the first one.
   *
   * @param hashes by user; at least one.
   * @returns 'busy' when too many others are waiting.
   * @throws when the thread ended.
   */
  check(hashes: ReadonlyMap<string, string>, user: string, password: string): Promise<boolean | 'busy'>;
  close(): Promise<void>;
}

/** As many as the exporter toolkit remembers. */
const MAX_KNOWN = 100;
/** Each may take a tenth of a second, one after the other. */
const MAX_WAITING = 32;

/** Compares passwords in a thread of its own, and remembers those that were right, by a keyed hash. */
export function createPasswords(): Passwords {
  const key = randomBytes(32);
  const right = new Set<string>();
  const waiting = new Map<number, PromiseWithResolvers<boolean>>();
  const underWay = new Map<string, Promise<boolean>>();
  let thread: Worker | undefined;
  let lastId = 0;

  function startThread(): Worker {
    const worker = new Worker(new URL('./password-thread.ts', import.meta.url), { name: 'passwords' });
    worker.unref();
    worker.on('message', ({ id, isRight }: PasswordAnswer) => {
      waiting.get(id)?.resolve(isRight);
      waiting.delete(id);
    });
    // The error says why; the end follows it, and the next check starts another thread.
    let reason: unknown = 'it ended';
    worker.on('error', (error) => (reason = error));
    worker.on('exit', () => {
      thread = undefined;
      for (const each of waiting.values())
        each.reject(new Error('the thread of passwords ended', { cause: reason }));
      waiting.clear();
    });
    return worker;
  }

  async function compare(hash: string, password: string): Promise<boolean> {
    const id = ++lastId;
    const answer = Promise.withResolvers<boolean>();
    waiting.set(id, answer);
    thread ??= startThread();
    thread.postMessage({ id, hash, password } satisfies PasswordQuestion);
    return answer.promise;
  }

  function remember(name: string): void {
    // The oldest goes.
    if (right.size >= MAX_KNOWN) right.delete(right.values().next().value!);
    right.add(name);
  }

  return {
    async check(hashes, user, password) {
      const hash = hashes.get(user) ?? hashes.values().next().value!;
      const name = createHmac('sha256', key)
        .update(JSON.stringify([user, hash, password]))
        .digest('base64');
      if (right.has(name)) return true;
      let comparing = underWay.get(name);
      if (comparing === undefined) {
        if (underWay.size >= MAX_WAITING) return 'busy';
        comparing = compare(hash, password);
        underWay.set(name, comparing);
      }
      try {
        const isRight = (await comparing) && hashes.has(user);
        if (isRight && !right.has(name)) remember(name);
        return isRight;
      } finally {
        underWay.delete(name);
      }
    },
    async close() {
      await thread?.terminate();
    },
  };
}
