// Prints which requirements the last test run showed: `npm run trace`, `npm run trace -- --section 1,2,13`, `--json`;
// `--write` brings the last column of docs/requirements.md up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  parseRequirements,
  traceRequirements,
  writeWhere,
  type Showing,
  type Trace,
} from './requirements.ts';
import { readOptions } from './read-options.ts';
import { readRun } from './test-results.ts';

const DOCUMENT = fileURLToPath(new URL('../docs/requirements.md', import.meta.url));
const ORDER: readonly Showing[] = ['shown', 'failing', 'skipped', 'not shown'];
const LINE_WIDTH = 110;

const USAGE = `usage: npm run trace -- [--section 3,4] [--json] [--write]

--section  sections of docs/requirements.md; default all
--json     the result as JSON
--write    puts where each is met into docs/requirements.md
`;

const { values } = readOptions(USAGE, {
  options: { section: { type: 'string' }, json: { type: 'boolean' }, write: { type: 'boolean' } },
});
const run = readRun();
if (run === undefined) fail('There are no test results yet. Run "npm test" first.');

const markdown = readFileSync(DOCUMENT, 'utf8');
const { requirements, sections } = parseRequirements(markdown);
const { traces, unknown } = traceRequirements(requirements, run.tests);
const wanted = new Set(values.section?.split(',').map(Number) ?? sections.keys());
const chosen = traces.filter(({ section }) => wanted.has(section));

if (values.write) {
  if (run.partial) fail('The last run was of some tests only. Run "npm test" without arguments first.');
  writeFileSync(DOCUMENT, writeWhere(markdown, traces));
}
if (values.json) {
  print(
    JSON.stringify({
      run: { ...run, tests: run.tests.length },
      requirements: chosen,
      unknown: [...unknown.keys()],
    }),
  );
} else {
  report(chosen);
}
if (unknown.size > 0 || chosen.some(({ showing }) => showing === 'failing')) process.exitCode = 1;

function report(rows: readonly Trace[]): void {
  for (const [number, title] of sections) {
    const own = rows.filter(({ section }) => section === number);
    if (own.length === 0) continue;
    const shown = own.filter(({ showing }) => showing === 'shown').length;
    print(`\n${number}. ${title}: ${shown} of ${own.length} shown`);
    for (const showing of ORDER) {
      const ids = own.filter((trace) => trace.showing === showing).map(({ id }) => id);
      if (ids.length > 0) print(wrap(`   ${showing}: `, ids));
    }
  }
  print(
    `\nTests of ${run!.startedAt} on Node.js ${run!.node}${run!.partial ? ' (only some of the files)' : ''}`,
  );
  for (const [id, file] of unknown) print(`${file} names ${id}, which docs/requirements.md does not list`);
  print(
    ORDER.map((showing) => `${rows.filter((trace) => trace.showing === showing).length} ${showing}`).join(
      ', ',
    ),
  );
}

function wrap(lead: string, ids: readonly string[]): string {
  const lines = [lead];
  for (const [index, id] of ids.entries()) {
    const piece = index < ids.length - 1 ? `${id}, ` : id;
    if (lines.at(-1)!.length + piece.length > LINE_WIDTH) lines.push(' '.repeat(lead.length));
    lines[lines.length - 1] += piece;
  }
  return lines.join('\n');
}

function fail(message: string): never {
  process.stderr.write(`trace: ${message}\n`);
  process.exit(2);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
