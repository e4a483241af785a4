import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';

/** How long a server may take until it answers; generous, because CI machines are slow. */
const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 100;
const STOP_TIMEOUT_MS = 10_000;
const KEPT_OUTPUT_CHARACTERS = 20_000;

/** A real server that runs as a process of its own. */
export interface Program {
  readonly child: ChildProcess;
  /** The end of what it printed, for messages of failing tests. */
  output(): string;
  /** Asks it to end and waits; kills it when it doesn't. Resolves with its exit code and signal. */
  stop(): Promise<readonly [code: number | null, signal: NodeJS.Signals | null]>;
}

/** Names another one than that of the PATH, such as one of a newer version. */
const VARIABLES: Readonly<Record<string, string>> = {
  alertmanager: 'SIGNALBOX_TEST_ALERTMANAGER',
  amtool: 'SIGNALBOX_TEST_AMTOOL',
  prometheus: 'SIGNALBOX_TEST_PROMETHEUS',
};

/** What distributions call them. */
const OTHER_NAMES: Readonly<Record<string, string>> = { alertmanager: 'prometheus-alertmanager' };

/**
 * Where a program lies: as its variable says, or on the PATH; undefined when it is not there. A path that a variable names is not looked at,
 * so that a wrong one fails its tests instead of leaving them out.
 */
export function findProgram(name: string): string | undefined {
  const named = process.env[VARIABLES[name] ?? ''];
  if (named !== undefined && named !== '') return named;
  return findOnPath(name) ?? findOnPath(OTHER_NAMES[name] ?? name);
}

function findOnPath(name: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here: the next folder.
    }
  }
  return undefined;
}

/** Why a test with these programs cannot run here, or undefined when it can. */
export function missingPrograms(names: readonly string[]): string | undefined {
  const missing = names.filter((name) => findProgram(name) === undefined);
  return missing.length === 0
    ? undefined
    : `not installed on this machine: ${missing.join(', ')} (npm run setup:servers installs it)`;
}

/** Why a test can't be held against a program that is older than a version such as `0.34`, or undefined when it can. */
export function olderThan(name: string, least: string): string | undefined {
  const [, found] = /version v?(\d+\.\d+)/.exec(versionOf(name)) ?? [];
  // Compared as numbers, part by part.
  const isOlder = found !== undefined && found.localeCompare(least, 'en', { numeric: true }) < 0;
  return isOlder ? `${name} ${found} is older than ${least}` : undefined;
}

/** Says in the report of a test which versions it ran against. */
export function reportVersions(t: TestContext, names: readonly string[]): void {
  for (const name of names) t.diagnostic(versionOf(name));
}

function versionOf(name: string): string {
  const { stdout, stderr } = spawnSync(findProgram(name) ?? name, ['--version'], { encoding: 'utf8' });
  return (stdout + stderr).split('\n', 1)[0]!;
}

/** @param command a path, or a name as {@link findProgram} takes it. */
export function startProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Program {
  const child = spawn(findProgram(command) ?? command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-KEPT_OUTPUT_CHARACTERS);
    });
  }
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  return {
    child,
    output: () => output,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      const ended = await exited;
      clearTimeout(timer);
      return ended;
    },
  };
}

/** A port that was free a moment ago, for servers that cannot be asked to choose one and tell. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Asks the URL until it answers 200. Fails with the program's output when it ends or takes too long. */
export async function waitUntilReady(program: Program, url: string): Promise<void> {
  await waitUntil(program, `${url} answers`, async () => {
    try {
      return (await fetch(url)).ok;
    } catch {
      return false;
    }
  });
}

/** Polls until `isTrue`; what a process of somebody else does can't be awaited otherwise. */
export async function waitUntil(
  program: Program,
  what: string,
  isTrue: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!(await isTrue())) {
    if (hasEnded(program.child)) {
      throw new Error(`it ended before ${what}:\n${program.output()}`);
    }
    if (Date.now() > deadline) throw new Error(`${what}: not within a minute:\n${program.output()}`);
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
}

/** Also by a signal. */
export function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Ends a process by a signal and waits, unless it has ended already. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
