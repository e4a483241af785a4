import type { Static } from '@signalbox/sdk';
import { CalendarError } from '../calendar/calendar-error.ts';
import { formatMatchers, sortMatchers } from '../model/create-matcher.ts';
import type { InhibitRule } from '../model/inhibition.ts';
import type { Matcher } from '../model/matcher.ts';
import { checkSilenceMatchers, NEVER_ENDS, type Silence } from '../model/silence.ts';
import { contradict } from '../rules/contradiction.ts';
import { parseDuration } from './quantity.ts';
import { readMatchers } from './resolve-matchers.ts';
import type { Report } from './report.ts';
import type { PathPart } from './tree.ts';
import type { inhibitRules, maintenanceWindows } from './schema-suppression.ts';

export function resolveInhibitRules(
  written: Static<typeof inhibitRules>,
  report: Report,
): readonly InhibitRule[] {
  return written.map((rule, index) => {
    const path = ['inhibit_rules', index];
    const [sourceMatchers, targetMatchers] = [
      readMatchers(rule.source_matchers, [...path, 'source_matchers'], report),
      readMatchers(rule.target_matchers, [...path, 'target_matchers'], report),
    ];
    const resolved = {
      name: rule.name ?? String(index + 1),
      sourceMatchers,
      targetMatchers,
      equal: rule.equal,
    };
    warnNever(resolved, path, report);
    return resolved;
  });
}

/** A rule that can't hold any alert is most likely a typing error. */
function warnNever(
  { sourceMatchers, targetMatchers, equal }: InhibitRule,
  path: readonly PathPart[],
  report: Report,
): void {
  const warn = (field: string, why: string): void => {
    const message = `this rule can never hold an alert: ${why}`;
    report.warn([...path, field], { code: 'rule_never_matches', message });
  };
  const isNever = (matchers: readonly Matcher[]): boolean => contradict([{ matchers, demands: [] }]);
  if (isNever(sourceMatchers)) return warn('source_matchers', 'its source matchers contradict each other');
  if (isNever(targetMatchers)) return warn('target_matchers', 'its target matchers contradict each other');
  const shared = [...sourceMatchers, ...targetMatchers].filter(({ name }) => equal.includes(name));
  if (isNever(shared)) return warn('equal', 'source and target can’t have the same values of these labels');
  const [source, target] = [sourceMatchers, targetMatchers].map((side) => formatMatchers(sortMatchers(side)));
  if (source === target)
    warn('target_matchers', 'they are its source matchers, and alerts that are both do not hold each other');
}

/** Windows of the configuration as silences without a row in the store. */
export async function resolveMaintenanceWindows(
  written: Static<typeof maintenanceWindows>,
  report: Report,
): Promise<readonly Silence[]> {
  const windows: Silence[] = [];
  for (const [name, window] of Object.entries(written)) {
    const path = ['maintenance_windows', name];
    const matchers = readMatchers(window.matchers, [...path, 'matchers'], report);
    const fault = checkSilenceMatchers(matchers);
    if (matchers.length > 0 && fault)
      report.error([...path, 'matchers'], { code: 'too_broad', message: fault });
    const startsAt = readTime(window.starts_at, [...path, 'starts_at'], report);
    const endsAt =
      window.ends_at === undefined
        ? window.rrule === undefined
          ? missing(report, path, 'ends_at', 'a window that happens once needs an "ends_at"')
          : NEVER_ENDS
        : readTime(window.ends_at, [...path, 'ends_at'], report);
    if (window.rrule !== undefined && window.duration === undefined)
      missing(report, path, 'duration', 'a recurring window needs a "duration"');
    if (window.rrule === undefined && window.duration !== undefined)
      missing(report, path, 'duration', 'without "rrule" the end is said by "ends_at"');
    const durationMs = window.duration === undefined ? 0 : parseDuration(window.duration)!;
    const silence: Silence = {
      id: `config/${name}`,
      tenant: 'default',
      kind: 'maintenance',
      matchers: matchers.map(({ name: label, op, value }) => ({ name: label, op, value })),
      startsAt,
      endsAt,
      ...(window.rrule === undefined
        ? {}
        : { recurrence: { rrule: window.rrule, durationMs, timeZone: window.time_zone } }),
      announce: window.announce,
      createdBy: 'configuration',
      comment: window.reason,
      annotations: {},
      updatedAt: startsAt,
    };
    await checkTimes(silence, path, report);
    windows.push(silence);
  }
  return windows;
}

async function checkTimes(silence: Silence, path: readonly string[], report: Report): Promise<void> {
  if (Number.isNaN(silence.startsAt) || Number.isNaN(silence.endsAt)) return;
  if (silence.endsAt <= silence.startsAt) {
    report.error([...path, 'ends_at'], { code: 'wrong_value', message: 'a window ends after its start' });
    return;
  }
  if (!silence.recurrence || silence.recurrence.durationMs === 0) return;
  // The packages behind recurrence rules are large and loaded only where somebody uses one.
  const { checkWindow } = await import('../calendar/window.ts');
  try {
    checkWindow({ startsAt: silence.startsAt, ...silence.recurrence });
  } catch (error) {
    if (!(error instanceof CalendarError)) throw error;
    const field = { rrule: 'rrule', timeZone: 'time_zone', duration: 'duration' }[error.field] ?? 'starts_at';
    report.error([...path, field], {
      code: 'bad_window',
      message: error.message.replace(`${error.field}: `, ''),
    });
  }
}

function readTime(text: string, path: readonly (string | number)[], report: Report): number {
  const time = Date.parse(text);
  if (Number.isNaN(time) || !/^\d{4}-\d\d-\d\dT/.test(text))
    report.error(path, {
      code: 'wrong_value',
      message: `not a time: ${report.quote(path, text)}`,
      hint: 'write it as 2026-12-01T22:00:00Z',
    });
  return time;
}

function missing(report: Report, path: readonly string[], key: string, message: string): number {
  report.error(path, { code: 'missing_key', message, hint: `see "${key}"` });
  return Number.NaN;
}
