import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { answers } from '../../bench/processes.ts';
import type { Link } from './link.ts';

/** The folder of the program that these runs belong to. */
export const THIS_PROGRAM = fileURLToPath(new URL('../..', import.meta.url));
const PRELOAD = new URL('./preload.ts', import.meta.url).href;
/** Machines are busy with several clusters at times. */
const READY_MS = 180_000;
const POLL_MS = 50;

/** The ways of one node to the servers. */
export interface NodeLinks {
  /** To the primary and to its standby. */
  readonly database: readonly Link[];
  /** One per broker. */
  readonly journal: readonly Link[];
  readonly receiver: Link;
}

export interface ChaosNode {
  readonly name: string;
  readonly port: number;
  readonly url: string;
  readonly links: NodeLinks;
  readonly pid: number;
  /** Where it writes its log, over all its lives. */
  readonly log: string;
  /**
   * Starts it and resolves when it takes requests.
   *
   * @param program folder of another version of it from now on; default: the one that it ran last
   */
  start(program?: string): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Ends it by a signal and resolves with its exit code; null when the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  isReady(): Promise<boolean>;
  /** Sets its wall clock apart from the machine's. */
  moveClock(byMs: number): void;
}

export interface NodeOptions {
  readonly name: string;
  readonly port: number;
  readonly folder: string;
  /** The folder of the program that it runs at first. */
  readonly program: string;
  readonly config: string;
  readonly links: NodeLinks;
  readonly env: Readonly<Record<string, string>>;
  /** Port of a broker → port of this node's link to it. */
  readonly ports: Readonly<Record<string, number>>;
}

/** Whatever ends this process, what it started ends as well. */
const living = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** A hub in a process of its own, as its users start it. */
export function createNode(options: NodeOptions): ChaosNode {
  const { name, port, folder } = options;
  const url = `http://127.0.0.1:${port}`;
  const clock = join(folder, `${name}.clock`);
  const log = join(folder, `${name}.log`);
  let program = options.program;
  let child: ChildProcess | undefined;
  writeFileSync(clock, '0');
  writeFileSync(log, '');

  return {
    name,
    port,
    url,
    links: options.links,
    log,
    get pid() {
      return child?.pid ?? 0;
    },
    async start(next = program) {
      program = next;
      appendFileSync(log, `--- ${new Date().toISOString()} started from ${program}\n`);
      const file = openSync(log, 'a');
      const args = ['serve', '--config', options.config, '--listen', `127.0.0.1:${port}`];
      const started = spawn(
        process.execPath,
        [join(program, 'bin', 'signalbox.js'), ...args, '--data', join(folder, name)],
        {
          stdio: ['ignore', file, file],
          env: {
            ...process.env,
            ...options.env,
            NODE_OPTIONS: `--import=${PRELOAD}`,
            CHAOS_PORTS: JSON.stringify(options.ports),
            CHAOS_CLOCK: clock,
            CHAOS_NODE: name,
            SIGNALBOX_SERVER_NODE_ID: name,
          },
        },
      );
      closeSync(file);
      child = started;
      living.add(started);
      started.once('exit', () => living.delete(started));
      const deadline = performance.now() + READY_MS;
      while (!(await answers(`${url}/livez`))) {
        if (started.exitCode !== null || started.signalCode !== null || performance.now() > deadline) {
          throw new Error(`${name} did not start:\n${readFileSync(log, 'utf8').slice(-3_000)}`);
        }
        await pause(POLL_MS);
      }
    },
    signal(signal) {
      appendFileSync(log, `--- ${new Date().toISOString()} ${signal}\n`);
      child?.kill(signal);
    },
    async end(signal) {
      const ending = child;
      if (!ending || ending.exitCode !== null || ending.signalCode !== null) return ending?.exitCode ?? null;
      const exited = once(ending, 'exit') as Promise<[number | null]>;
      this.signal(signal);
      return (await exited)[0];
    },
    isReady: () => answers(`${url}/readyz`),
    moveClock: (byMs) => writeFileSync(clock, String(byMs)),
  };
}
