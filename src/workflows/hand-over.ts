import { createMemory, isMissingField } from '@signalbox/sdk';
import type { Alert } from '../model/alert.ts';
import type { Settings } from '../model/settings.ts';
import type { WorkflowMoment, WorkflowSettings } from '../model/workflow-settings.ts';
import { approvalChange, runChange } from '../pipeline/change.ts';
import type { Passage } from '../pipeline/fold-batch.ts';
import { compileCondition } from '../rules/condition.ts';
import { subjectOfAlert } from '../rules/subject-of-alert.ts';
import type { Commit } from '../store/port.ts';
import { askToStart } from './approval-question.ts';
import { openRun, type Opening } from './open-run.ts';
import { planStart } from './plan-start.ts';

/** The rows of what is handed over, for the commit of whoever saw the moment. */
export type HandedOver = Required<
  Pick<Commit, 'workflowRuns' | 'notifications' | 'deliveries' | 'approvals' | 'changes'>
>;

const NOTHING: HandedOver = {
  workflowRuns: [],
  notifications: [],
  deliveries: [],
  approvals: [],
  changes: [],
};

const compiled = createMemory((rules: readonly WorkflowSettings[]) =>
  rules.map((rule) => ({ rule, condition: compileCondition(rule) })),
);

/** What a rule said of an alert when its moment had come: it took it, or its condition failed. */
export interface Verdict {
  readonly rule: string;
  readonly alert: Alert;
  readonly hasFailed: boolean;
}

/**
 * Opens the runs of alerts that began to fire or have resolved, each once per episode (BR-AP-017). Pure.
 *
 * @param verdicts gets what is to be counted
 */
export function handOver(
  passages: readonly Passage[],
  settings: Settings,
  now: number,
  verdicts: Verdict[] = [],
): HandedOver {
  if (settings.workflows.length === 0) return NOTHING;
  return handOverAll(
    passages.flatMap((passage): readonly Opening[] => {
      const moment = momentOf(passage);
      if (!moment) return [];
      const { externalURL } = settings.server;
      const about = { alert: passage.after };
      return rulesFor(moment, passage.after, settings, now, verdicts).map((rule) => {
        verdicts.push({ rule: rule.id, alert: passage.after, hasFailed: false });
        return { rule, trigger: moment, about, externalURL };
      });
    }),
    settings,
    now,
  );
}

/** Opens these runs: each with the delivery that starts it, or with the question whether it may be started. Pure. */
export function handOverAll(openings: readonly Opening[], settings: Settings, now: number): HandedOver {
  const each = openings.map((opening) => handOverOne(opening, settings, now));
  return {
    workflowRuns: each.flatMap(({ workflowRuns }) => workflowRuns),
    notifications: each.flatMap(({ notifications }) => notifications),
    deliveries: each.flatMap(({ deliveries }) => deliveries),
    approvals: each.flatMap(({ approvals }) => approvals),
    changes: each.flatMap(({ changes }) => changes),
  };
}

/** The rules of a moment whose conditions take the alert. One that fails on an alert is not about it, as elsewhere; `verdicts` gets it. */
export function rulesFor(
  moment: WorkflowMoment,
  alert: Alert,
  { workflows }: Pick<Settings, 'workflows'>,
  now: number,
  verdicts: Verdict[],
): readonly WorkflowSettings[] {
  return compiled
    .of(workflows)
    .filter(({ rule, condition }) => {
      if (rule.on !== moment) return false;
      try {
        return condition.test(subjectOfAlert(alert, now));
      } catch (error) {
        if (!isMissingField(error)) verdicts.push({ rule: rule.id, alert, hasFailed: true });
        return false;
      }
    })
    .map(({ rule }) => rule);
}

function momentOf({ before, after }: Passage): WorkflowMoment | undefined {
  if (after.status === 'firing') return before?.episode === after.episode ? undefined : 'firing';
  return before?.status === 'firing' ? 'resolved' : undefined;
}

function handOverOne(opening: Opening, settings: Settings, now: number): HandedOver {
  const run = openRun(opening, now);
  const rows = { ...NOTHING, changes: [runChange(run, now)] };
  if (run.status !== 'waiting') return { ...rows, workflowRuns: [run] };
  if (opening.rule.approval) {
    const approval = askToStart(run, opening.rule.approval, now);
    const waiting = { ...run, approvalId: approval.id };
    const changes = [runChange(waiting, now), approvalChange(approval, now)];
    return { ...rows, workflowRuns: [waiting], approvals: [approval], changes };
  }
  const { run: begun, notification, delivery } = planStart(run, opening.about, undefined, settings, now)!;
  return {
    ...rows,
    // It is new in this very commit.
    workflowRuns: [{ ...begun, version: 1 }],
    notifications: [notification],
    deliveries: [delivery],
    changes: [runChange(begun, now)],
  };
}
