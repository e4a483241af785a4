import { closeSync, fdatasync, openSync } from 'node:fs';

/** Brings what was written to a file onto the disk, without holding up the thread. */
export interface FileSync {
  /**
   * Resolves when everything written before the call is on the disk. Calls that come while the disk is busy share the next
   * turn. Rejects with the system's error.
   */
  sync(): Promise<void>;
  close(): void;
}

/** @param path of a file that exists; it is opened by the first call and kept open until `close`. */
export function createFileSync(path: string): FileSync {
  let file: number | undefined;
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  const start = (): Promise<void> => {
    const turn = new Promise<void>((resolve, reject) => {
      file ??= openSync(path, 'r+');
      fdatasync(file, (error) => (error ? reject(error) : resolve()));
    });
    running = turn;
    const end = () => (running = running === turn ? undefined : running);
    turn.then(end, end);
    return turn;
  };

  return {
    sync() {
      if (!running) return start();
      // What was written after the running turn began is not covered by it.
      next ??= running
        .catch(() => undefined)
        .then(() => {
          next = undefined;
          return start();
        });
      return next;
    },
    close() {
      const open = file;
      file = undefined;
      if (open === undefined) return;
      if (running) void running.catch(() => undefined).then(() => closeSync(open));
      else closeSync(open);
    },
  };
}
