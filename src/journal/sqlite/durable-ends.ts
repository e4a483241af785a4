/**
 * How far each partition is on the disk, shared between the thread that writes the journal and the one that reads it: a record that the
 * file shows already may still be lost with the power, and nobody may act on it before it can't.
 */
export interface DurableEnds {
  /** To hand to another thread. */
  readonly shared: SharedArrayBuffer;
  publish(ends: readonly number[]): void;
  /** Offsets below it are on the disk. */
  of(partition: number): number;
}

export function createDurableEnds(partitions: number): DurableEnds {
  return openDurableEnds(new SharedArrayBuffer(partitions * BigInt64Array.BYTES_PER_ELEMENT));
}

export function openDurableEnds(shared: SharedArrayBuffer): DurableEnds {
  const view = new BigInt64Array(shared);
  return {
    shared,
    publish(ends) {
      for (const [partition, end] of ends.entries()) Atomics.store(view, partition, BigInt(end));
    },
    of: (partition) => Number(Atomics.load(view, partition)),
  };
}
