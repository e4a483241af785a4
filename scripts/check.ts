// `npm run check`: everything that can be known without running the hub. Each failure names the command that fixes or shows it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkRepository } from './architecture.ts';
import { readSources } from './imports.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const LONGEST = 10;
/** Linted by name: the type-aware linter breaks on node_modules. */
const LINTED = ['src', 'sdk', 'connectors', 'test', 'bench', 'scripts', 'bin'];

interface Step {
  readonly name: string;
  /** What is wrong, as text for people; empty when nothing is. */
  readonly find: () => string;
  readonly fix: string;
}

const steps: readonly Step[] = [
  {
    name: 'types',
    find: () => runTool('tsc', ['--noEmit', '--pretty', 'false']),
    fix: 'change the code, then: npm run types',
  },
  {
    name: 'lint',
    find: () => runTool('oxlint', ['--type-aware', '--deny-warnings', ...LINTED.filter(exists)]),
    fix: 'change the code, then: npm run lint',
  },
  { name: 'format', find: () => runTool('prettier', ['--check', '.']), fix: 'npm run format' },
  {
    name: 'architecture',
    find: () =>
      checkRepository(root)
        .map(({ file, problem, rule }) => `${file} ${problem}\n    rule: ${rule}`)
        .join('\n'),
    fix: 'change the imports or the names; the rules are in CONTRIBUTING.md',
  },
  {
    name: 'generated files',
    find: () => runNode(['scripts/gen-all.ts', '--check']),
    fix: 'npm run gen',
  },
];

const failed = steps.filter(({ name, find, fix }) => {
  const started = Date.now();
  const wrong = find();
  const took = `${((Date.now() - started) / 1000).toFixed(1)} s`;
  print(
    wrong === ''
      ? `✔ ${name}  ${took}`
      : `✖ ${name}  ${took}\n${wrong.replace(/^/gm, '    ')}\n    to fix: ${fix}`,
  );
  return wrong !== '';
});

print('\nLongest files');
for (const { path, lines } of longestFiles()) print(`${String(lines).padStart(6)}  ${path}`);
print(`\n${steps.length - failed.length} of ${steps.length} checks passed`);
process.exitCode = failed.length > 0 ? 1 : 0;

function longestFiles(): { path: string; lines: number }[] {
  return readSources(root)
    .filter(({ path }) => !path.endsWith('.generated.ts'))
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .sort((a, b) => b.lines - a.lines)
    .slice(0, LONGEST);
}

/** Runs a tool of node_modules; returns what it printed if it failed. */
function runTool(name: string, args: readonly string[]): string {
  return runProgram(join(root, 'node_modules', '.bin', name), args);
}

function runNode(args: readonly string[]): string {
  return runProgram(process.execPath, args);
}

function runProgram(program: string, args: readonly string[]): string {
  // The tools' own `env node` must find this Node.js, not the machine's.
  const path = `${join(root, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}`;
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) return `${program} did not start: ${error.message}`;
  return status === 0 ? '' : `${stdout}${stderr}`.trim() || `ended with ${status}`;
}

function exists(path: string): boolean {
  return existsSync(join(root, path));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
