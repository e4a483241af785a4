// `node scripts/gen-cli-reference.ts`: writes the reference of the command line from its definitions; `--check` compares it instead.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from '../src/cli/commands.ts';
import { renderReference } from '../src/cli/reference.ts';

const path = 'docs/reference/cli.md';
const target = fileURLToPath(new URL(`../${path}`, import.meta.url));
const text = await renderReference(COMMANDS);
const isCurrent = existsSync(target) && readFileSync(target, 'utf8') === text;

if (!isCurrent && process.argv.includes('--check')) {
  process.stdout.write(`out of date: ${path}\nto fix: node scripts/gen-cli-reference.ts\n`);
  process.exitCode = 1;
} else if (!isCurrent) {
  writeFileSync(target, text);
  process.stdout.write(`written: ${path}\n`);
}
