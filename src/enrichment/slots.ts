/** How many calls of one integration run at once; the others wait in line. */
export interface Slots {
  /** Resolves with the function that gives the slot back, or with undefined when nobody waits for it any more. */
  enter(): Promise<(() => void) | undefined>;
  /** Sends everybody in the line away. */
  abandon(): void;
}

export function createSlots(limit: number): Slots {
  const line: ((leave: (() => void) | undefined) => void)[] = [];
  let running = 0;

  function leave(): void {
    const next = line.shift();
    if (next) next(once(leave));
    else running -= 1;
  }

  return {
    enter() {
      if (running < limit) {
        running += 1;
        return Promise.resolve(once(leave));
      }
      return new Promise((resolve) => line.push(resolve));
    },
    abandon() {
      for (const resolve of line.splice(0)) resolve(undefined);
    },
  };
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (!done) action();
    done = true;
  };
}
