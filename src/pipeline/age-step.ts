import { ageAlert, planAge } from '../lifecycle/age-alert.ts';
import type { Alert } from '../model/alert.ts';
import { decide } from '../model/decision.ts';
import type { Settings } from '../model/settings.ts';
import { alertChange } from './change.ts';
import { countRows } from './count-rows.ts';
import {
  alertKey,
  emptyBatch,
  keep,
  noteInhibitor,
  place,
  tellGroups,
  toCommit,
  type FoldBatch,
} from './fold-batch.ts';
import { observePassages } from './metrics.ts';
import { BATCH, type StepContext } from './step.ts';

/** They are shown, and change nothing about who is told. */
const SILENT: ReadonlySet<string> = new Set(['overdue', 'stale']);

/** Ends snoozes, raises what fires for too long, marks what nobody acknowledged in time, and ages what nobody speaks of any more (BR-AP-024b). Returns whether there may be more. */
export async function ageStep(context: StepContext): Promise<boolean> {
  const now = context.now();
  const { ownership } = context;
  const due = await context.store.dueAlerts(now, BATCH, ownership.partitions());
  if (due.length === 0) return false;
  const settings = context.settings();
  const batch = emptyBatch([], new Map());
  const outcomes = due.flatMap((before) => ageInto(batch, before, settings, now));
  const what = JSON.stringify({ alerts: due.map((alert) => alertKey(alert.tenant, alert.fingerprint)) });
  await context.store.commit({
    ...toCommit(batch),
    fences: ownership.fences({ partitions: due.map(({ partition }) => partition) }),
    inputs: [{ step: 'age', now, revision: settings.revision, what }],
  });
  context.metrics.batches.inc({ step: 'age' });
  countRows(context.tally, batch, now);
  for (const outcome of outcomes) context.metrics.outcomes.inc({ outcome });
  observePassages(context.metrics, batch.passages);
  return due.length === BATCH;
}

/** Many are looked at too early, because signals do not move the time that is planned; those get their next one. */
function ageInto(batch: FoldBatch, before: Alert, settings: Settings, now: number): readonly string[] {
  const { alert, outcomes } = ageAlert(before, settings.lifecycle, now);
  let { decisions } = alert;
  for (const { kind, rule } of outcomes)
    decisions = decide(decisions, { stage: 'lifecycle', rule, outcome: kind }, now);
  const decided = { ...alert, decisions };
  noteInhibitor(batch, before, alert, settings);
  const { placed, isElsewhere } = place(batch, before, decided, settings);
  const told =
    isElsewhere || outcomes.some(({ kind }) => !SILENT.has(kind))
      ? tellGroups(batch, placed, settings, now)
      : placed;
  keep(batch, alertKey(alert.tenant, alert.fingerprint), planAge(told, settings.lifecycle, now));
  if (outcomes.length > 0) {
    batch.changes.push(alertChange(told, now));
    batch.passages.push({ before, after: told });
  }
  return outcomes.map(({ kind }) => kind);
}
