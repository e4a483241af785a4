import { Worker } from 'node:worker_threads';
import type { Logger } from './lib/log.ts';
import type {
  FromRehearsal,
  RehearsalData,
  RehearsalDesk,
  RehearsalJob,
  RehearsalRequest,
} from './rehearsal/job.ts';

export interface RehearsalDeskParts {
  /** What every rehearsal gets, as it is when it is asked for. */
  data(): Omit<RehearsalData, 'request'>;
  now(): number;
  newId(): string;
  readonly log: Logger;
}

/** A rehearsal takes a thread and a processor; the hub's own work goes first. */
const MAX_RUNNING = 1;
const MAX_KEPT = 20;
const TIMEOUT_MS = 600_000;
const HEAP_MEGABYTES = 512;

interface Entry {
  job: RehearsalJob;
  readonly worker: Worker;
  readonly ended: PromiseWithResolvers<void>;
}

/** Runs rehearsals in threads of their own, few at a time, each for a bounded time. */
export function createRehearsalDesk(parts: RehearsalDeskParts): RehearsalDesk & { close(): Promise<void> } {
  const entries = new Map<string, Entry>();
  const running = (): readonly Entry[] => [...entries.values()].filter(({ job }) => job.status === 'running');

  function end(entry: Entry, change: Partial<RehearsalJob> & Pick<RehearsalJob, 'status'>): void {
    if (entry.job.status !== 'running') return;
    entry.job = { ...entry.job, ...change, endedAt: parts.now() };
    entry.ended.resolve();
    void entry.worker.terminate();
  }

  function hear(entry: Entry, message: FromRehearsal): void {
    switch (message.kind) {
      case 'progress':
        if (entry.job.status === 'running') entry.job = { ...entry.job, progress: message.share };
        return;
      case 'done':
        return end(entry, { status: 'done', progress: 1, result: message.result });
      case 'failed':
        if (message.code === 'broken')
          parts.log.error('a rehearsal failed', { id: entry.job.id, reason: message.stack });
        return end(entry, { status: 'failed', problem: { code: message.code, detail: message.detail } });
    }
  }

  function start(request: RehearsalRequest): RehearsalJob | undefined {
    if (running().length >= MAX_RUNNING) return undefined;
    for (const id of [...entries.keys()].slice(0, Math.max(0, entries.size + 1 - MAX_KEPT)))
      entries.delete(id);
    const worker = new Worker(new URL('./rehearsal-thread.ts', import.meta.url), {
      workerData: { ...parts.data(), request } satisfies RehearsalData,
      name: 'rehearsal',
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
    });
    const id = parts.newId();
    const job: RehearsalJob = {
      id,
      kind: request.kind,
      status: 'running',
      startedAt: parts.now(),
      progress: 0,
    };
    const entry: Entry = { job, worker, ended: Promise.withResolvers() };
    entries.set(id, entry);
    const broken = (detail: string): void =>
      end(entry, { status: 'failed', problem: { code: 'broken', detail } });
    const limit = setTimeout(() => broken('it took longer than 10 minutes; try a shorter range'), TIMEOUT_MS);
    limit.unref();
    void entry.ended.promise.then(() => clearTimeout(limit));
    worker.on('message', (message: FromRehearsal) => hear(entry, message));
    worker.on('error', (error) => broken(String(error)));
    worker.on('exit', () => broken('its thread ended'));
    return job;
  }

  return {
    start,
    find: (id) => entries.get(id)?.job,
    list: () => [...entries.values()].map(({ job }) => job).reverse(),
    async wait(id, timeoutMs) {
      const entry = entries.get(id);
      if (!entry) return undefined;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
      });
      await Promise.race([entry.ended.promise, late]);
      clearTimeout(timer);
      return entry.job;
    },
    cancel(id) {
      const entry = entries.get(id);
      if (entry) end(entry, { status: 'cancelled' });
      return entry?.job;
    },
    async close() {
      await Promise.all(
        running().map((entry) => {
          end(entry, { status: 'cancelled' });
          return entry.worker.terminate();
        }),
      );
    },
  };
}
