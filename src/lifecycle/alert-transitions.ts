import type { Alert } from '../model/alert.ts';
import type { AlertAction, AlertCommand, CommandOutcome } from '../model/alert-command.ts';
import { MAX_COMMENTS, type Comment, type Lifecycle, type LifecycleState } from '../model/lifecycle.ts';

/**
 * Where each action leads from each state; what stands nowhere is refused. The one table of the alert's lifecycle (design §2.9): people's
 * commands come through `applyToAlert`, what fold finds through `beginEpisode` and `confirmEnd`, what time does through `age-alert.ts`.
 */
const TRANSITIONS: Readonly<
  Record<AlertAction['kind'] | 'fire', Partial<Record<LifecycleState, LifecycleState>>>
> = {
  acknowledge: { open: 'acknowledged', acknowledged: 'acknowledged' },
  unacknowledge: { open: 'open', acknowledged: 'open' },
  assign: { open: 'open', acknowledged: 'acknowledged', closed: 'closed' },
  snooze: { open: 'open', acknowledged: 'acknowledged' },
  unsnooze: { open: 'open', acknowledged: 'acknowledged', closed: 'closed' },
  resolve: { open: 'open', acknowledged: 'acknowledged', closed: 'closed' },
  close: { open: 'closed', acknowledged: 'closed', closed: 'closed' },
  reopen: { open: 'open', acknowledged: 'acknowledged', closed: 'open' },
  comment: { open: 'open', acknowledged: 'acknowledged', closed: 'closed' },
  fire: { open: 'open', acknowledged: 'open', closed: 'open' },
};

/** Longer than this nobody looks away by a snooze; a silence or a maintenance window says so in the open. */
export const MAX_SNOOZE_MS = 30 * 86_400_000;

export const UNTOUCHED: Lifecycle = { state: 'open', at: 0, comments: [] };

export interface Applied {
  readonly alert: Alert;
  readonly outcome: CommandOutcome;
  /** It began or ceased to fire, or is heard again: its groups have to look. */
  readonly wakes: boolean;
}

/** What the owner of the alert knows beside it. */
export interface ApplyContext {
  /** Of the command; a comment carries it. */
  readonly id: string;
  readonly now: number;
  /** An alert that fires again by `reopen` resolves after this, unless its source speaks. */
  readonly resolveAfterMs?: number | undefined;
}

/** Applies what a person asked for. Pure. */
export function applyToAlert(alert: Alert, command: AlertCommand, context: ApplyContext): Applied {
  const { action } = command;
  const before = alert.lifecycle ?? UNTOUCHED;
  const state = TRANSITIONS[action.kind][before.state];
  const refused =
    state === undefined ? `is ${before.state}; reopen it first` : refusalOf(alert, action, context.now);
  if (state === undefined || refused !== undefined) return refuse(alert, `The alert ${refused}.`);

  const entered = state === before.state ? before : enter(before, state, command.by, context.now);
  const acted = act({ ...alert, lifecycle: entered }, command, context);
  const changed = acted.lifecycle !== before || acted.status !== alert.status;
  const after = comment(acted, command, context);
  return {
    alert: changed || after !== acted ? after : alert,
    outcome: { ok: true, changed: changed || after !== acted },
    wakes: changed && (acted.status !== alert.status || WAKING.has(action.kind)),
  };
}

/** They end what held an alert back; what is due is told at the group's next tick. */
const WAKING: ReadonlySet<AlertAction['kind']> = new Set(['unacknowledge', 'unsnooze']);

/** A new episode is nobody's concern yet: acknowledgement, escalation and age end. Who it is assigned to, a snooze and comments stay. */
export function beginEpisode(lifecycle: Lifecycle | undefined, now: number): Lifecycle | undefined {
  if (!lifecycle) return undefined;
  const state = TRANSITIONS.fire[lifecycle.state]!;
  const { assignee, snooze, comments } = lifecycle;
  return {
    state,
    at: state === lifecycle.state ? lifecycle.at : now,
    comments,
    ...(assignee !== undefined && { assignee }),
    ...(snooze && snooze.until > now && { snooze }),
  };
}

/** The source says as well that it is over: nothing is left to reopen into. */
export function confirmEnd(lifecycle: Lifecycle | undefined): Lifecycle | undefined {
  if (lifecycle?.endedBy === undefined) return lifecycle;
  const { endedBy: _, ...rest } = lifecycle;
  return rest;
}

/** It was heard of: it is not stale any more. */
export function hear(lifecycle: Lifecycle | undefined): Lifecycle | undefined {
  if (lifecycle?.staleSince === undefined) return lifecycle;
  const { staleSince: _, ...rest } = lifecycle;
  return rest;
}

/** Whether the source only goes on about an occurrence that a person has closed. A later start is another one. */
export function isClosedOccurrence({ lifecycle, startsAt: knownStart }: Alert, startsAt: number): boolean {
  return lifecycle?.state === 'closed' && lifecycle.endedBy === 'person' && startsAt <= knownStart;
}

function refusalOf(alert: Alert, action: AlertAction, now: number): string | undefined {
  switch (action.kind) {
    case 'acknowledge':
      return alert.status === 'resolved' ? 'is resolved: there is nothing to acknowledge' : undefined;
    case 'snooze':
      if (action.until <= now) return 'can only be snoozed until a time that is still to come';
      return action.until - now > MAX_SNOOZE_MS ? 'can be snoozed for 30 days at most' : undefined;
    case 'reopen': {
      const { state, endedBy } = alert.lifecycle ?? UNTOUCHED;
      return state === 'closed' || endedBy !== undefined
        ? undefined
        : 'was neither closed nor resolved by hand, so there is nothing to reopen';
    }
    default:
      return undefined;
  }
}

function enter(before: Lifecycle, state: LifecycleState, by: string | undefined, now: number): Lifecycle {
  const { by: _, overdueSince: __, ...rest } = before;
  const isFirst = state === 'acknowledged' && before.acknowledgedAt === undefined;
  return {
    ...rest,
    state,
    at: now,
    ...(by !== undefined && { by }),
    ...(isFirst && { acknowledgedAt: now }),
  };
}

/** What an action does beside the state. */
function act(
  alert: Alert & { readonly lifecycle: Lifecycle },
  { action, by }: AlertCommand,
  { now, resolveAfterMs }: ApplyContext,
): Alert & { readonly lifecycle: Lifecycle } {
  const { lifecycle } = alert;
  switch (action.kind) {
    case 'assign':
      return action.assignee === lifecycle.assignee ? alert : assign(alert, action.assignee);
    case 'snooze': {
      if (lifecycle.snooze?.until === action.until) return alert;
      const snooze = { until: action.until, at: now, ...(by !== undefined && { by }) };
      return { ...alert, lifecycle: { ...lifecycle, snooze } };
    }
    case 'unsnooze':
      return lifecycle.snooze ? { ...alert, lifecycle: endSnooze(lifecycle, now) } : alert;
    case 'close':
    case 'resolve':
      return alert.status === 'resolved' ? alert : end(alert, 'person', now);
    case 'reopen':
      return lifecycle.endedBy === undefined ? alert : fireAgain(alert, now, resolveAfterMs);
    default:
      return alert;
  }
}

function assign<A extends Alert & { readonly lifecycle: Lifecycle }>(
  alert: A,
  assignee: string | undefined,
): A {
  const { assignee: _, ...rest } = alert.lifecycle;
  return { ...alert, lifecycle: assignee === undefined ? rest : { ...rest, assignee } };
}

/** What was held is told again, also to those who were told before the snooze. */
export function endSnooze({ snooze: _, ...lifecycle }: Lifecycle, now: number): Lifecycle {
  return { ...lifecycle, renewed: { at: now, why: 'snooze_ended' } };
}

/** Resolves an alert in the place of its source. */
export function end<A extends Alert>(
  alert: A,
  endedBy: NonNullable<Lifecycle['endedBy']>,
  now: number,
): A & { readonly lifecycle: Lifecycle } {
  const { dueAt: _, ...rest } = alert;
  return {
    ...(rest as A),
    status: 'resolved',
    endsAt: now,
    changedAt: now,
    lifecycle: { ...(alert.lifecycle ?? UNTOUCHED), endedBy },
  };
}

/** The same episode goes on: it was ended too early. */
function fireAgain<A extends Alert & { readonly lifecycle: Lifecycle }>(
  alert: A,
  now: number,
  resolveAfterMs: number | undefined,
): A {
  const { endsAt: _, ...rest } = alert;
  const { endedBy: __, staleSince: ___, ...lifecycle } = alert.lifecycle;
  return {
    ...(rest as A),
    status: 'firing',
    changedAt: now,
    // Age counts anew, or what is stale would be resolved again at once.
    lastSeenAt: now,
    ...(resolveAfterMs !== undefined && { endsAt: now + resolveAfterMs }),
    lifecycle,
  };
}

function comment<A extends Alert & { readonly lifecycle: Lifecycle }>(
  alert: A,
  { comment: text, by }: AlertCommand,
  { id, now }: ApplyContext,
): A {
  const { lifecycle } = alert;
  if (text === undefined || lifecycle.comments.some((known) => known.id === id)) return alert;
  const added: Comment = { id, at: now, text, ...(by !== undefined && { by }) };
  const comments = [...lifecycle.comments, added].slice(-MAX_COMMENTS);
  return { ...alert, lifecycle: { ...lifecycle, comments } };
}

function refuse(alert: Alert, detail: string): Applied {
  return { alert, outcome: { ok: false, code: 'conflict', detail }, wakes: false };
}
