import { Worker } from 'node:worker_threads';
import type { NewRecord } from './journal/port.ts';
import type { FromState, StateData, ToState } from './state-protocol.ts';

/** The main thread's end of the line to the thread that owns the state. */
export interface StateLink {
  /** Resolves when the state is loaded; rejects when it can't be. */
  readonly ready: Promise<void>;
  /** Records were appended. Coalesced: many calls in one turn of the event loop become one message. */
  appended(): void;
  ask<T>(message: Question): Promise<T>;
  onChange(listener: () => void): () => void;
  /** Calls back when a quarantined signal is to be read anew under an approval. */
  onRedrive(listener: (asked: Redrive) => void): void;
  /** Resolves with the reason when the thread ends without being asked to. */
  readonly died: Promise<string>;
  stop(graceMs: number): Promise<void>;
}

export type Redrive = Pick<Extract<FromState, { readonly kind: 'redrive' }>, 'signal' | 'approval'>;

type Question = ToState extends infer M ? (M extends { readonly id: number } ? Omit<M, 'id'> : never) : never;

/** @param onAppend gets what the state has for the journal */
export function startStateThread(
  data: StateData,
  onAppend: (records: readonly NewRecord[]) => void,
): StateLink {
  const worker = new Worker(new URL('./state-thread.ts', import.meta.url), {
    workerData: data,
    name: 'state',
  });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const listeners = new Set<() => void>();
  const redrivers = new Set<(asked: Redrive) => void>();
  const ready = Promise.withResolvers<void>();
  const died = Promise.withResolvers<string>();
  let lastId = 0;
  let announced = false;
  let stopping = false;
  let hasEnded = false;
  // Nobody may be waiting for it when the thread dies before it is ready.
  ready.promise.catch(() => undefined);

  worker.on('message', (message: FromState) => {
    switch (message.kind) {
      case 'ready':
        return ready.resolve();
      case 'changed':
        return listeners.forEach((listener) => listener());
      case 'append':
        return onAppend(message.records);
      case 'redrive':
        return redrivers.forEach((redriver) => redriver(message));
      case 'answer':
        waiting.get(message.id)?.resolve(message.value);
        return void waiting.delete(message.id);
      case 'refused':
        waiting.get(message.id)?.reject(new Error(message.reason));
        return void waiting.delete(message.id);
      case 'fatal':
        return end(message.reason);
    }
  });
  worker.on('error', (error) =>
    end(error instanceof Error ? (error.stack ?? error.message) : String(error), error),
  );
  worker.on('exit', () => end('the state thread ended'));

  /** @param cause as it was thrown over there, so that its code tells the command line what to say. */
  function end(reason: string, cause?: unknown): void {
    hasEnded = true;
    ready.reject(cause instanceof Error ? cause : new Error(reason));
    for (const { reject } of waiting.values()) reject(new Error(reason));
    waiting.clear();
    if (!stopping) died.resolve(reason);
  }

  function ask<T>(message: Question): Promise<T> {
    const id = ++lastId;
    return new Promise<T>((resolve, reject) => {
      waiting.set(id, { resolve: (value) => resolve(value as T), reject });
      worker.postMessage({ ...message, id });
    });
  }

  return {
    ready: ready.promise,
    died: died.promise,
    ask,
    appended() {
      if (announced) return;
      announced = true;
      setImmediate(() => {
        announced = false;
        worker.postMessage({ kind: 'appended' } satisfies ToState);
      });
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onRedrive: (listener) => void redrivers.add(listener),
    async stop(graceMs) {
      stopping = true;
      // Nobody would answer.
      if (hasEnded) return;
      try {
        await ask({ kind: 'stop', graceMs });
      } finally {
        await worker.terminate();
      }
    },
  };
}
