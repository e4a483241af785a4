import { isFault, type Logger } from '@signalbox/sdk';
import type { Host } from '../host/integration.ts';
import { errorText } from '../lib/error-text.ts';
import type { Settings } from '../model/settings.ts';
import type { WorkflowRun } from '../model/workflow-run.ts';
import type { Ownership } from '../ownership/ownership.ts';
import { runChange } from '../pipeline/change.ts';
import { StaleRun, type Store } from '../store/port.ts';
import type { WorkflowMetrics } from './metrics.ts';
import { takeStatus } from './take-status.ts';
import { transition, type RunEvent } from './transitions.ts';

export interface WatchContext {
  readonly store: Pick<Store, 'dueWorkflowRuns' | 'nextWorkflowRunDue' | 'commit'>;
  readonly ownership: Pick<Ownership, 'delivers'>;
  settings(): Settings;
  host(): Host;
  now(): number;
  readonly log: Logger;
  readonly metrics: WorkflowMetrics;
  /** An engine answered: a tick is worthwhile. */
  wake(): void;
}

/**
 * Asks engines how their runs go on, until they have ended or nobody waits for it any more. A question runs beside everything else, and its
 * answer is committed by the next tick. Each run is asked after by the node that delivers to its engine.
 */
export interface RunWatch {
  /** Commits what was answered and asks about what is due. Returns whether something was committed. */
  tick(): Promise<boolean>;
  /** When a tick is worthwhile. */
  nextTickAt(now: number): number;
  /** Asks nobody any more; what is under way is given up. */
  close(): void;
}

const MAX_ASKED = 16;
const BATCH = 64;
/** Runs that another node started, or that wait for a place among those that are asked after, are found after this long. */
const LOOK_AGAIN_MS = 1_000;

interface Answered {
  readonly run: WorkflowRun;
  readonly event: RunEvent;
}

export function createRunWatch(context: WatchContext): RunWatch {
  const { store, ownership, metrics } = context;
  const asking = new Set<string>();
  const answered: Answered[] = [];
  const closing = new AbortController();
  let lookAt = 0;

  async function ask(run: WorkflowRun): Promise<void> {
    const { id, integration, reference } = run;
    let event: RunEvent;
    try {
      event = { kind: 'report', ...takeStatus(await question(integration, reference ?? '', id)) };
      metrics.questions.inc({ integration, outcome: 'answered' });
    } catch (error) {
      const reason = isFault(error) ? `${error.code}: ${error.message}` : errorText(error);
      event = { kind: 'miss', words: `the engine could not be asked: ${reason}` };
      metrics.questions.inc({ integration, outcome: 'failed' });
    }
    if (closing.signal.aborted) return;
    answered.push({ run, event });
    context.wake();
  }

  function question(id: string, reference: string, run: string): Promise<unknown> {
    const integration = context.host().integrations.get(id);
    if (!integration) return Promise.reject(new Error(`the configuration has no integration ${id} any more`));
    const limit = AbortSignal.timeout(integration.settings.delivery.timeoutMs);
    return integration.runStatus(reference, run, AbortSignal.any([limit, closing.signal]));
  }

  async function settle({ run, event }: Answered, now: number): Promise<boolean> {
    const next = transition(run, event, now);
    if (!next) return false;
    try {
      await store.commit({ workflowRuns: [next], changes: [runChange(next, now)] });
    } catch (error) {
      // Somebody else went on with it, and what is known of it now counts.
      if (error instanceof StaleRun) return false;
      throw error;
    }
    if (next.status === run.status) return true;
    metrics.runs.inc({ integration: run.integration, status: next.status });
    const { id, rule, status, words } = next;
    context.log.info('a workflow run has ended', { run: id, rule, status, words });
    return true;
  }

  async function look(now: number): Promise<boolean> {
    const due = await store.dueWorkflowRuns(now, BATCH);
    let committed = false;
    for (const run of due) {
      if (asking.has(run.id) || !ownership.delivers(run.integration)) continue;
      if (now >= (run.startedAt ?? run.createdAt) + run.watchMs) {
        const words = `it had not ended when \`watch_for\` was over; the engine said last: ${run.words ?? 'nothing'}`;
        if (await settle({ run, event: { kind: 'lose', words } }, now)) committed = true;
      } else if (asking.size < MAX_ASKED) {
        asking.add(run.id);
        void ask(run);
      }
    }
    lookAt = Math.max(now + LOOK_AGAIN_MS, await store.nextWorkflowRunDue());
    // A run that begins meanwhile is asked after no later than this.
    lookAt = Math.min(lookAt, now + 5 * LOOK_AGAIN_MS);
    return committed;
  }

  return {
    async tick() {
      const now = context.now();
      let committed = false;
      while (answered.length > 0) {
        const [next] = answered;
        if (await settle(next!, now)) committed = true;
        answered.shift();
        asking.delete(next!.run.id);
      }
      if (now >= lookAt && (await look(now))) committed = true;
      return committed;
    },
    nextTickAt: (now) => (answered.length > 0 ? now : lookAt),
    close: () => closing.abort(),
  };
}
