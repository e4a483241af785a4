import { spawnSync } from 'node:child_process';

/** Alertmanager's own tool; another one than that of the `PATH` can be named by `SIGNALBOX_TEST_AMTOOL`. */
const AMTOOL = process.env['SIGNALBOX_TEST_AMTOOL'] || 'amtool';

/** Of one that was built from source and does not know its own version. */
const NEWEST = '1.0';

export interface AmtoolResult {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

export function runAmtool(args: readonly string[]): AmtoolResult {
  const { status, stdout, stderr, error } = spawnSync(AMTOOL, args, { encoding: 'utf8', timeout: 30_000 });
  if (error) throw error;
  return { ok: status === 0, stdout, stderr };
}

/** `0.25` of `amtool, version 0.25.0 (…)`; undefined when it is not installed. */
export function amtoolVersion(): string | undefined {
  const { stdout, stderr, error } = spawnSync(AMTOOL, ['--version'], { encoding: 'utf8' });
  if (error) return undefined;
  return /version v?(\d+\.\d+)/.exec(stdout + stderr)?.[1] ?? NEWEST;
}

/** Whether `version` is at least `least`, both as `0.28`. */
export function isAtLeast(version: string, least: string): boolean {
  return Number(version.split('.')[1]) >= Number(least.split('.')[1]) || !version.startsWith('0.');
}
