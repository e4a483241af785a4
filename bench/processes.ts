import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';

/** A program under measurement, in a process of its own. */
export interface Running {
  readonly process: ChildProcess;
  /** Milliseconds from the start of the process until it was ready. */
  readonly startMs: number;
  residentBytes(): number;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const GIVE_UP_MS = 60_000;

/** Starts a program and waits until `ready` says so. What it prints is thrown away unless it ends too early. */
export async function start(command: string, args: readonly string[], ready: () => Promise<boolean>): Promise<Running> {
  const startedAt = performance.now();
  const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let last = '';
  const keep = (chunk: Buffer): void => void (last = (last + chunk.toString()).slice(-4_000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  while (!(await ready())) {
    if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}: ${last}`);
    if (performance.now() - startedAt > GIVE_UP_MS) throw new Error(`${command} was not ready within a minute: ${last}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const startMs = performance.now() - startedAt;
  return {
    process: child,
    startMs,
    residentBytes: () => residentBytes(child.pid!),
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill(signal);
      await ended;
    },
  };
}

/** Resident memory as the kernel counts it. */
export function residentBytes(pid: number): number {
  const found = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return found ? Number(found[1]) * 1024 : 0;
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
