import type { FaultReport } from './run-fault.ts';

export interface Skipped {
  readonly name: string;
  readonly title: string;
  readonly skipped: string;
}

const BREACHES = ['lost', 'wrong', 'untold', 'outOfOrder', 'unexplained', 'imagined', 'others'] as const;
const SHOWN = 5;

/** Everything that must not be, a line each. */
export function breachesOf(report: FaultReport): readonly string[] {
  return BREACHES.flatMap((kind) => report[kind].map((line) => `${kind}: ${line}`));
}

/** A Markdown table with a row per fault, and below it what must not be. */
export function formatReports(reports: readonly (FaultReport | Skipped)[]): string {
  const rows = reports.map((report) =>
    'skipped' in report
      ? [report.name, report.title, ...Array.from({ length: 9 }, () => '–'), `not run: ${report.skipped}`]
      : [
          report.name,
          report.title,
          report.acknowledged,
          report.delivered,
          report.lost.length + report.wrong.length + report.untold.length,
          `${report.repeated} of ${report.inFlight}`,
          report.outOfOrder.length,
          report.refused + report.unanswered,
          seconds(report.silentMs),
          seconds(report.recovery.fromFaultMs),
          seconds(report.recovery.fromEndMs),
          breachesOf(report).length === 0 ? 'ok' : 'BROKEN',
        ],
  );
  const head =
    'fault|what happens|acknowledged|delivered|lost, wrong or untold|repeated of in flight|out of order|not taken|longest silence|recovery from the fault|from its end|verdict';
  const lines = [head.split('|'), head.split('|').map(() => '---'), ...rows].map(
    (cells) => `| ${cells.join(' | ')} |`,
  );
  return [...lines, ...reports.flatMap(explain)].join('\n');
}

function explain(report: FaultReport | Skipped): readonly string[] {
  if ('skipped' in report) return [];
  return BREACHES.flatMap((kind) => {
    const found = report[kind];
    if (found.length === 0) return [];
    const rest = found.length > SHOWN ? [`  … and ${found.length - SHOWN} more`] : [];
    return [
      '',
      `${report.name}, ${kind} (${found.length}):`,
      ...found.slice(0, SHOWN).map((line) => `  ${line}`),
      ...rest,
    ];
  });
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
