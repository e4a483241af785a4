import { spawn } from 'node:child_process';
import { Fault } from './fault.ts';

/** A program of somebody else's, started without a shell: arguments are never interpreted. */
export interface Program {
  /** A path, or a name that is looked up in `PATH`. */
  readonly command: string;
  readonly args?: readonly string[];
  /** Added to a small environment of its own: `PATH`, `HOME`, the locale and the proxies of this process, and none of its other variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Names of variables of this process that are passed on as well. */
  readonly passEnv?: readonly string[];
  readonly cwd?: string;
  /** After this long it is killed; default 30 s. */
  readonly timeoutMs?: number;
  /** The most that is read of what it prints, in bytes; default 1 MiB. More is a fault. */
  readonly outputBytes?: number;
  readonly signal: AbortSignal;
}

export interface ProgramResult {
  readonly exitCode: number;
  readonly stdout: string;
  /** At most its first 4 KiB. May hold anything: it goes into no message unread. */
  readonly stderr: string;
}

const PASSED = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'SYSTEMROOT', 'USERPROFILE', 'APPDATA'];
const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];
const STDERR_BYTES = 4_096;

/**
 * Runs a program to its end, bounded in time and output: credential plugins and vendors' tools that have no other way in. It reads nothing from
 * its input.
 *
 * @throws Fault `SB_CONFIG` when it can't be started, `SB_UNAVAILABLE` when it takes too long, prints too much or is killed
 * @example
 * const { exitCode, stdout } = await runProgram({ command: 'aws', args: ['eks', 'get-token', '--cluster-name', 'eu-1'], signal });
 */
export function runProgram(program: Program): Promise<ProgramResult> {
  const { command, args = [], signal, timeoutMs = 30_000, outputBytes = 1_048_576 } = program;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Fault('SB_UNAVAILABLE', `${command} was not started: cancelled`));
    const child = spawn(command, [...args], {
      env: environmentOf(program),
      ...(program.cwd === undefined ? {} : { cwd: program.cwd }),
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: false,
      windowsHide: true,
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let received = 0;
    let kept = 0;

    const giveUp = (why: string) => {
      settle();
      child.kill('SIGKILL');
      reject(new Fault('SB_UNAVAILABLE', `${command} ${why}`));
    };
    const timer = setTimeout(() => giveUp(`did not end within ${timeoutMs / 1_000} s`), timeoutMs);
    const onAbort = () => giveUp('was cancelled');
    signal.addEventListener('abort', onAbort, { once: true });
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };

    child.stdout.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received > outputBytes) giveUp('printed more than this hub reads');
      else stdout.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (kept < STDERR_BYTES) stderr.push(chunk.subarray(0, STDERR_BYTES - kept));
      kept += chunk.length;
    });
    child.once('error', (cause) => {
      settle();
      const code = (cause as NodeJS.ErrnoException).code ?? cause.name;
      reject(new Fault('SB_CONFIG', `${command} can't be started (${code})`));
    });
    child.once('close', (exitCode, killedBy) => {
      settle();
      if (exitCode === null)
        return reject(new Fault('SB_UNAVAILABLE', `${command} was ended by ${killedBy}`));
      const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString();
      resolve({ exitCode, stdout: text(stdout), stderr: text(stderr) });
    });
  });
}

/** Secrets of the hub stand in its environment; a program gets none of them unless it is named. */
function environmentOf({ env, passEnv = [] }: Program): Record<string, string> {
  const passed = [...PASSED, ...PROXIES, ...passEnv].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(passed), ...env };
}
