import { planAge } from '../lifecycle/age-alert.ts';
import { isAnalysis, noteAnalysis } from '../analysis/note-analysis.ts';
import { applyToAlert, type Applied } from '../lifecycle/alert-transitions.ts';
import type { AlertCommand, CommandOutcome } from '../model/alert-command.ts';
import { decide } from '../model/decision.ts';
import type { Made } from '../model/prepared.ts';
import type { CommandBody } from '../model/record.ts';
import type { Settings } from '../model/settings.ts';
import { alertChange } from './change.ts';
import { alertKey, claimKey, keep, noteInhibitor, place, tellGroups, type FoldBatch } from './fold-batch.ts';

/** How long the same idempotency key means the same command. */
const CLAIM_MS = 86_400_000;

/**
 * Applies a command of a person, or what a machine has to say, to its alert, in its turn among what sources say, and leaves with its receipt what came of it. Everybody who may
 * look learns of the change: groups, the live stream, the alert's decisions, the recorded inputs.
 */
export function foldCommand(
  batch: FoldBatch,
  { meta, command }: CommandBody,
  partition: number,
  settings: Settings,
  now: number,
): void {
  const claim = claimKey(meta);
  const claimedBy = claim === undefined ? undefined : batch.claims.get(claim);
  const original = claimedBy && claimedBy.signal !== meta.signal ? claimedBy.signal : undefined;
  const outcome =
    original === undefined ? apply(batch, meta.signal, command, partition, settings, now) : undefined;
  if (claim !== undefined && claimedBy === undefined) {
    batch.claims.set(claim, { signal: meta.signal });
    batch.claimed.push({ key: claim, signal: meta.signal, expiresAt: now + CLAIM_MS });
  }
  batch.receipts.push({
    signal: meta.signal,
    integration: meta.integration,
    receivedAt: Date.parse(meta.receivedAt),
    processedAt: now,
    status: 'processed',
    parts: 1,
    partsDone: 1,
    alerts: [command.fingerprint],
    ...(outcome && { outcome }),
    ...(original !== undefined && { duplicateOf: original }),
  });
  batch.inputs.push({
    step: 'command',
    now,
    revision: settings.revision,
    what: JSON.stringify({ id: meta.signal, request: meta.requestId, command, outcome }),
  });
}

function apply(
  batch: FoldBatch,
  id: string,
  command: CommandBody['command'],
  partition: number,
  settings: Settings,
  now: number,
): CommandOutcome {
  const key = alertKey(command.tenant, command.fingerprint);
  const before = batch.alerts.get(key);
  if (!before) return { ok: false, code: 'not_found', detail: 'The alert is no longer kept.' };
  if (before.partition !== partition) {
    // Only the owner of the alert's partition writes it, and that is not who reads this record.
    return {
      ok: false,
      code: 'conflict',
      detail: 'The alert has moved to another partition in the meantime. Ask again.',
    };
  }
  const resolveAfterMs = settings.integrations[before.integration]?.endpoint?.resolveAfterMs;
  const { alert, outcome, wakes, made } = isAnalysis(command)
    ? noteAnalysis(before, command.action)
    : byPerson(applyToAlert(before, command, { id, now, resolveAfterMs }), command);
  const decided = { ...alert, decisions: decide(alert.decisions, made, now) };
  noteInhibitor(batch, before, alert, settings);
  const { placed, isElsewhere } = place(batch, before, decided, settings);
  const told = wakes || isElsewhere ? tellGroups(batch, placed, settings, now) : placed;
  keep(batch, key, planAge(told, settings.lifecycle, now));
  if (outcome.ok && outcome.changed) {
    batch.changes.push(alertChange(told, now));
    batch.passages.push({ before, after: told });
  }
  return outcome;
}

function byPerson(applied: Applied, command: AlertCommand): Applied & { readonly made: Made } {
  const outcome = describe(command, applied.outcome);
  return { ...applied, made: { stage: 'lifecycle', rule: command.action.kind, outcome } };
}

/** `until 2026-03-01T10:00:00.000Z, by ada`; what was refused says why. */
function describe({ action, by = 'somebody' }: AlertCommand, outcome: CommandOutcome): string {
  if (!outcome.ok) return `refused: ${outcome.detail}`;
  const what =
    action.kind === 'snooze'
      ? `until ${new Date(action.until).toISOString()}, `
      : action.kind === 'assign'
        ? `to ${action.assignee ?? 'nobody'}, `
        : '';
  return `${what}by ${by}${outcome.changed ? '' : ', as it was'}`;
}
