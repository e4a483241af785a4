// Stands in for wrk where that is not installed; a process of its own that prints the same line as post.lua.
import { createRequire } from 'node:module';
import { mixedLabels } from './mixed-labels.ts';
import { webhookBody } from './statement.ts';

/** The part of autocannon that is used here; the package has no types. */
type Autocannon = (options: object) => Promise<{
  readonly '2xx': number;
  readonly non2xx: number;
  readonly errors: number;
  readonly timeouts: number;
  /** Seconds. */
  readonly duration: number;
  /** Milliseconds. */
  readonly latency: { readonly p50: number; readonly p99: number };
}>;

interface Asked {
  readonly url: string;
  readonly kind: 'webhook' | 'api' | 'mixed';
  readonly token: string;
  readonly connections: number;
  readonly seconds: number;
  readonly first: number;
}

const autocannon = createRequire(import.meta.url)('autocannon') as Autocannon;
const asked = JSON.parse(process.argv[2]!) as Asked;
const STARTS_AT = '2026-01-15T10:00:00.000Z';
let counter = asked.first;

const result = await autocannon({
  url: asked.url,
  connections: asked.connections,
  duration: asked.seconds,
  timeout: 10,
  requests: [
    {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(asked.token === '-' ? {} : { authorization: `Bearer ${asked.token}` }),
      },
      setupRequest: (request: object) => ({ ...request, body: nextBody() }),
    },
  ],
});
const { errors, timeouts, non2xx, latency } = result;
const requests = result['2xx'] + non2xx;
const us = result.duration * 1e6;
// Autocannon counts a time-out among the errors.
const line = {
  requests,
  errors: errors - timeouts,
  timeouts,
  non2xx,
  us,
  p50: latency.p50 * 1000,
  p99: latency.p99 * 1000,
};
process.stdout.write(`${JSON.stringify(line)}\n`);

function nextBody(): string {
  counter++;
  const labels = asked.kind === 'mixed' ? mixedLabels(counter) : {};
  const body = webhookBody([
    { key: String(counter), version: 1, status: 'firing', startsAt: STARTS_AT, labels },
  ]);
  if (asked.kind !== 'api') return body;
  const [alert] = (
    JSON.parse(body) as { alerts: [{ labels: object; annotations: object; generatorURL: string }] }
  ).alerts;
  return JSON.stringify([
    { labels: alert.labels, annotations: alert.annotations, generatorURL: alert.generatorURL },
  ]);
}
