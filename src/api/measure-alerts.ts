import type { Alert } from '../model/alert.ts';
import type { AlertQuery, StoreReader } from '../store/reader.ts';

/** The newest alerts that are looked at; a person waits for the answer. */
export const MAX_MEASURED = 10_000;
const PAGE = 500;

export interface AlertMeasures {
  readonly counts: {
    readonly firing: number;
    readonly resolved: number;
    readonly acknowledged: number;
    readonly closed: number;
    readonly snoozed: number;
    readonly stale: number;
  };
  /** Milliseconds from the start of an episode, of the newest episode of each alert. */
  readonly acknowledge: Durations;
  readonly resolve: Durations;
}

export interface Durations {
  readonly count: number;
  readonly p50?: number;
  readonly p90?: number;
  readonly p99?: number;
}

export interface MeasuredGroup extends AlertMeasures {
  readonly tenant: string;
  readonly severity: string;
  /** Empty where nobody knows it. */
  readonly environment: string;
}

/** Reads alerts that changed since a time, newest first, as far as `MAX_MEASURED`. */
export async function readChanged(
  reader: Pick<StoreReader, 'alerts'>,
  query: Omit<AlertQuery, 'limit' | 'cursor'>,
  since: number,
): Promise<{ readonly alerts: readonly Alert[]; readonly isComplete: boolean }> {
  const alerts: Alert[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await reader.alerts({ ...query, limit: PAGE, ...(cursor !== undefined && { cursor }) });
    const young = page.items.filter(({ changedAt }) => changedAt >= since);
    alerts.push(...young);
    cursor = page.next;
    if (young.length < page.items.length || cursor === undefined) return { alerts, isComplete: true };
    if (alerts.length >= MAX_MEASURED) return { alerts, isComplete: false };
  }
}

/** How many there are in which state and how long people and sources took, by tenant, severity and environment (BR-AP-025b). Pure. */
export function measureAlerts(alerts: readonly Alert[], now: number): readonly MeasuredGroup[] {
  const keyOf = ({ tenant, severity, facts }: Alert) =>
    JSON.stringify([tenant, severity, facts?.environment ?? '']);
  return [...Map.groupBy(alerts, keyOf)]
    .map(([key, group]): MeasuredGroup => {
      const [tenant, severity, environment] = JSON.parse(key) as [string, string, string];
      return { tenant, severity, environment, ...measure(group, now) };
    })
    .toSorted(
      (left, right) =>
        right.acknowledge.count + right.resolve.count - left.acknowledge.count - left.resolve.count,
    );
}

function measure(alerts: readonly Alert[], now: number): AlertMeasures {
  const count = (fits: (alert: Alert) => boolean) => alerts.filter(fits).length;
  return {
    counts: {
      firing: count(({ status }) => status === 'firing'),
      resolved: count(({ status }) => status === 'resolved'),
      acknowledged: count(({ lifecycle }) => lifecycle?.state === 'acknowledged'),
      closed: count(({ lifecycle }) => lifecycle?.state === 'closed'),
      snoozed: count(({ lifecycle }) => (lifecycle?.snooze?.until ?? 0) > now),
      stale: count(({ lifecycle }) => lifecycle?.staleSince !== undefined),
    },
    acknowledge: durations(
      alerts.flatMap(({ startsAt, lifecycle }) =>
        lifecycle?.acknowledgedAt === undefined ? [] : [lifecycle.acknowledgedAt - startsAt],
      ),
    ),
    resolve: durations(
      alerts.flatMap(({ status, startsAt, endsAt }) =>
        status === 'resolved' && endsAt !== undefined ? [endsAt - startsAt] : [],
      ),
    ),
  };
}

/** Nearest rank: a value that really occurred, and no value between two. */
function durations(values: readonly number[]): Durations {
  if (values.length === 0) return { count: 0 };
  const sorted = values.map((value) => Math.max(0, value)).toSorted((left, right) => left - right);
  const rank = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1]!;
  return { count: sorted.length, p50: rank(0.5), p90: rank(0.9), p99: rank(0.99) };
}
