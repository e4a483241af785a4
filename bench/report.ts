import type { Machine } from './machine.ts';
import { judge, type Bound, type Figure, type Row, type Unit } from './row.ts';

const FIGURES_PER_LINE = 4;

/** Everything that one run yields. `--json` prints it with the verdicts. */
export interface Report {
  readonly command: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly rounds: number;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly sections: readonly Section[];
}

/** The rows of one measurement, in the order of running. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly Row[];
}

export function countBelow({ sections }: Report): number {
  return sections.flatMap(({ rows }) => rows).filter((row) => judge(row) === 'below').length;
}

export function toJson(report: Report): string {
  const sections = report.sections.map((section) => ({
    ...section,
    rows: section.rows.map((row) => ({ ...row, verdict: judge(row) })),
  }));
  return `${JSON.stringify({ ...report, below: countBelow(report), sections }, undefined, 2)}\n`;
}

export function toText(report: Report): string {
  const rows = report.sections.flatMap((section) => section.rows);
  const width = Math.max(...rows.map(({ what }) => what.length), 20);
  const line = (cells: readonly string[]): string =>
    `${cells[0]!.padEnd(width)}  ${cells[1]!.padStart(12)}  ${cells[2]!.padStart(10)}  ${cells[3]!.padStart(10)}  ${cells[4]!}`;
  return [
    ...facts(report).map(([name, value]) => `${`${name}:`.padEnd(12)}${value}`),
    '',
    line(['what', 'result', 'must', 'aim', 'verdict']),
    ...report.sections.flatMap(({ title, rows: own }) => [
      '',
      title,
      ...own.flatMap((row) => [
        line([row.what, ...cellsOf(row)]),
        ...detailsOf(row).map((detail) => `    ${detail}`),
      ]),
    ]),
    '',
    summary(report),
    '',
  ].join('\n');
}

/** The same for a page: a table per section. */
export function toMarkdown(report: Report): string {
  const escape = (text: string): string => text.replaceAll('|', '\\|');
  return [
    '| | |',
    '|---|---|',
    ...facts(report).map(([name, value]) => `| ${name} | ${escape(value)} |`),
    ...report.sections.flatMap(({ title, rows }) => [
      '',
      `**${title}**`,
      '',
      '| what | figures | result | must | aim | verdict |',
      '|---|---|---|---|---|---|',
      ...rows.map((row) => {
        const [result, must, aim, verdict] = cellsOf(row) as [string, string, string, string];
        return `| ${[row.what, detailsOf(row).join('; '), result, must, aim, verdict].map(escape).join(' | ')} |`;
      }),
    ]),
    '',
    summary(report),
  ].join('\n');
}

function facts({ machine, versions, command, startedAt, seconds, rounds }: Report): [string, string][] {
  return [
    ['command', command],
    [
      'when',
      `${startedAt}, ${Math.round(seconds)} s; ${rounds === 1 ? 'one round' : `medians of ${rounds} interleaved rounds`}`,
    ],
    [
      'machine',
      `${machine.cpu}, ${machine.cores} cores, ${format(machine.memoryMb, 'MB')} memory, load ${machine.loadBefore} before the run`,
    ],
    [
      'system',
      `${machine.kernel}; data on ${machine.fileSystem}, an fdatasync of 4 KiB takes ${format(machine.fdatasyncMs, 'ms')}`,
    ],
    [
      'versions',
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
  ];
}

function cellsOf(row: Row): string[] {
  const bound = (given: Bound | undefined): string =>
    given ? `${given.relation} ${format(given.value, row.unit)}` : '';
  return [
    row.value === undefined ? '' : format(row.value, row.unit),
    bound(row.must),
    bound(row.aim),
    judge(row),
  ];
}

function detailsOf({ figures = [], notes = [] }: Row): string[] {
  const texts = figures.map(({ name, value, unit }: Figure) => `${name} ${format(value, unit)}`);
  const lines: string[] = [];
  for (let from = 0; from < texts.length; from += FIGURES_PER_LINE) {
    lines.push(texts.slice(from, from + FIGURES_PER_LINE).join(', '));
  }
  return [...lines, ...notes];
}

function summary(report: Report): string {
  const below = countBelow(report);
  const notRun = report.sections.flatMap(({ rows }) => rows).filter((row) => judge(row) === 'not run').length;
  const counted = below === 0 ? 'Nothing is below what it must reach' : `Below what it must reach: ${below}`;
  return notRun === 0 ? `${counted}.` : `${counted}; not run: ${notRun}.`;
}

export function format(value: number, unit: Unit): string {
  const digits =
    unit === 'ratio' || (unit === 's' && value < 100) || unit === 'ms/alert'
      ? 2
      : value < 10 && !Number.isInteger(value)
        ? 1
        : 0;
  const text = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  if (unit === 'ratio' || unit === 'count') return text;
  return unit.startsWith('/') || unit === '%' ? `${text}${unit}` : `${text} ${unit}`;
}
