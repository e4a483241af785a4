import type { MetricSet } from '../lib/metrics.ts';

/** What the API counts about itself. */
export interface ApiMetrics {
  /** `route` is the template, never the address, so that the number of series stays bounded. */
  answered(method: string, route: string, status: number, seconds: number): void;
  streamClients(count: number): void;
}

export function createApiMetrics(metrics: MetricSet): ApiMetrics {
  const labels = ['method', 'route', 'status'];
  const requests = metrics.counter('signalbox_api_requests_total', 'Requests answered by the API.', labels);
  const durations = metrics.histogram(
    'signalbox_api_request_duration_seconds',
    'From the routing of a request to the end of its answer.',
    labels,
  );
  const clients = metrics.gauge('signalbox_api_stream_clients', 'Open connections of the live stream.');
  return {
    answered(method, route, status, seconds) {
      const values = { method, route, status: String(status) };
      requests.inc(values);
      durations.observe(values, seconds);
    },
    streamClients: (count) => clients.set(count),
  };
}
