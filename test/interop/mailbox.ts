/** Keeps what arrives and lets a test wait for a particular thing, however early or late it comes. */
export interface Mailbox<T> {
  readonly all: readonly T[];
  put(item: T): void;
  /** The first item, past or future, for which it is true. */
  find(isWanted: (item: T) => boolean): Promise<T>;
}

export function createMailbox<T>(): Mailbox<T> {
  const all: T[] = [];
  const waiting = new Set<(item: T) => void>();
  return {
    all,
    put(item) {
      all.push(item);
      for (const look of waiting) look(item);
    },
    find(isWanted) {
      const found = all.find(isWanted);
      if (found !== undefined) return Promise.resolve(found);
      return new Promise((resolve) => {
        const look = (item: T): void => {
          if (!isWanted(item)) return;
          waiting.delete(look);
          resolve(item);
        };
        waiting.add(look);
      });
    },
  };
}
