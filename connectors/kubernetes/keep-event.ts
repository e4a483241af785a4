import { compact, numberAt, textAt, timeAt } from './dig.ts';
import { keepMeta, type Keep } from './keep-meta.ts';
import type { ClusterEvent } from './records.ts';

/**
 * Two generations of events come through the same door: old ones count themselves and have `lastTimestamp`, those of `events.k8s.io`
 * have a `series` and an `eventTime`.
 */
export function keepEvent(object: unknown, options: Keep): ClusterEvent | undefined {
  const meta = keepMeta('Event', object, options);
  if (!meta) return undefined;
  return compact({
    ...meta,
    labels: {},
    about: {
      kind: textAt(object, 'involvedObject', 'kind') ?? '',
      namespace: textAt(object, 'involvedObject', 'namespace') ?? '',
      name: textAt(object, 'involvedObject', 'name') ?? '',
    },
    type: textAt(object, 'type'),
    reason: textAt(object, 'reason'),
    message: textAt(object, 'message')?.slice(0, 512),
    count: numberAt(object, 'series', 'count') ?? numberAt(object, 'count') ?? 1,
    lastAt:
      timeAt(object, 'series', 'lastObservedTime') ??
      timeAt(object, 'lastTimestamp') ??
      timeAt(object, 'eventTime') ??
      meta.createdAt,
  });
}
