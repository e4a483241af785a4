import type { LifecycleSettings } from '../model/settings.ts';
import { parseDuration } from './quantity.ts';
import { readMatchers } from './resolve-matchers.ts';
import type { Report } from './report.ts';
import type { Written } from './schema.ts';

export function resolveLifecycle(written: Written['lifecycle'], report: Report): LifecycleSettings {
  const path = ['lifecycle'];
  const staleAfterMs = parseDuration(written.stale_after)!;
  const resolveStaleAfterMs = parseDuration(written.resolve_stale_after)!;
  if (resolveStaleAfterMs !== 0 && resolveStaleAfterMs < staleAfterMs) {
    report.error([...path, 'resolve_stale_after'], {
      code: 'wrong_value',
      message: 'shorter than stale_after, so an alert would be resolved before it is stale',
      hint: 'make it longer, or 0s to resolve nothing by age',
    });
  }
  return {
    ackStopsRepeats: written.ack_stops_repeats,
    staleAfterMs,
    resolveStaleAfterMs,
    escalate: written.escalate.map(({ matchers, after, severity, priority }, index) => {
      if (severity === undefined && priority === undefined) {
        report.error([...path, 'escalate', index], {
          code: 'missing_key',
          message: 'the rule needs a "severity" or a "priority" to raise to',
        });
      }
      return {
        matchers: readMatchers(matchers, [...path, 'escalate', index, 'matchers'], report),
        afterMs: parseDuration(after)!,
        ...(severity === undefined ? {} : { severity }),
        ...(priority === undefined ? {} : { priority }),
      };
    }),
  };
}
