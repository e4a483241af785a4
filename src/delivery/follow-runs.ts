import { followStarts, type FollowedStarts, type StartMove } from '../workflows/follow-starts.ts';
import type { DeliveryContext } from './underway.ts';

/** What follows for runs of workflows from what happens to the deliveries that start them. */
export interface RunFollower {
  /** Rows for the commit of these moves. */
  follow(moves: readonly StartMove[], now: number): Promise<FollowedStarts>;
  /** They are committed. */
  count(followed: FollowedStarts): void;
}

export function createRunFollower({
  store,
  host,
  workflowMetrics,
}: Pick<DeliveryContext, 'store' | 'host' | 'workflowMetrics'>): RunFollower {
  const tellsRuns = (id: string): boolean => host().integrations.get(id)?.tellsRuns ?? false;
  return {
    follow: (moves, now) => followStarts(store, moves, tellsRuns, now),
    count({ workflowRuns }) {
      // A note on a start that waits is no new status.
      for (const { integration, status } of workflowRuns)
        if (status !== 'starting') workflowMetrics.runs.inc({ integration, status });
    },
  };
}
