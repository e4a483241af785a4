import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { which } from './processes.ts';

const run = promisify(execFile);
const LUA = new URL('./post.lua', import.meta.url).pathname;
const AUTOCANNON = new URL('./autocannon-load.ts', import.meta.url).pathname;
const WRK = which('wrk');

/** Which generator makes the closed-loop load, for the output. One in JavaScript is itself the limit. */
export const GENERATOR =
  WRK === undefined ? 'autocannon (wrk is not installed; its own limit may show)' : wrkVersion(WRK);

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  /** Connections that failed, time-outs and answers other than 2xx. */
  readonly errors: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface LoadOptions {
  readonly url: string;
  /** The shape of the body: Alertmanager's webhook, or its API. `mixed` is the webhook with labels that vary (mixed-labels.ts). */
  readonly kind: 'webhook' | 'api' | 'mixed';
  readonly token?: string;
  readonly connections: number;
  readonly seconds: number;
  /** The first number of the alerts' instances; runs that must not repeat one another start apart. */
  readonly first: number;
}

/** What both generators print as their last line. */
interface Printed {
  readonly requests: number;
  readonly errors: number;
  readonly timeouts: number;
  readonly non2xx: number;
  readonly us: number;
  readonly p50: number;
  readonly p99: number;
}

/** Closed loop: each connection sends its next request when the last one was answered. */
export async function closedLoop(options: LoadOptions): Promise<LoadResult> {
  const { stdout } = await run(...commandOf(options));
  const result = JSON.parse(stdout.trim().split('\n').at(-1)!) as Printed;
  return {
    requests: result.requests,
    perSecond: result.requests / (result.us / 1e6),
    errors: result.errors + result.timeouts + result.non2xx,
    p50Ms: result.p50 / 1000,
    p99Ms: result.p99 / 1000,
  };
}

function commandOf({ token = '-', ...rest }: LoadOptions): [command: string, args: string[]] {
  const { url, kind, connections, seconds, first } = rest;
  if (WRK === undefined) return [process.execPath, [AUTOCANNON, JSON.stringify({ ...rest, token })]];
  const load = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s'];
  return [WRK, [...load, '-s', LUA, url, '--', kind, token, String(first)]];
}

function wrkVersion(path: string): string {
  const { stdout } = spawnSync(path, ['-v'], { encoding: 'utf8' });
  return `wrk ${/wrk (\S+)/.exec(stdout)?.[1] ?? ''}`;
}
