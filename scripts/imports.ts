import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { posix } from 'node:path';

/** A TypeScript file of the repository; `path` is relative to its root, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface Import {
  readonly specifier: string;
  /** The file it leads to, or undefined for packages and Node.js' own modules. */
  readonly target?: string;
  /** The package's name, for what comes from npm. */
  readonly packageName?: string;
  /** True for `import type`: it is gone when the program runs. */
  readonly typeOnly: boolean;
}

const FOLDERS = ['src', 'sdk', 'connectors', 'test', 'bench', 'scripts'];
const COMMENT_OR_TEXT =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|`(?:\\[\s\S]|[^\\`])*`|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g;
const STATIC_IMPORT =
  /(?:^|[\n;])\s*(?:import|export)\s+(type\s+)?(?:[^'"`;=()]*?\bfrom\s*)?['"]([^'"\n]+)['"]/g;
const DYNAMIC_IMPORT = /\bimport\(\s*['"]([^'"\n]+)['"]/g;

export function readSources(root: string): SourceFile[] {
  return FOLDERS.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.includes('node_modules/'))
    .sort()
    .map((path) => ({ path, text: readFileSync(posix.join(root, path), 'utf8') }));
}

/** The text without comments, so that words in prose are not taken for code; template literals are emptied too. */
export function stripComments(text: string): string {
  return text.replace(COMMENT_OR_TEXT, (found) => {
    if (found.startsWith('/')) return '';
    return found.startsWith('`') ? '``' : found;
  });
}

export function importsOf(file: SourceFile): Import[] {
  const code = stripComments(file.text);
  return [
    ...[...code.matchAll(STATIC_IMPORT)].map(([, type, specifier]) =>
      resolveImport(file.path, specifier!, type !== undefined),
    ),
    ...[...code.matchAll(DYNAMIC_IMPORT)].map(([, specifier]) => resolveImport(file.path, specifier!, false)),
  ];
}

function resolveImport(from: string, specifier: string, typeOnly: boolean): Import {
  if (specifier.startsWith('.')) {
    return { specifier, typeOnly, target: posix.join(posix.dirname(from), specifier) };
  }
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return { specifier, typeOnly };
  const parts = specifier.split('/');
  return {
    specifier,
    typeOnly,
    packageName: specifier.startsWith('@') ? `${parts[0]}/${parts[1]}` : parts[0]!,
  };
}

/** One path for each set of files that import each other, starting at its first file. */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const done = new Set<string>();
  const cycles: string[][] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push([...trail.slice(start), path]);
    if (start >= 0 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return cycles;
}
