import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { VERSION } from '../src/lib/version.ts';
import { alertmanagerVersion } from './alertmanager.ts';
import { GENERATOR } from './load.ts';
import { makeFolder, removeFolder, which } from './processes.ts';
import { median } from './row.ts';

/** What the figures depend on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryMb: number;
  readonly kernel: string;
  /** Of the folder that holds the data of the programs under measurement. */
  readonly fileSystem: string;
  /** Median of 50: what a commit can't be quicker than. Far below 0.1 ms there is no disk behind it. */
  readonly fdatasyncMs: number;
  /** Load average of the last minute before the run: others that use the machine are seen here. */
  readonly loadBefore: number;
}

export function describeMachine(): Machine {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryMb: totalmem() / 1e6,
    kernel: `${type()} ${release()}`,
    fileSystem: fileSystemOf(tmpdir()),
    fdatasyncMs: measureSync(),
    loadBefore: Number(loadavg()[0]!.toFixed(2)),
  };
}

export function describeVersions(): Record<string, string> {
  const strace = which('strace');
  const found =
    strace === undefined
      ? undefined
      : /version (\S+)/.exec(spawnSync(strace, ['-V'], { encoding: 'utf8' }).stdout)?.[1];
  return {
    Signalbox: [VERSION, commit()].filter(Boolean).join(' at commit '),
    'Node.js': process.versions.node,
    generator: GENERATOR,
    Alertmanager: alertmanagerVersion() ?? 'not installed',
    strace: found ?? 'not installed',
  };
}

/** From the mount whose path is the longest that holds the folder (proc(5), mountinfo). */
function fileSystemOf(folder: string): string {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [before = '', after = ''] = line.split(' - ');
      return { point: before.split(' ')[4] ?? '', type: after.split(' ')[0] ?? '' };
    })
    .filter(({ point }) => point === '/' || folder === point || folder.startsWith(`${point}/`))
    .sort((left, right) => left.point.length - right.point.length);
  return mounts.at(-1)?.type ?? 'an unknown file system';
}

function measureSync(): number {
  const folder = makeFolder('sync');
  const file = openSync(join(folder, 'probe'), 'w');
  const page = Buffer.alloc(4_096, 1);
  const times = Array.from({ length: 50 }, () => {
    const startedAt = performance.now();
    writeSync(file, page);
    fdatasyncSync(file);
    return performance.now() - startedAt;
  });
  closeSync(file);
  removeFolder(folder);
  return median(times);
}

/** The commit that is checked out, with a plus when files differ from it; empty outside a clone. */
function commit(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--', '..') === '' ? '' : '+');
  } catch {
    return '';
  }
}
