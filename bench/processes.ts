import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A program under measurement, in a process of its own. */
export interface Running {
  readonly process: ChildProcess;
  readonly pid: number;
  /** Milliseconds from the start of the process until it was ready. */
  readonly startMs: number;
  /** Resolves when it is gone, for whatever reason. */
  readonly ended: Promise<void>;
  /** Ends it and waits until it is gone. Without a signal it may drain. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const GIVE_UP_MS = 60_000;
const READY_POLL_MS = 5;
/** A program that does not drain in this time is killed. */
const DRAIN_MS = 40_000;

const living = new Set<ChildProcess>();
const folders = new Set<string>();
let isTidy = false;

/** Whatever ends this process, what it started ends as well, and nothing stays on the disk. */
function tidyAtExit(): void {
  if (isTidy) return;
  isTidy = true;
  process.once('exit', () => {
    for (const child of living) child.kill('SIGKILL');
    for (const folder of folders)
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  });
}

/** A folder for one program under the system's temporary folder (`TMPDIR`). It is removed at the end. */
export function makeFolder(name: string): string {
  tidyAtExit();
  const folder = mkdtempSync(join(tmpdir(), `signalbox-bench-${name}-`));
  folders.add(folder);
  return folder;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  folders.delete(folder);
}

/**
 * Starts a program and waits until `ready` says so. What it prints goes to a file, as it would in service: a pipe that this
 * process does not empty in time would hold the program up.
 */
export async function start(
  command: string,
  args: readonly string[],
  ready: () => Promise<boolean>,
): Promise<Running> {
  tidyAtExit();
  const folder = makeFolder('log');
  const log = join(folder, 'output');
  const file = openSync(log, 'w');
  const startedAt = performance.now();
  const child = spawn(command, [...args], { stdio: ['ignore', file, file] });
  closeSync(file);
  living.add(child);
  let failure: Error | undefined;
  child.once('error', (error) => (failure = error));
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      living.delete(child);
      resolve();
    }),
  );
  const said = (): string => readFileSync(log, 'utf8').slice(-4_000);
  const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null;
  while (!(await ready())) {
    if (failure) throw failure;
    if (isGone()) throw new Error(`${command} ended with ${child.exitCode ?? child.signalCode}: ${said()}`);
    if (performance.now() - startedAt > GIVE_UP_MS) {
      child.kill('SIGKILL');
      throw new Error(`${command} was not ready within a minute: ${said()}`);
    }
    await pause(READY_POLL_MS);
  }
  return {
    process: child,
    pid: child.pid!,
    startMs: performance.now() - startedAt,
    ended,
    async stop(signal = 'SIGTERM') {
      if (!isGone()) {
        child.kill(signal);
        const late = setTimeout(() => child.kill('SIGKILL'), DRAIN_MS);
        await ended;
        clearTimeout(late);
      }
      removeFolder(folder);
    },
  };
}

/** Resident memory as the kernel counts it: now, and the most since the start or the last `forgetPeak`. */
export function residentBytes(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name: string): number =>
    Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024;
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

/** Lets the kernel count the peak anew (proc(5), clear_refs). */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** Processor time of all threads of a process since its start, user and system. The kernel counts in hundredths of a second. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program stands in parentheses and may hold blanks; the fields after it do not.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Whether a URL answers 200. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The path of a program, or undefined when the machine has none. */
export function which(name: string): string | undefined {
  try {
    return execFileSync('which', [name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
