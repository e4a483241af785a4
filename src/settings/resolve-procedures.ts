import { basename } from 'node:path';
import type { Static } from '@signalbox/sdk';
import type { Circumstances } from '../model/rule-settings.ts';
import type { Cell, Grade, LevelCriterion, ProcedureSettings } from '../model/procedure-settings.ts';
import { parseDuration } from './quantity.ts';
import type { Report } from './report.ts';
import { checkIds, checkName, isGeneral, readCircumstances } from './resolve-circumstances.ts';
import type { procedures } from './schema-procedures.ts';
import { placeOf, pointerOf, type PathPart } from './tree.ts';

type Written = Static<typeof procedures>;
type Path = readonly PathPart[];
const PATH: Path = ['priority', 'procedures'];

/** The procedures with everything that they name. A matrix has no holes: each pair of impact and urgency has a level, and some pair is always found. */
export function resolveProcedures(
  written: Written,
  businessHours: object,
  report: Report,
): ProcedureSettings {
  const { source, levels, criteria, matrix } = written;
  const known = namesOf(levels);
  const cellAt = (level: string, at: Path): Cell => {
    checkName('level', level, known, at, report);
    return { level, definedAt: lineOf(at, report) };
  };
  checkIds('level', levels, [...PATH, 'levels'], report);
  checkIds('criterion', criteria, [...PATH, 'criteria'], report);
  const never = new Set<string>();
  const read = (each: Parameters<typeof readCircumstances>[0], path: Path): Circumstances => {
    const { circumstances, condition } = readCircumstances(each, businessHours, path, report);
    if (condition?.isNever) {
      never.add(pointerOf(path));
      const message = 'this can never hold: its condition contradicts itself';
      report.warn(path, { code: 'unreachable_level', message });
    }
    return circumstances;
  };
  const grade = (kind: 'impact' | 'urgency') =>
    written[kind].map(({ id, ...each }, index): Grade => ({ id, ...read(each, [...PATH, kind, index]) }));
  const settings: ProcedureSettings = {
    ...(source === undefined ? {} : { source }),
    levels: levels.map(
      ({ id, title, acknowledge_within, update_every, lead, runbook_url: runbookUrl, steps }) => ({
        id,
        ...(title === undefined ? {} : { title }),
        ...(acknowledge_within === undefined
          ? {}
          : { acknowledgeWithinMs: parseDuration(acknowledge_within)! }),
        ...(update_every === undefined ? {} : { updateEveryMs: parseDuration(update_every)! }),
        ...(lead === undefined ? {} : { lead }),
        ...(runbookUrl === undefined ? {} : { runbookUrl }),
        steps,
      }),
    ),
    criteria: criteria.map(({ id, source: section, level, ...each }, index): LevelCriterion => {
      const at = [...PATH, 'criteria', index];
      return {
        id,
        ...(section === undefined ? {} : { source: section }),
        ...read(each, at),
        ...cellAt(level, [...at, 'level']),
      };
    }),
    impact: grade('impact'),
    urgency: grade('urgency'),
    matrix: Object.fromEntries(
      Object.entries(matrix).map(([row, cells]) => [
        row,
        Object.fromEntries(
          Object.entries(cells).map(([column, level]) => [
            column,
            cellAt(level, [...PATH, 'matrix', row, column]),
          ]),
        ),
      ]),
    ),
  };
  checkMatrix(settings, report);
  warnUnreachable(settings, never, report);
  return settings;
}

/** `signalbox.yaml:41`, without the folder: nodes may have the file in different places, and messages show it. */
function lineOf(path: Path, report: Report): string {
  const { file, line } = placeOf(report.tree, pointerOf(path));
  return `${basename(file)}:${line}`;
}

function checkMatrix({ criteria, impact, urgency, matrix }: ProcedureSettings, report: Report): void {
  const at: Path = [...PATH, 'matrix'];
  const rows = Object.keys(matrix);
  if (impact.length + urgency.length + rows.length === 0) {
    if (criteria.length > 0) return;
    const message = 'nothing yields a level: give criteria, or impact, urgency and a matrix';
    report.error(PATH, { code: 'missing_key', message }, 'key');
    return;
  }
  for (const [kind, grades] of Object.entries({ impact, urgency })) {
    if (grades.length === 0)
      report.error(at, { code: 'missing_key', message: `a matrix needs "${kind}"` }, 'key');
    const last = grades.at(-1);
    if (last && !isGeneral(last)) {
      const message = `the last ${kind} takes whatever is left, or some alerts would have none`;
      const hint = 'leave its conditions out, or add one without conditions';
      report.error([...PATH, kind, grades.length - 1], { code: 'wrong_value', message, hint });
    }
  }
  const degrees = { rows: namesOf(impact), columns: namesOf(urgency) };
  for (const row of rows) {
    checkName('impact', row, degrees.rows, [...at, row], report, 'key');
    for (const column of Object.keys(matrix[row]!))
      checkName('urgency', column, degrees.columns, [...at, row, column], report, 'key');
  }
  for (const row of Object.keys(degrees.rows)) {
    const cells = Object.hasOwn(matrix, row) ? matrix[row] : undefined;
    const missing = Object.keys(degrees.columns).filter((column) => !cells || !Object.hasOwn(cells, column));
    if (missing.length === 0) continue;
    const message = `the matrix has a hole: impact ${row} has no level for urgency ${missing.join(', ')}`;
    report.error(cells ? [...at, row] : at, { code: 'matrix_hole', message }, 'key');
  }
}

function namesOf(list: readonly { readonly id: string }[]): Readonly<Record<string, true>> {
  return Object.fromEntries(list.map(({ id }) => [id, true]));
}

/** What can never be found, and levels that nothing can yield; most likely a mistake in the order. */
function warnUnreachable(
  { levels, criteria, impact, urgency, matrix }: ProcedureSettings,
  never: ReadonlySet<string>,
  report: Report,
): void {
  const reachable = <T extends Grade>(list: readonly T[], kind: string): readonly T[] => {
    const first = list.findIndex(isGeneral);
    list.forEach((_, index) => {
      if (first === -1 || index <= first) return;
      const message = `this never holds: ${list[first]!.id} takes all alerts and comes before it`;
      report.warn([...PATH, kind, index], { code: 'unreachable_level', message, hint: 'change the order' });
    });
    return list.filter(
      (_, index) => (first === -1 || index <= first) && !never.has(pointerOf([...PATH, kind, index])),
    );
  };
  const asked = reachable(criteria, 'criteria');
  const found = new Set(asked.map(({ level }) => level));
  const rows = reachable(impact, 'impact');
  const columns = reachable(urgency, 'urgency');
  const isAsked = !asked.some(isGeneral);
  for (const row of isAsked ? rows : [])
    for (const column of columns) found.add(matrix[row.id]?.[column.id]?.level ?? '');
  levels.forEach(({ id }, index) => {
    if (found.has(id)) return;
    const message = `no alert can ever have the level ${id}: no criterion and no cell that can be found yields it`;
    report.warn([...PATH, 'levels', index], { code: 'unreachable_level', message });
  });
}
