import { TEMPLATE_MEDIA_TYPE } from '@signalbox/sdk';
import type { WorkflowSettings } from '../model/workflow-settings.ts';
import { checkText } from './check-languages.ts';
import type { Kinds } from './check-references.ts';
import { parseDuration } from './quantity.ts';
import type { Report } from './report.ts';
import { readCondition } from './resolve-condition.ts';
import type { Written } from './schema.ts';
import { didYouMean } from './suggest.ts';

const DEADLINE_MS = 24 * 3_600_000;

/** What is handed to workflow engines; problems go to the report. */
export function resolveWorkflows(
  written: Written,
  kinds: Kinds,
  report: Report,
): readonly WorkflowSettings[] {
  const seen = new Set<string>();
  return written.workflows.map((rule, index): WorkflowSettings => {
    const path = ['workflows', index];
    const { id, on, integration, inputs, approval } = rule;
    if (seen.has(id)) {
      const message = `there is another workflow called ${report.quote([...path, 'id'], id)}`;
      report.error([...path, 'id'], { code: 'duplicate_id', message });
    }
    seen.add(id);
    checkEngine(integration, [...path, 'integration'], kinds, report);
    for (const [name, source] of Object.entries(inputs))
      checkText(TEMPLATE_MEDIA_TYPE, source, [...path, 'inputs', name], report);
    const { text, condition } = readCondition(rule, path, report);
    if (condition?.isNever) {
      const message = 'nothing is ever handed over: the condition contradicts itself';
      const field = rule.when === undefined ? 'matchers' : 'when';
      report.warn([...path, field], { code: 'rule_never_matches', message });
    }
    return {
      id,
      on,
      integration,
      ...text,
      inputs,
      ...(approval === undefined ? {} : { approval: resolveApproval(approval, written) }),
      watchMs: parseDuration(rule.watch_for)!,
    };
  });
}

function resolveApproval(
  { deadline, on_expiry }: NonNullable<Written['workflows'][number]['approval']>,
  { approvals }: Written,
): NonNullable<WorkflowSettings['approval']> {
  const usual = deadline ?? approvals?.deadline;
  return {
    deadlineMs: usual === undefined ? DEADLINE_MS : parseDuration(usual)!,
    onExpiry: on_expiry ?? approvals?.on_expiry ?? 'reject',
  };
}

function checkEngine(id: string, path: readonly (string | number)[], kinds: Kinds, report: Report): void {
  const connector = kinds.get(id);
  if (!kinds.has(id)) {
    const message = `there is no integration ${report.quote(path, id)}`;
    report.error(path, { code: 'missing_reference', message, hint: didYouMean(id, [...kinds.keys()]) });
  } else if (connector && !connector.workflow) {
    const message = `the integration ${report.quote(path, id)} can’t do this: the connector ${connector.id} is no workflow engine`;
    report.error(path, { code: 'no_workflow', message });
  }
}
