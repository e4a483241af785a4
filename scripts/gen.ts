// `npm run gen`: writes the files that follow from others; `--check` compares them instead and fails on a difference.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { configTable, type Connector } from '@signalbox/sdk';

/** One file as it should be. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

const CONFIG_BLOCK = /(<!-- generated:config -->\n)[\s\S]*?(<!-- \/generated -->)/;

/** The folders of connectors under `root`, sorted by name. */
export function listConnectors(root: string): readonly string[] {
  const folder = join(root, 'connectors');
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'index.ts')))
    .map((entry) => entry.name)
    .toSorted();
}

/** The registry: one lazy import per connector, so that a connector is only loaded when it is used. */
export function generateRegistry(root: string): GeneratedFile {
  const lines = listConnectors(root).map(
    (id) => `  '${id}': () => import('../../connectors/${id}/index.ts'),`,
  );
  const text = [
    '// Written by scripts/gen.ts; do not edit. To renew it: node scripts/gen.ts',
    '',
    '/** How each built-in connector is loaded. */',
    'export const registry: Readonly<Record<string, () => Promise<{ readonly default: unknown }>>> = {',
    ...lines,
    '};',
    '',
  ];
  return { path: join(root, 'src', 'host', 'registry.generated.ts'), text: text.join('\n') };
}

/** The README of a connector with a current table of its settings. Undefined when it has none. */
export async function generateReadme(root: string, id: string): Promise<GeneratedFile | undefined> {
  const path = join(root, 'connectors', id, 'README.md');
  if (!existsSync(path)) return undefined;
  const module = (await import(pathToFileURL(join(root, 'connectors', id, 'index.ts')).href)) as {
    default: Connector;
  };
  const table = configTable(module.default.config);
  const text = readFileSync(path, 'utf8').replace(
    CONFIG_BLOCK,
    (_all, start: string, end: string) => `${start}${table}\n${end}`,
  );
  return { path, text };
}

/** All files that are generated, and the connectors whose code could not be loaded. */
export async function generateAll(
  root: string,
): Promise<{ files: readonly GeneratedFile[]; broken: readonly string[] }> {
  const files = [generateRegistry(root)];
  const broken: string[] = [];
  for (const id of listConnectors(root)) {
    try {
      const readme = await generateReadme(root, id);
      if (readme) files.push(readme);
    } catch (error) {
      broken.push(
        `connectors/${id} could not be loaded: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return { files, broken };
}

/** The files that differ from what they should be. */
export function findStale(files: readonly GeneratedFile[]): readonly GeneratedFile[] {
  return files.filter(({ path, text }) => !existsSync(path) || readFileSync(path, 'utf8') !== text);
}

async function main(): Promise<void> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const { files, broken } = await generateAll(root);
  const stale = findStale(files);
  const isCheck = process.argv.includes('--check');
  for (const { path, text } of stale) {
    if (!isCheck) writeFileSync(path, text);
    process.stdout.write(`${isCheck ? 'out of date' : 'written'}: ${path.slice(root.length)}\n`);
  }
  for (const problem of broken) process.stdout.write(`${problem}\n`);
  if (isCheck && stale.length > 0) process.stdout.write('to fix: node scripts/gen.ts\n');
  process.exitCode = broken.length > 0 || (isCheck && stale.length > 0) ? 1 : 0;
}

if (import.meta.main) await main();
