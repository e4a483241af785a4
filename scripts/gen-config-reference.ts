// `node scripts/gen-config-reference.ts`: writes the reference of the configuration; `--check` compares it instead.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generateConfigReference } from '../src/settings/reference.ts';

const root = join(import.meta.dirname, '..');
const isCheck = process.argv.includes('--check');

function isCurrent(path: string, text: string): boolean {
  try {
    return readFileSync(path, 'utf8') === text;
  } catch {
    return false;
  }
}

for (const { path, text } of generateConfigReference()) {
  const target = join(root, path);
  if (isCurrent(target, text)) continue;
  process.stdout.write(`${isCheck ? 'out of date' : 'written'}: ${path}\n`);
  if (isCheck) {
    process.exitCode = 1;
    continue;
  }
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}
if (process.exitCode === 1) process.stdout.write('to fix: node scripts/gen-config-reference.ts\n');
