import type { TestResult } from './test-results.ts';

const ID = /\b(?:BR-[A-Z]+-\d{3}b?|(?:ADR4|ADR6|VPA|HNP|KUB)-\d{3})\b/g;
/** Ids stand in square brackets at the start of a title: `[BR-WH-008] …`, `[BR-WH-008, BR-REL-013] …`. */
const LEADING_BRACKETS = /^\s*(?:\[[^\]]*\]\s*)+/;
const HEADING = /^## (\d+)\. (.+)$/;
const ROW = /^\| ((?:BR|ADR4|ADR6|VPA|HNP|KUB)-[A-Z0-9-]+b?) \| (.+) \| (.*) \|$/;
const GENERATED = /(?:; )?tests: .*$/;

export type Showing = 'shown' | 'failing' | 'skipped' | 'not shown';

export interface Requirement {
  readonly id: string;
  readonly section: number;
  readonly text: string;
  /** Where it is met, in our own words; `planned` when nowhere yet. */
  readonly where: string;
}

export interface Trace extends Requirement {
  readonly showing: Showing;
  /** Files whose tests name the id, sorted. */
  readonly files: readonly string[];
}

/** The ids that a title claims to show. */
export function idsOf(title: string): string[] {
  return LEADING_BRACKETS.exec(title)?.[0].match(ID) ?? [];
}

/** Reads the tables of `docs/requirements.md`. Throws when an id stands there twice. */
export function parseRequirements(markdown: string): {
  requirements: Requirement[];
  sections: Map<number, string>;
} {
  const requirements: Requirement[] = [];
  const sections = new Map<number, string>();
  const seen = new Set<string>();
  let section = 0;
  for (const line of markdown.split('\n')) {
    const heading = HEADING.exec(line);
    if (heading) {
      section = Number(heading[1]);
      sections.set(section, heading[2]!);
    }
    const row = ROW.exec(line);
    if (!row) continue;
    const [, id, text, where] = row as unknown as [string, string, string, string];
    if (seen.has(id)) throw new Error(`docs/requirements.md lists ${id} twice`);
    seen.add(id);
    requirements.push({ id, section, text, where: where.replace(GENERATED, '') });
  }
  return { requirements, sections };
}

/** What the tests say of each requirement, and the ids in titles that no requirement has. */
export function traceRequirements(
  requirements: readonly Requirement[],
  tests: readonly TestResult[],
): { traces: Trace[]; unknown: Map<string, string> } {
  const byId = new Map<string, TestResult[]>();
  for (const result of tests) {
    for (const id of new Set(result.path.flatMap(idsOf))) byId.set(id, [...(byId.get(id) ?? []), result]);
  }
  const traces = requirements.map((requirement) => {
    const results = byId.get(requirement.id) ?? [];
    return {
      ...requirement,
      showing: judge(results),
      files: [...new Set(results.map(({ file }) => file))].sort(),
    };
  });
  const known = new Set(requirements.map(({ id }) => id));
  const unknown = new Map(
    [...byId].filter(([id]) => !known.has(id)).map(([id, results]) => [id, results[0]!.file] as const),
  );
  return { traces, unknown };
}

/** One failing test spoils the id; one passing test shows it. */
function judge(results: readonly TestResult[]): Showing {
  if (results.some(({ status }) => status === 'failed')) return 'failing';
  if (results.some(({ status }) => status === 'passed')) return 'shown';
  return results.length > 0 ? 'skipped' : 'not shown';
}

/** The document with the last column brought up to date: our own words stay, the list of tests is written anew. */
export function writeWhere(markdown: string, traces: readonly Trace[]): string {
  const byId = new Map(traces.map((trace) => [trace.id, trace]));
  return markdown
    .split('\n')
    .map((line) => {
      const row = ROW.exec(line);
      const trace = row && byId.get(row[1]!);
      if (!row || !trace) return line;
      const words = trace.where === 'planned' ? '' : trace.where;
      const tests =
        trace.files.length > 0 ? `tests: ${trace.files.map((file) => `\`${file}\``).join(', ')}` : '';
      return `| ${row[1]} | ${row[2]} | ${[words, tests].filter(Boolean).join('; ') || 'planned'} |`;
    })
    .join('\n');
}
