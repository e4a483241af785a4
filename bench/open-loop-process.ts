// The generator of the open-loop load, a process of its own: bench/open-loop.ts says what it promises.
import { openConnection, type Connection } from './connection.ts';
import type { OpenLoopOptions, OpenLoopResult } from './open-loop.ts';
import { webhookRequest } from './statement.ts';

const options = JSON.parse(process.argv[2]!) as OpenLoopOptions;
const { connections, perSecond, seconds, warmUpSeconds, prefix } = options;
const ANSWERS_WITHIN_MS = 10_000;
/** Connections are opened in portions, so that the listener's queue does not overflow before the run. */
const OPEN_AT_ONCE = 50;
/** More than one prepared request takes. */
const PREPARE_MS = 0.03;

const total = Math.round(perSecond * (seconds + warmUpSeconds));
const firstCounted = Math.round(perSecond * warmUpSeconds);
const latencies = new Float64Array(total - firstCounted);
const lateness = new Float64Array(total - firstCounted);
let counted = 0;
let errors = 0;
let firstError: string | undefined;
let queued = 0;
let settled = 0;

const idle: Connection[] = [];
while (idle.length < connections) {
  const missing = Math.min(OPEN_AT_ONCE, connections - idle.length);
  idle.push(...(await Promise.all(Array.from({ length: missing }, () => openConnection(options.port)))));
}
const waiting: number[] = [];
// Everything is prepared before the first request is due; `startsAt` of each alert is the moment when it will be.
const startedAt = performance.now() + 500 + total * PREPARE_MS;
const dueAt = (index: number): number => startedAt + (index * 1000) / perSecond;
const requests = Array.from({ length: total }, (_, index) => {
  const startsAt = new Date(performance.timeOrigin + dueAt(index)).toISOString();
  return webhookRequest(options, [{ key: `${prefix}${index}`, version: 1, status: 'firing', startsAt }]);
});

let next = 0;
await new Promise<void>((resolve) => {
  const timer = setInterval(() => {
    const now = performance.now();
    for (; next < total && dueAt(next) <= now; next++) {
      const connection = idle.shift();
      if (connection) send(connection, next);
      else {
        queued++;
        waiting.push(next);
      }
    }
    if (settled >= total || now > dueAt(total) + ANSWERS_WITHIN_MS) {
      clearInterval(timer);
      resolve();
    }
  }, 1);
});

function send(connection: Connection, index: number): void {
  if (index >= firstCounted) lateness[index - firstCounted] = performance.now() - dueAt(index);
  connection.send(requests[index]!).then(
    ({ status, body }) => {
      if (status === 202 && index >= firstCounted) latencies[counted++] = performance.now() - dueAt(index);
      finish(status === 202 ? undefined : `${status}: ${body.slice(0, 200)}`);
      const overdue = waiting.shift();
      if (overdue === undefined) idle.push(connection);
      else send(connection, overdue);
    },
    (error: unknown) => finish(String(error)),
  );
}

function finish(error: string | undefined): void {
  settled++;
  if (error === undefined) return;
  errors++;
  firstError ??= error;
}

const unanswered = total - settled;
if (unanswered > 0) firstError ??= `${unanswered} requests were not answered`;
const sorted = latencies.subarray(0, counted).toSorted();
const result: OpenLoopResult = {
  requests: total,
  errors: errors + unanswered,
  p50Ms: percentile(sorted, 0.5),
  p99Ms: percentile(sorted, 0.99),
  maxMs: percentile(sorted, 1),
  queued,
  lateP99Ms: percentile(lateness.toSorted(), 0.99),
  ...(firstError === undefined ? {} : { firstError }),
};
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));

function percentile(values: Float64Array, share: number): number {
  return values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
}
