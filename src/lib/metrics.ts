import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/**
 * The one place that knows the metrics library. Each thread has a set of its own; metric names are never shared
 * between threads, so that the texts can be put one after the other. Names follow Prometheus' conventions.
 */
export interface MetricSet {
  counter(
    name: string,
    help: string,
    labels?: readonly string[],
    collect?: (counter: Counter) => void | Promise<void>,
  ): Counter;
  gauge(
    name: string,
    help: string,
    labels?: readonly string[],
    collect?: (gauge: Gauge) => void | Promise<void>,
  ): Gauge;
  /** `buckets` in the unit of the name, which is seconds unless it says otherwise. */
  histogram(name: string, help: string, labels?: readonly string[], buckets?: readonly number[]): Histogram;
  /** Prometheus' text exposition format. */
  text(): Promise<string>;
}

/** How often a timer asks how late the event loop is: the library's 10 ms would wake a process that has nothing to do a hundred times a second. */
const LAG_PRECISION_MS = 50;

export const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** @param process whether to add the process's own metrics (CPU, memory, event loop); in one thread only. */
export function createMetricSet(process: 'with-process' | 'without-process'): MetricSet {
  const registry = new Registry();
  if (process === 'with-process')
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LAG_PRECISION_MS });
  const common = (name: string, help: string, labels: readonly string[]) => ({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
  });
  return {
    counter(name, help, labels = [], collect) {
      if (!collect) return new Counter(common(name, help, labels));
      const counter: Counter = new Counter({
        ...common(name, help, labels),
        collect: () => collect(counter),
      });
      return counter;
    },
    gauge(name, help, labels = [], collect) {
      if (!collect) return new Gauge(common(name, help, labels));
      const gauge: Gauge = new Gauge({ ...common(name, help, labels), collect: () => collect(gauge) });
      return gauge;
    },
    histogram: (name, help, labels = [], buckets = LATENCY_BUCKETS) =>
      new Histogram({ ...common(name, help, labels), buckets: [...buckets] }),
    text: () => registry.metrics(),
  };
}
