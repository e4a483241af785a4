import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { which } from './processes.ts';

const run = promisify(execFile);
const SCRIPT = new URL('./post.lua', import.meta.url).pathname;

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  readonly errors: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export const GENERATOR = which('wrk') ? 'wrk' : undefined;

export interface LoadOptions {
  readonly url: string;
  readonly kind: 'webhook' | 'api';
  readonly token?: string;
  readonly connections: number;
  readonly seconds: number;
  /** The first number of the alerts' instances; runs that must not repeat one another start apart. */
  readonly first: number;
}

/** Closed loop: each connection sends its next request when the last one was answered. */
export async function closedLoop(options: LoadOptions): Promise<LoadResult> {
  const { url, kind, connections, seconds, first } = options;
  const token = options.token ?? '-';
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', SCRIPT, url, '--', kind, token, String(first)];
  const { stdout } = await run('wrk', args);
  const line = stdout.trim().split('\n').at(-1)!;
  const result = JSON.parse(line) as { requests: number; errors: number; timeouts: number; non2xx: number; us: number; p50: number; p99: number };
  return {
    requests: result.requests,
    perSecond: result.requests / (result.us / 1e6),
    errors: result.errors + result.timeouts + result.non2xx,
    p50Ms: result.p50 / 1000,
    p99Ms: result.p99 / 1000,
  };
}
