import type { Alert } from '../model/alert.ts';
import { acknowledgeBy } from '../model/assessment.ts';
import type { Escalation } from '../model/lifecycle.ts';
import { matches } from '../model/matcher.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';
import type { EscalateRule, LifecycleSettings } from '../model/settings.ts';
import { priorityOf, urgent } from '../model/severity.ts';
import { end, endSnooze, UNTOUCHED } from './alert-transitions.ts';

/** What time did to an alert; the words appear in its decisions. */
export interface Aged {
  readonly alert: Alert;
  readonly outcomes: readonly AgeOutcome[];
}

export interface AgeOutcome {
  readonly kind: 'snooze_ended' | 'raised' | 'overdue' | 'stale' | 'resolved_by_age';
  /** The setting or the rule that says so. */
  readonly rule: string;
}

/** Does to a firing alert what is due at `now`: a snooze ends, its duration raises it, it is overdue or stale, or it is old enough to be resolved. Pure. */
export function ageAlert(alert: Alert, settings: LifecycleSettings, now: number): Aged {
  if (alert.status !== 'firing') return { alert, outcomes: [] };
  const outcomes: AgeOutcome[] = [];
  let aged = alert;
  const { snooze } = aged.lifecycle ?? UNTOUCHED;
  if (snooze && snooze.until <= now) {
    aged = { ...aged, lifecycle: endSnooze(aged.lifecycle!, now) };
    outcomes.push({ kind: 'snooze_ended', rule: 'snooze' });
  }
  const due = raisingRules(aged, settings).findLast(({ at }) => at <= now);
  if (due) {
    aged = raise(aged, due, now);
    outcomes.push({ kind: 'raised', rule: `lifecycle.escalate ${due.number}` });
  }
  const overdue = overdueAt(aged);
  if (isOver(overdue, now)) {
    aged = { ...aged, lifecycle: { ...(aged.lifecycle ?? UNTOUCHED), overdueSince: overdue! } };
    outcomes.push({ kind: 'overdue', rule: `priority.procedures ${aged.facts!.assessment!.level}` });
  }
  if (isOver(staleAt(aged, settings), now)) {
    aged = { ...aged, lifecycle: { ...(aged.lifecycle ?? UNTOUCHED), staleSince: now } };
    outcomes.push({ kind: 'stale', rule: 'lifecycle.stale_after' });
  }
  if (isOver(resolvedByAgeAt(aged, settings), now)) {
    aged = end(aged, 'age', now);
    outcomes.push({ kind: 'resolved_by_age', rule: 'lifecycle.resolve_stale_after' });
  }
  return { alert: aged, outcomes };
}

/**
 * Gives an alert the time at which it is looked at next. A look that comes too early costs less than moving it with every signal, so an
 * earlier one that is still to come stays.
 */
export function planAge(alert: Alert, settings: LifecycleSettings, now: number): Alert {
  const { dueAt: planned, ...rest } = alert;
  if (alert.status !== 'firing') return planned === undefined ? alert : rest;
  const next = nextAgeAt(alert, settings);
  const dueAt = planned !== undefined && planned > now && planned < next ? planned : next;
  if (dueAt === planned) return alert;
  return dueAt === Infinity ? rest : { ...rest, dueAt };
}

/** When something happens to the alert by itself; Infinity when nothing does. */
function nextAgeAt(alert: Alert, settings: LifecycleSettings): number {
  return Math.min(
    alert.lifecycle?.snooze?.until ?? Infinity,
    ...raisingRules(alert, settings).map(({ at }) => at),
    overdueAt(alert) ?? Infinity,
    staleAt(alert, settings) ?? Infinity,
    resolvedByAgeAt(alert, settings) ?? Infinity,
  );
}

/** What time will do to a firing alert and when, unless something comes before it; for people who ask. */
export function plannedAges(
  alert: Alert,
  settings: LifecycleSettings,
): readonly { readonly at: number; readonly what: string }[] {
  const overdueTime = overdueAt(alert);
  const staleTime = staleAt(alert, settings);
  const endTime = resolvedByAgeAt(alert, settings);
  return [
    ...raisingRules(alert, settings).map(({ at, number, rule }) => ({
      at,
      what: `raised to ${rule.severity ?? rule.priority} by lifecycle.escalate ${number}, unless it has resolved`,
    })),
    ...(overdueTime === undefined
      ? []
      : [
          {
            at: overdueTime,
            what: `overdue as ${alert.facts!.assessment!.level}, unless it is acknowledged`,
          },
        ]),
    ...(staleTime === undefined ? [] : [{ at: staleTime, what: 'counts as stale unless it is heard of' }]),
    ...(endTime === undefined ? [] : [{ at: endTime, what: 'resolved by its age unless it is heard of' }]),
  ];
}

interface RaisingRule {
  /** From 1, as people count. */
  readonly number: number;
  readonly rule: EscalateRule;
  readonly at: number;
}

/** Rules that would still raise the alert, the earliest first. */
function raisingRules(alert: Alert, { escalate }: LifecycleSettings): readonly RaisingRule[] {
  if (escalate.length === 0) return [];
  const done = alert.lifecycle?.escalation;
  const doneAfter = done === undefined ? -1 : (escalate[done.rule - 1]?.afterMs ?? -1);
  return escalate
    .map((rule, index) => ({ number: index + 1, rule, at: alert.startsAt + rule.afterMs }))
    .filter(({ rule, number }) => rule.afterMs > doneAfter && number !== done?.rule)
    .filter(({ rule }) => matches(rule.matchers, alert.labels) && isHigher(rule, alert))
    .toSorted((left, right) => left.at - right.at);
}

/** A rule never lowers: an alert that is as urgent already is left alone. */
function isHigher({ severity, priority }: EscalateRule, alert: Alert): boolean {
  const to = priority ?? (severity === undefined ? alert.priority : priorityOf(severity));
  if (to !== alert.priority) return urgent(to, alert.priority) === to;
  return priority === undefined && severity !== undefined && severity !== alert.severity;
}

function raise(alert: Alert, { number, rule }: RaisingRule, now: number): Alert {
  const { severity, priority = severity === undefined ? undefined : priorityOf(severity) } = rule;
  const escalation: Escalation = {
    rule: number,
    at: now,
    ...(severity !== undefined && { severity }),
    ...(priority !== undefined && { priority }),
  };
  const lifecycle = {
    ...(alert.lifecycle ?? UNTOUCHED),
    escalation,
    renewed: { at: now, why: 'raised' as const },
  };
  return keepRaised({ ...alert, lifecycle });
}

/** What its source says anew does not undo what its duration has raised. */
export function keepRaised(alert: Alert): Alert {
  const { severity, priority } = alert.lifecycle?.escalation ?? {};
  if (priority === undefined || urgent(priority, alert.priority) !== priority) return alert;
  return { ...alert, priority, ...(severity !== undefined && { severity }) };
}

/** The hub's own alerts are heard of once and watched by the hub itself. */
function canAge({ integration }: Alert): boolean {
  return integration !== OWN_INTEGRATION;
}

function staleAt(alert: Alert, { staleAfterMs }: LifecycleSettings): number | undefined {
  if (staleAfterMs === 0 || !canAge(alert) || alert.lifecycle?.staleSince !== undefined) return undefined;
  return alert.lastSeenAt + staleAfterMs;
}

function resolvedByAgeAt(alert: Alert, { resolveStaleAfterMs }: LifecycleSettings): number | undefined {
  if (resolveStaleAfterMs === 0 || !canAge(alert)) return undefined;
  return alert.lastSeenAt + resolveStaleAfterMs;
}

/** When nobody has acknowledged it in the time that its level gives. Whoever snoozes it has until the snooze ends. */
function overdueAt({ facts, lifecycle = UNTOUCHED }: Alert): number | undefined {
  if (lifecycle.state !== 'open' || lifecycle.overdueSince !== undefined) return undefined;
  const by = acknowledgeBy(facts?.assessment, lifecycle.at);
  return by === Infinity ? undefined : Math.max(by, lifecycle.snooze?.until ?? 0);
}

function isOver(at: number | undefined, now: number): boolean {
  return at !== undefined && at <= now;
}
