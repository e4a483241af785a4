// Writes docs/reference/http.md and docs/reference/openapi.json from the API's own schemas; `--check` compares them instead.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeApi } from '../src/api/describe-api.ts';
import { generateHttpReference } from '../src/api/reference.ts';

/** One file as it should be; `path` is relative to the repository. */
export interface ReferenceFile {
  readonly path: string;
  readonly text: string;
}

export async function generateReferenceFiles(root: string): Promise<readonly ReferenceFile[]> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const document = await describeApi(version);
  return [
    { path: 'docs/reference/http.md', text: generateHttpReference(document) },
    { path: 'docs/reference/openapi.json', text: `${JSON.stringify(document, undefined, 2)}\n` },
  ];
}

async function main(): Promise<void> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const isCheck = process.argv.includes('--check');
  for (const { path, text } of await generateReferenceFiles(root)) {
    const target = join(root, path);
    if (existsSync(target) && readFileSync(target, 'utf8') === text) continue;
    process.stdout.write(`${isCheck ? 'out of date' : 'written'}: ${path}\n`);
    if (isCheck) {
      process.stdout.write('to fix: node scripts/gen-http-reference.ts\n');
      process.exitCode = 1;
    } else {
      mkdirSync(join(root, 'docs', 'reference'), { recursive: true });
      writeFileSync(target, text);
    }
  }
}

if (import.meta.main) await main();
