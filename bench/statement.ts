/** What a sender says about one key at one moment. */
export interface Statement {
  /** Becomes the label `instance`; with the fixed labels it is the alert's identity. */
  readonly key: string;
  /** Counts up per key; becomes the annotation `version`. */
  readonly version: number;
  readonly status: 'firing' | 'resolved';
  /** RFC 3339. */
  readonly startsAt: string;
  readonly endsAt?: string;
  /** More labels. */
  readonly labels?: Readonly<Record<string, string>>;
}

const LABELS = { alertname: 'HighLatency', severity: 'warning', job: 'checkout', namespace: 'shop-prod' };
const SUMMARY = 'p99 latency is above its objective';
const DESCRIPTION = 'The 99th percentile of request latency has been above 800 ms for ten minutes.';
/** Go's zero time: Alertmanager's way of saying that an alert still fires. */
const NO_END = '0001-01-01T00:00:00Z';

/** Alertmanager's webhook body, version 4, of the same size and shape as the one that post.lua makes for wrk. */
export function webhookBody(statements: readonly Statement[]): string {
  return JSON.stringify({
    receiver: 'bench',
    status: statements.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    alerts: statements.map(({ key, version, status, startsAt, endsAt, labels }) => ({
      status,
      labels: { ...LABELS, ...labels, instance: key },
      annotations: { summary: SUMMARY, description: DESCRIPTION, version: String(version) },
      startsAt,
      endsAt: endsAt ?? NO_END,
      generatorURL: 'http://prometheus.example/graph?g0.expr=x',
    })),
    groupLabels: { alertname: LABELS.alertname },
    commonLabels: LABELS,
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example',
    version: '4',
    groupKey: '{}:{alertname="HighLatency"}',
    truncatedAlerts: 0,
  });
}

export interface Target {
  readonly port: number;
  readonly token: string;
}

/** The whole request as bytes. */
export function webhookRequest({ port, token }: Target, statements: readonly Statement[]): Buffer {
  const body = webhookBody(statements);
  return Buffer.from(
    `POST /hooks/prom HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${token}\r\n` +
      `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** A request without a body. */
export function getRequest(port: number, path: string): Buffer {
  return Buffer.from(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`);
}
