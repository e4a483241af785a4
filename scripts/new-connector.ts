// `npm run new:connector -- NAME [--into FOLDER]`: scaffolds connectors/NAME, which passes the conformance kit at once, and renews the registry.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectorFiles } from './connector-template.ts';
import { findStale, generateReadme, generateRegistry } from './gen.ts';
import { readOptions } from './read-options.ts';

const USAGE = 'usage: npm run new:connector -- NAME';
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Why a connector can't get this name; undefined when it can. */
export function refuseName(name: string | undefined, root: string): string | undefined {
  if (name === undefined) return USAGE;
  if (!NAME.test(name) || name.length > 40)
    return `${name} is not in kebab-case, e.g. azure-monitor, of at most 40 characters`;
  if (name.endsWith('-connector')) return `${name} says connector twice: give the vendor's noun only`;
  return existsSync(join(root, 'connectors', name)) ? `connectors/${name} exists already` : undefined;
}

/** Writes the connector's files below `root`, fills in its README and renews the registry. Returns what it wrote. */
export async function createConnector(root: string, name: string): Promise<readonly string[]> {
  const folder = join(root, 'connectors', name);
  const title = name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
  const files = Object.entries(connectorFiles(name, title)).map(([path, text]) => ({
    path: join(folder, path),
    text,
  }));
  for (const { path, text } of files) write(path, text);
  const readme = await generateReadme(root, name);
  const stale = findStale([generateRegistry(root), ...(readme ? [readme] : [])]);
  for (const { path, text } of stale) write(path, text);
  return [...new Set([...files, ...stale].map(({ path }) => path))];
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

async function main(): Promise<void> {
  const { values, positionals } = readOptions(`${USAGE}\n`, {
    options: { into: { type: 'string' } },
    allowPositionals: true,
  });
  const root = values.into ?? fileURLToPath(new URL('..', import.meta.url));
  const [name] = positionals;
  const refusal = refuseName(name, root);
  if (name === undefined || refusal !== undefined) {
    process.stderr.write(`${refusal}\n`);
    process.exitCode = 2;
    return;
  }
  for (const path of await createConnector(root, name)) process.stdout.write(`${relative(root, path)}\n`);
  process.stdout.write(
    `\nNow change them to what the vendor really sends and takes, and run: node --test connectors/${name}\n`,
  );
}

if (import.meta.main) await main();
