import { performance } from 'node:perf_hooks';
import type { MetricSet } from '../lib/metrics.ts';
import type { Journal } from '../journal/port.ts';
import type { Ownership } from '../ownership/ownership.ts';
import type { Pipeline } from './pipeline.ts';

/** What says whether more nodes are needed, or fewer would do (BR-SCALE-003). Asked when somebody scrapes. */
export function watchLoad(
  set: MetricSet,
  parts: {
    readonly journal: Pick<Journal, 'end'>;
    readonly ownership: Ownership;
    /** How many processes share the work. */
    readonly nodes: () => Promise<number>;
    readonly pipeline: () => Pick<Pipeline, 'status' | 'positions'>;
  },
): void {
  const { journal, ownership, nodes, pipeline } = parts;
  set.gauge(
    'signalbox_oldest_signal_age_seconds',
    'Age of the oldest signal that this node has taken up last; 0 when it has caught up.',
    [],
    (gauge) => gauge.set(pipeline().status().lagMs / 1_000),
  );
  set.gauge(
    'signalbox_waiting_records',
    'Records of the partitions of this node that are in the journal and not processed yet.',
    [],
    async (gauge) => {
      const waiting = await Promise.all(
        pipeline()
          .positions()
          .map(async ({ partition, offset }) => Math.max(0, (await journal.end(partition)) - offset)),
      );
      gauge.set(waiting.reduce((sum, count) => sum + count, 0));
    },
  );
  set.gauge('signalbox_owned_partitions', 'Partitions of the journal that this node folds.', [], (gauge) =>
    gauge.set(ownership.partitions().length),
  );
  set.gauge('signalbox_nodes', 'Processes that share the work, this one among them.', [], async (gauge) => {
    // A store that can't be asked must not take the other numbers along; readiness says that it is down.
    const count = await nodes().catch(() => undefined);
    if (count === undefined) gauge.reset();
    else gauge.set(count);
  });
  let before = performance.eventLoopUtilization();
  set.gauge(
    'signalbox_state_busy_ratio',
    'Share of the time since the last scrape that the thread that decides and sends was busy; 1 is saturated.',
    [],
    (gauge) => {
      const now = performance.eventLoopUtilization();
      gauge.set(performance.eventLoopUtilization(now, before).utilization);
      before = now;
    },
  );
}
