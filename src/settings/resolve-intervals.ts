import { CalendarError } from '../calendar/calendar-error.ts';
import { parseTimeInterval } from '../calendar/parse-time-interval.ts';
import type { RouteSettings, Settings } from '../model/settings.ts';
import type { TimeInterval } from '../model/time-interval.ts';
import type { Report } from './report.ts';
import { partsOf, type PathPart } from './tree.ts';

/** Named time intervals; what can't be read goes to the report with its place. */
export function resolveIntervals(
  written: Readonly<Record<string, readonly unknown[]>>,
  report: Report,
): Settings['timeIntervals'] {
  return Object.fromEntries(
    Object.entries(written).map(([name, list]) => [
      name,
      list.flatMap((raw, index) => readInterval(raw, ['time_intervals', name, index], report)),
    ]),
  );
}

/** Most likely a typing error in the other place. */
export function warnUnusedIntervals({ timeIntervals, route }: Settings, report: Report): void {
  const used = new Set(namesIn(route));
  for (const name of Object.keys(timeIntervals)) {
    if (used.has(name)) continue;
    const message = 'no route names this time interval';
    report.warn(['time_intervals', name], { code: 'unused', message }, 'key');
  }
}

function namesIn(route: RouteSettings): readonly string[] {
  return [...route.muteTimeIntervals, ...route.activeTimeIntervals, ...route.routes.flatMap(namesIn)];
}

function readInterval(raw: unknown, path: readonly PathPart[], report: Report): readonly TimeInterval[] {
  try {
    return [parseTimeInterval(raw)];
  } catch (error) {
    if (!(error instanceof CalendarError)) throw error;
    const message = error.message.replace(`${error.field}: `, '');
    report.error([...path, ...partsOf(error.field)], { code: 'bad_time_interval', message });
    return [];
  }
}
