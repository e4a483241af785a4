import type { AnalysisSettings, AnalysisTask } from '../model/analysis-settings.ts';
import type { Kinds } from './check-references.ts';
import { parseDuration } from './quantity.ts';
import type { Report } from './report.ts';
import { readCondition } from './resolve-condition.ts';
import type { Written } from './schema.ts';
import { didYouMean } from './suggest.ts';

type WrittenTask = NonNullable<Written['analysis']['analyst']>;

/** Who is asked about alerts in the background; problems go to the report. */
export function resolveAnalysis({ analysis }: Written, kinds: Kinds, report: Report): AnalysisSettings {
  const analyst = analysis.analyst && resolveTask(analysis.analyst, 'analyst', kinds, report);
  const scorer = analysis.scorer && resolveTask(analysis.scorer, 'scorer', kinds, report);
  return { ...(analyst && { analyst }), ...(scorer && { scorer }) };
}

function resolveTask(
  task: WrittenTask,
  capability: 'analyst' | 'scorer',
  kinds: Kinds,
  report: Report,
): AnalysisTask {
  const path = ['analysis', capability];
  const { integration, timeout, rate } = task;
  const at = [...path, 'integration'];
  const connector = kinds.get(integration);
  if (!kinds.has(integration)) {
    const message = `there is no integration ${report.quote(at, integration)}`;
    report.error(at, {
      code: 'missing_reference',
      message,
      hint: didYouMean(integration, [...kinds.keys()]),
    });
  } else if (connector && !connector[capability]) {
    const message = `the integration ${report.quote(at, integration)} can’t do this: the connector ${connector.id} is no ${capability}`;
    report.error(at, { code: `no_${capability}`, message });
  }
  const { text, condition } = readCondition(task, path, report);
  if (condition?.isNever) {
    const message = `the ${capability} is asked about no alert: its condition contradicts itself`;
    const field = task.when === undefined ? 'matchers' : 'when';
    report.warn([...path, field], { code: 'rule_never_matches', message });
  }
  return {
    integration,
    ...text,
    timeoutMs: parseDuration(timeout)!,
    rate: { requests: rate.requests, perMs: parseDuration(rate.per)! },
  };
}
