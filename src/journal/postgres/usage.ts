export interface Usage {
  /** Bytes in the whole journal, asked of the server once for all that ask meanwhile. */
  measure(): Promise<number>;
  /** Why so many more bytes can't be taken; undefined when they can. */
  whyFull(bytes: number): string | undefined;
  /** A batch of so many bytes was appended; the server may have said what the whole journal holds since. */
  note(used: number | undefined, bytes: number): void;
}

/**
 * How much of the cap is used. Every append brings what all nodes have appended and trimmed by then, so that the cap is passed by what
 * the others have under way at most. A node that refuses looks again, because nothing else would tell it that there is room.
 */
export function createUsage(ask: () => Promise<number>, maxBytes: number): Usage {
  let used = 0;
  let running: Promise<number> | undefined;
  const measure = (): Promise<number> =>
    (running ??= (async () => {
      try {
        return (used = await ask());
      } finally {
        running = undefined;
      }
    })());
  return {
    measure,
    whyFull(bytes) {
      if (used + bytes <= maxBytes) return undefined;
      measure().catch(() => undefined);
      return `The journal holds ${used} of ${maxBytes} bytes; it takes more after what is old was processed and trimmed`;
    },
    note(said, bytes) {
      used = said ?? used + bytes;
    },
  };
}
