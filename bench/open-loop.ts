import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Target } from './statement.ts';

const PROCESS = new URL('./open-loop-process.ts', import.meta.url).pathname;
const run = promisify(execFile);

export interface OpenLoopOptions extends Target {
  readonly connections: number;
  readonly perSecond: number;
  /** Counted time; a warm-up goes before it. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** Precedes the number in the alerts' instances; runs that must not repeat one another differ in it. */
  readonly prefix: string;
}

export interface OpenLoopResult {
  readonly requests: number;
  /** Answers other than 202, broken connections, and what was not answered ten seconds after the end; the warm-up included. */
  readonly errors: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Requests that waited because all connections were busy: their wait is part of their latency. */
  readonly queued: number;
  /** How much after its time the generator itself sent, 99th percentile; part of the latencies as well. */
  readonly lateP99Ms: number;
  readonly firstError?: string;
}

/**
 * Open loop: request n is due at start + n / rate, whatever happened to those before it, and its latency counts from then. So a
 * server that stands still for a second is seen by every request of that second (no coordinated omission).
 */
export async function openLoop(options: OpenLoopOptions): Promise<OpenLoopResult> {
  const { stdout } = await run(process.execPath, [PROCESS, JSON.stringify(options)]);
  return JSON.parse(stdout) as OpenLoopResult;
}

/** For the output. */
export const OPEN_LOOP_GENERATOR = 'bench/open-loop-process.ts (sockets of node:net, absolute schedule)';
