import type { Static } from '@signalbox/sdk';
import { findTimeZone } from '../calendar/time-zone.ts';
import type { ScoringSettings } from '../model/settings.ts';
import { parseDuration } from './quantity.ts';
import type { Report } from './report.ts';
import type { scoring } from './schema-scoring.ts';

export function resolveScoring(
  written: Static<typeof scoring> | undefined,
  report: Report,
): ScoringSettings | undefined {
  if (!written) return undefined;
  const timeZone = findTimeZone(written.time_zone);
  if (timeZone === undefined) {
    const message = 'expected a name of the IANA time zone database, such as Europe/Berlin or UTC';
    report.error(['scoring', 'time_zone'], { code: 'wrong_value', message });
  }
  return { timeZone: timeZone ?? 'UTC', quickMs: parseDuration(written.quick)! };
}
