import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  findCycles,
  importsOf,
  readSources,
  stripComments,
  type Import,
  type SourceFile,
} from './imports.ts';

/** One breach of the rules of the house (docs/adr, CONTRIBUTING.md), with the rule, so that a reader knows why. */
export interface Violation {
  readonly file: string;
  readonly problem: string;
  readonly rule: string;
}

/** The folders of the one flow, in its order. */
const FLOW = [
  'intake',
  'classification',
  'directory',
  'priority',
  'scoring',
  'correlation',
  'rules',
  'normalise',
  'enrichment',
  'analysis',
  'lifecycle',
  'approvals',
  'workflows',
  'suppression',
  'pipeline',
  'notify',
  'delivery',
  'oncall',
  'actions',
  'insights',
];
/** What the flow may see of the world outside it: interfaces, never what implements them. */
const PORTS = [
  'src/journal/port.ts',
  'src/journal/partition.ts',
  'src/store/port.ts',
  'src/store/lease.ts',
  'src/store/reader.ts',
  'src/host/integration.ts',
  'src/ownership/ownership.ts',
];
const DRIVER = /^src\/(?:journal|store)\/(?:sqlite|postgres|kafka)\//;
/** What the journal on PostgreSQL stands on: connections, statements and migrations have nothing of the store in them. */
const ON_POSTGRES = 'src/journal/postgres/';
const POSTGRES = /^src\/store\/postgres\/(?:channel|hosts|migrate|pool|sql|trouble)\.ts$/;
/** The layer above the database's own interface; only drivers, and what keeps their files, stand on it. */
const DATABASE = /^src\/lib\/sqlite/;
const STORAGE = /^src\/(?:journal|store|lib)\//;
/** One composition root per thread: the process's own, that of the thread which owns the store, that of the one which sends. */
const COMPOSITION_ROOTS = [
  'src/app.ts',
  'src/state-thread.ts',
  'src/sender-thread.ts',
  'src/drivers.ts',
  'src/sharing.ts',
  'src/publish/open-publisher.ts',
  'src/rehearsal-thread.ts',
];
/** Commands that work on the files while no hub runs, and so open them by themselves. */
const OFFLINE_COMMANDS = ['src/cli/', 'src/move/'];
const FORBIDDEN_NAME = /^(?:utils?|helpers?|common|misc|types?|manager|base-.*)\.ts$/;
const FORBIDDEN_NODE_MODULES = /^node:(?:child_process|cluster|vm|worker_threads|sqlite|inspector|repl)/;
const SQL =
  /['"`]\s*(?:SELECT\s|INSERT\s+(?:OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|PRAGMA\s|CREATE\s+TABLE\s)/i;
const MAX_LINES = 400;

type Check = (file: SourceFile, imports: readonly Import[]) => readonly [problem: string, rule: string][];

export function findViolations(files: readonly SourceFile[], packages: ReadonlySet<string>): Violation[] {
  const imports = new Map(files.map((file) => [file.path, importsOf(file)]));
  const checks: readonly Check[] = [
    checkFoundation,
    checkFlow,
    checkDrivers,
    checkRegistry,
    checkApi,
    (file, own) => checkConnector(file, own, packages),
    checkName,
    checkLength,
  ];
  const violations = files.flatMap((file) =>
    checks.flatMap((check) =>
      check(file, imports.get(file.path) ?? []).map(([problem, rule]) => ({
        file: file.path,
        problem,
        rule,
      })),
    ),
  );
  const graph = new Map(
    [...imports].map(([path, own]) => [path, own.flatMap(({ target }) => (target ? [target] : []))]),
  );
  for (const cycle of findCycles(graph)) {
    violations.push({
      file: cycle[0]!,
      problem: cycle.join(' → '),
      rule: 'files do not import each other in a circle',
    });
  }
  return violations;
}

/** `model`, `lib` and the SDK stand under everything and know nothing of it. */
function checkFoundation({ path }: SourceFile, imports: readonly Import[]): [string, string][] {
  const own = /^(?:src\/(?:model|lib)|sdk)\//.exec(path)?.[0];
  if (own === undefined) return [];
  const model = own === 'src/model/' && !isTest(path);
  return imports.flatMap(({ specifier, target, packageName, typeOnly }): [string, string][] => {
    if (target !== undefined && !target.startsWith(own) && !(isTest(path) && isTestSupport(target))) {
      return [[`imports ${specifier}`, `${own} imports nothing else of ours`]];
    }
    if (packageName === '@signalbox/sdk' && !typeOnly && own !== 'sdk/' && !isTest(path)) {
      return [[`imports ${specifier} at run time`, `${own} takes only types from the SDK`]];
    }
    if (model && packageName !== undefined && !['@signalbox/sdk', 're2js'].includes(packageName)) {
      return [[`imports ${specifier}`, 'src/model uses no package but re2js']];
    }
    return [];
  });
}

function checkFlow({ path }: SourceFile, imports: readonly Import[]): [string, string][] {
  if (!FLOW.some((folder) => path.startsWith(`src/${folder}/`)) || isTest(path)) return [];
  return imports
    .filter(({ target }) => target !== undefined && !isOpenToFlow(target))
    .map(({ specifier }) => [
      `imports ${specifier}`,
      'the flow imports model, lib, itself and the ports of journal, store and host, never what implements them',
    ]);
}

function isOpenToFlow(target: string): boolean {
  if (DRIVER.test(target) || DATABASE.test(target)) return false;
  return (
    PORTS.includes(target) ||
    [...FLOW, 'model', 'lib', 'calendar'].some((folder) => target.startsWith(`src/${folder}/`))
  );
}

function checkDrivers({ path }: SourceFile, imports: readonly Import[]): [string, string][] {
  const exempt =
    !path.startsWith('src/') ||
    isTest(path) ||
    COMPOSITION_ROOTS.includes(path) ||
    OFFLINE_COMMANDS.some((folder) => path.startsWith(folder));
  if (exempt) return [];
  return imports
    .filter(({ target, typeOnly }) => target !== undefined && !typeOnly && isClosed(target, path))
    .map(({ specifier }) => [
      `imports ${specifier}`,
      `only ${COMPOSITION_ROOTS.join(' and ')} construct drivers of journal and store`,
    ]);
}

/** Whether a run-time import of `target` is closed to `path`, which is no composition root. */
function isClosed(target: string, path: string): boolean {
  if (DATABASE.test(target)) return !STORAGE.test(path);
  if (path.startsWith(ON_POSTGRES) && POSTGRES.test(target)) return false;
  const driver = DRIVER.exec(target)?.[0];
  return driver !== undefined && !path.startsWith(driver);
}

function checkRegistry({ path }: SourceFile, imports: readonly Import[]): [string, string][] {
  if (path.startsWith('src/host/') || isTest(path)) return [];
  return imports
    .filter(
      ({ target }) =>
        target !== undefined &&
        (target.endsWith('registry.generated.ts') ||
          (target.startsWith('connectors/') && !path.startsWith('connectors/'))),
    )
    .map(({ specifier }) => [`imports ${specifier}`, 'only src/host knows connectors, and by the registry']);
}

function checkApi({ path, text }: SourceFile): [string, string][] {
  if (!path.startsWith('src/api/') || isTest(path)) return [];
  return SQL.test(stripComments(text)) ? [['holds SQL', 'the API asks ports, it writes no SQL']] : [];
}

function checkConnector(
  { path }: SourceFile,
  imports: readonly Import[],
  packages: ReadonlySet<string>,
): [string, string][] {
  const own = /^connectors\/[^/]+\//.exec(path)?.[0];
  if (own === undefined) return [];
  const rule =
    'a connector imports the SDK, its own folder and declared packages, and no process, thread or database of its own';
  return imports
    .filter(({ specifier, target, packageName }) => {
      if (target !== undefined) return !target.startsWith(own) && !(isTest(path) && isTestSupport(target));
      if (packageName !== undefined) return packageName !== '@signalbox/sdk' && !packages.has(packageName);
      return FORBIDDEN_NODE_MODULES.test(specifier) && !isTest(path);
    })
    .map(({ specifier }) => [`imports ${specifier}`, rule]);
}

function checkName({ path, text }: SourceFile): [string, string][] {
  const name = basename(path);
  const found: [string, string][] = [];
  if (FORBIDDEN_NAME.test(name))
    found.push([`is called ${name}`, 'a file is named after the one thing it holds']);
  if (path.startsWith('src/') && (name === 'index.ts' || /^export \* from/m.test(text))) {
    found.push(['is a barrel', 'src has no barrel files: import the file you need']);
  }
  return found;
}

function checkLength({ path, text }: SourceFile): [string, string][] {
  const lines = text.split('\n').length - 1;
  if (lines <= MAX_LINES || path.endsWith('.generated.ts')) return [];
  const comment = /^\s*(?:\/\/[^\n]*(?:\n\/\/[^\n]*)*|\/\*[\s\S]*?\*\/)/.exec(text)?.[0] ?? '';
  if (/\blong\b/i.test(comment)) return [];
  return [
    [
      `has ${lines} lines`,
      `a file over ${MAX_LINES} lines says in its first comment that it is long, and why`,
    ],
  ];
}

/** Folders that should tell in a README what comes in, what goes out and what must stay true. */
export function findMissingReadmes(root: string): Violation[] {
  return ['src', 'connectors']
    .flatMap((parent) =>
      readdirSync(join(root, parent), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && readdirSync(join(root, parent, entry.name)).length > 0)
        .map((entry) => `${parent}/${entry.name}`),
    )
    .filter((folder) => !existsSync(join(root, folder, 'README.md')))
    .map((file) => ({
      file,
      problem: 'has no README.md',
      rule: 'every folder of src and every connector has a README',
    }));
}

/** All breaches in the repository at `root`, a path that ends with a slash. */
export function checkRepository(root: string): Violation[] {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };
  const packages = new Set([...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)]);
  return [...findViolations(readSources(root), packages), ...findMissingReadmes(root)];
}

function isTest(path: string): boolean {
  return /\.(?:test|suite)\.ts$/.test(path) || path.startsWith('test/') || /\/(?:suite|testing)\//.test(path);
}

function isTestSupport(target: string): boolean {
  return target.startsWith('test/fakes/') || target.startsWith('sdk/src/testing/');
}
