import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where `npm test` leaves what happened, for `npm run trace`. */
export const RESULTS_FILE = fileURLToPath(
  new URL('../node_modules/.cache/test-results.json', import.meta.url),
);

export interface TestRun {
  readonly startedAt: string;
  readonly node: string;
  /** True when only some files were asked for, so that absence proves nothing. */
  readonly partial: boolean;
  readonly tests: readonly TestResult[];
}

export interface TestResult {
  /** Relative to the repository, with forward slashes. */
  readonly file: string;
  /** Titles from the outermost suite to the test itself. */
  readonly path: readonly string[];
  readonly status: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped, or what went wrong. */
  readonly reason?: string;
  readonly durationMs: number;
}

/** What `node:test` says of one test; only the fields that are read here. */
export interface TestEvent {
  readonly name: string;
  readonly nesting: number;
  readonly file?: string;
  readonly skip?: string | boolean;
  readonly todo?: string | boolean;
  readonly details: {
    readonly duration_ms: number;
    readonly type?: string;
    readonly error?: Error & { readonly failureType?: string; readonly cause?: unknown };
  };
}

/**
 * Gathers the results of the tests. Inner tests are reported before the suite that holds them, so they wait, per file
 * and depth, until the title above them is known.
 */
export function createCollector(root: string): {
  add(outcome: 'pass' | 'fail', event: TestEvent): void;
  results(): TestResult[];
} {
  const waiting = new Map<string, TestResult[][]>();
  return {
    add(outcome, event) {
      const file = relative(root, event.file ?? event.name).replaceAll('\\', '/');
      const levels = waiting.get(file) ?? [];
      waiting.set(file, levels);
      const inner = (levels[event.nesting + 1] ?? []).map((result) => ({
        ...result,
        path: [event.name, ...result.path],
      }));
      levels[event.nesting + 1] = [];
      const own = judge(file, outcome, event, inner);
      levels[event.nesting] = [...(levels[event.nesting] ?? []), ...inner, ...(own ? [own] : [])];
    },
    results: () => [...waiting.values()].flatMap((levels) => levels[0] ?? []),
  };
}

/** The result of the test itself; a suite has none, unless it failed for a reason that is not one of its tests'. */
function judge(
  file: string,
  outcome: 'pass' | 'fail',
  event: TestEvent,
  inner: readonly TestResult[],
): TestResult | undefined {
  const result = { file, path: [event.name], durationMs: event.details.duration_ms };
  const wholeFile = event.nesting === 0 && event.file !== undefined && event.name === event.file;
  if (outcome === 'fail') {
    if (event.details.error?.failureType === 'subtestsFailed' && inner.length > 0) return undefined;
    return { ...result, ...(wholeFile ? { path: [file] } : {}), status: 'failed', reason: explain(event) };
  }
  if (wholeFile) return { ...result, path: [file], status: 'failed', reason: 'the file holds no test' };
  if (event.details.type === 'suite' && event.skip === undefined) return undefined;
  if (event.skip !== undefined) {
    return typeof event.skip === 'string' && event.skip !== ''
      ? { ...result, status: 'skipped', reason: event.skip }
      : { ...result, status: 'failed', reason: 'skipped without a reason' };
  }
  if (event.todo !== undefined) return { ...result, status: 'failed', reason: 'a test may not be a todo' };
  return { ...result, status: 'passed' };
}

function explain({ details: { error } }: TestEvent): string {
  if (error?.failureType === 'testAborted') {
    return 'the file did not end in time: a test hangs, or a handle (server, timer, process) was left open';
  }
  const cause = error?.cause;
  if (cause instanceof Error) return cause.stack ?? cause.message;
  return typeof cause === 'string' ? cause : (error?.message ?? 'failed');
}

export function writeRun(run: TestRun, file = RESULTS_FILE): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(run)}\n`);
}

/** The newest run, or undefined when there is none. */
export function readRun(file = RESULTS_FILE): TestRun | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TestRun;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
