import { errorText } from '../lib/error-text.ts';
import type { Logger } from '../lib/log.ts';
import type { Approval, ApprovalDraft } from '../model/approval.ts';
import type { ApprovalCommand, CommandResult } from '../model/command.ts';
import type { Settings } from '../model/settings.ts';
import { approvalChange } from '../pipeline/change.ts';
import { StaleApproval, StaleRun, StoreUnavailable, type Commit, type Store } from '../store/port.ts';
import { refuseRun } from '../workflows/grant-run.ts';
import { carryOut, type ActionContext } from './carry-out.ts';
import { askToExceed } from './limits-question.ts';
import { answerPromotion, askToPromote, type Decided } from './promotion-question.ts';
import { askToRedrive, type Letter } from './redrive-question.ts';
import type { ApprovalMetrics } from './metrics.ts';
import { draftRequest, isRepeat, requestId, type Request } from './request-question.ts';
import { isUndone, openApproval, transition, type ApprovalEvent } from './transitions.ts';

export interface DeskContext extends ActionContext {
  readonly store: Store;
  settings(): Settings;
  now(): number;
  newId(): string;
  readonly metrics: ApprovalMetrics;
  readonly log: Logger;
}

/**
 * Where approvals are asked for, answered and carried out. Every node has one, and none of them owns an approval: whoever writes names the
 * version that was read, so an answer may reach any node, and of several that do the same at a time one succeeds.
 */
export interface ApprovalDesk {
  apply(command: ApprovalCommand): Promise<CommandResult>;
  /** Opens the question whether a dead letter may be tried again, or names the one that is open; undefined when it needs none. */
  askToRedrive(letter: Letter, by: string): Promise<CommandResult | undefined>;
  /** Expires what nobody answered and carries out what was granted. Returns whether something was committed. */
  tick(): Promise<boolean>;
  /** When a tick is worthwhile. */
  nextTickAt(): number;
}

const BATCH = 64;
/** More questions of other tools than nobody can answer are a tool gone wild. */
const MAX_REQUESTS = 1_000;
/** What other nodes wrote, and what a delivery asks by itself, is found after this long. */
const LOOK_AGAIN_MS = 5_000;

export function createApprovalDesk(context: DeskContext): ApprovalDesk {
  const { store, now, log } = context;
  let lookAt = 0;
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other, so that two people who ask the same at a time share one question. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  }

  /** Resolves with the deliveries that somebody else moved first. */
  async function write(approval: Approval, what: unknown, more: Commit = {}): Promise<readonly string[]> {
    const at = now();
    const refused = await refuseRun(store, approval, at);
    const { changes = [], ...rows } = refused ?? more;
    const { revision } = context.settings();
    const { lost } = await store.commit({
      ...rows,
      approvals: [approval],
      changes: [approvalChange(approval, at), ...changes],
      inputs: [{ step: 'command', now: at, revision, what: JSON.stringify(what) }],
    });
    lookAt = Math.min(lookAt, approval.dueAt ?? Infinity);
    context.metrics.written(approval);
    return lost;
  }

  /** The approval one event on, committed; undefined when the table refuses or somebody else was faster. */
  async function advance(approval: Approval, event: ApprovalEvent): Promise<Approval | undefined> {
    const next = transition(approval, event, now());
    if (!next.ok) return undefined;
    try {
      await write(next.approval, { approval: approval.id, event });
      return next.approval;
    } catch (error) {
      if (error instanceof StaleApproval) return undefined;
      throw error;
    }
  }

  async function ask(draft: ApprovalDraft): Promise<Approval> {
    const pending = await store.pendingApprovals(draft.subject);
    const open = pending.find(
      ({ tenant, action, deadlineAt }) =>
        tenant === draft.tenant && isSame(action, draft.action) && deadlineAt > now(),
    );
    if (open) return open;
    const approval = openApproval(draft, `a_${context.newId()}`, now());
    await write(approval, { approval: approval.id, draft });
    return approval;
  }

  async function answer(
    command: Extract<ApprovalCommand, { kind: 'answer_approval' }>,
  ): Promise<CommandResult> {
    const approval = await store.approval(command.id);
    if (!approval) return notFound(command.id);
    const event = eventOf(approval, command, context.settings(), now());
    if (!event.ok) return conflict(approval, event.detail);
    const next = transition(approval, event.value, now());
    if (!next.ok) return conflict(approval, next.detail);
    await write(next.approval, command);
    // Whoever approves sees what came of it; what fails here is tried again by the clock.
    await carryOutOne(next.approval).catch((error: unknown) =>
      log.warn('an approved action waits', { approval: approval.id, reason: errorText(error) }),
    );
    return { ok: true, id: approval.id };
  }

  async function finish(
    command: Extract<ApprovalCommand, { kind: 'finish_approval' }>,
  ): Promise<CommandResult> {
    const approval = await store.approval(command.id);
    if (!approval) return notFound(command.id);
    const { ok, detail } = command;
    const next = transition(approval, { kind: 'finish', ok, detail }, now());
    if (!next.ok) return conflict(approval, next.detail);
    await write(next.approval, command);
    return { ok: true, id: approval.id };
  }

  /** Commits the effect together with the approval, so that one never is without the other. */
  async function carryOutOne(approval: Approval): Promise<void> {
    if (!isUndone(approval)) return;
    const { event, rows, after } = await carryOut(context, approval);
    const next = transition(approval, event, now());
    if (!next.ok) return;
    const lost = await write(next.approval, { approval: approval.id, event }, rows);
    if (lost.length === 0) after?.();
    else log.warn('what was approved was dealt with at the same moment', { approval: approval.id, lost });
    if (event.kind === 'finish')
      log.info('an approved action was carried out', {
        approval: approval.id,
        ok: event.ok,
        detail: event.detail,
      });
  }

  async function goOn(approval: Approval): Promise<void> {
    const current = approval.state === 'pending' ? await advance(approval, { kind: 'expire' }) : approval;
    if (!current) return;
    try {
      await carryOutOne(current);
    } catch (error) {
      if (error instanceof StaleApproval || error instanceof StaleRun) return;
      if (error instanceof StoreUnavailable) throw error;
      // A bug in one action must not hold up the others, nor be tried for ever.
      log.error('an approved action failed', { approval: current.id, reason: errorText(error) });
      await advance(current, { kind: 'finish', ok: false, detail: errorText(error) });
    }
  }

  /** Opens the question, or names the one that is open; undefined when none is needed. */
  async function askAbout(letter: Letter, by: string): Promise<CommandResult | undefined> {
    const draft = askToRedrive(letter, by, context.settings(), now());
    if (!draft) return undefined;
    const { id, deadlineAt } = await ask(draft);
    const until = new Date(deadlineAt).toISOString();
    const detail = `This needs an approval. ${id} waits until ${until} for somebody to approve it.`;
    return { ok: false, code: 'approval_needed', detail, approval: id };
  }

  async function askAboutSignal(signal: string, by: string): Promise<CommandResult> {
    const row = await store.quarantined(signal);
    if (!row) return { ok: false, code: 'not_found', detail: `there is no quarantined signal ${signal}` };
    const { id, tenant, integration } = row;
    return (await askAbout({ kind: 'signal', id, tenant, integration }, by)) ?? { ok: true };
  }

  async function promote(
    command: Extract<ApprovalCommand, { kind: 'request_promotion' }>,
  ): Promise<CommandResult> {
    const { cluster, namespace } = command;
    const [record] = await store.namespaces([command]);
    if (record?.state !== 'active')
      return { ok: false, code: 'not_found', detail: `there is no namespace ${namespace} of ${cluster}` };
    const draft = askToPromote(command, record, context.newId(), context.settings(), now());
    if (!draft.ok) return { ok: false, code: 'conflict', detail: draft.detail };
    return { ok: true, id: (await ask(draft.value)).id };
  }

  /** Opens no question where the limits allow it. */
  async function exceed(
    command: Extract<ApprovalCommand, { kind: 'request_limits' }>,
  ): Promise<CommandResult> {
    const [record] = await store.namespaces([command]);
    const draft = askToExceed(command, record, context.settings(), now());
    return draft ? { ok: true, id: (await ask(draft)).id } : { ok: true };
  }

  /** Under a key that was used before it names what was asked then. */
  async function request(command: Request): Promise<CommandResult> {
    const draft = draftRequest(command, context.settings(), now());
    const id = requestId(command, context.newId);
    const known = command.idempotencyKey === undefined ? undefined : await store.approval(id);
    if (known && !isRepeat(known, draft))
      return conflict(known, 'was asked for under the same idempotency key in other words');
    if (known) return { ok: true, id };
    const open = await store.pendingApprovalCounts();
    if ((open.find(({ kind }) => kind === 'request')?.count ?? 0) >= MAX_REQUESTS) {
      const detail = `${MAX_REQUESTS} requests wait for an answer already; answer some, or ask with a shorter deadline`;
      return { ok: false, code: 'unavailable', detail };
    }
    try {
      await write(openApproval(draft, id, now()), command);
    } catch (error) {
      // Another node was asked under the same key at the same moment; now it is known.
      if (error instanceof StaleApproval) return request(command);
      throw error;
    }
    return { ok: true, id };
  }

  async function applyOnce(command: ApprovalCommand): Promise<CommandResult> {
    if (command.kind === 'request_promotion') return promote(command);
    if (command.kind === 'request_limits') return exceed(command);
    if (command.kind === 'request_approval') return request(command);
    if (command.kind === 'ask_redrive') return askAboutSignal(command.signal, command.by);
    try {
      return await (command.kind === 'answer_approval' ? answer(command) : finish(command));
    } catch (error) {
      if (!(error instanceof StaleApproval)) throw error;
      return {
        ok: false,
        code: 'conflict',
        detail: `approval ${command.id} was answered at the same moment`,
      };
    }
  }

  return {
    apply: (command) => inTurn(() => applyOnce(command)),
    askToRedrive: (letter, by) => inTurn(() => askAbout(letter, by)),
    tick: () =>
      inTurn(async () => {
        const startedAt = now();
        if (startedAt < lookAt) return false;
        const due = await store.dueApprovals(startedAt, BATCH);
        for (const approval of due) await goOn(approval);
        lookAt = Math.min(await store.nextApprovalDue(), startedAt + LOOK_AGAIN_MS);
        return due.length > 0;
      }),
    nextTickAt: () => lookAt,
  };
}

/** What an answer does to an approval, or why whoever gives it may not. */
function eventOf(
  { action, requestedBy }: Approval,
  command: Extract<ApprovalCommand, { kind: 'answer_approval' }>,
  settings: Settings,
  now: number,
): Decided<ApprovalEvent> {
  const { answer: kind, by, comment } = command;
  if (action?.kind === 'promote') return answerPromotion(action, command, settings, now);
  if (kind === 'approve' && by === requestedBy && (settings.approvals?.fourEyes ?? true)) {
    return {
      ok: false,
      detail: `was asked for by ${by}, and nobody approves what they asked for themselves`,
    };
  }
  return { ok: true, value: { kind, by, ...(comment === undefined ? {} : { comment }) } };
}

/** Whether two questions ask for the same; who has agreed to a promotion so far makes no difference. */
function isSame(left: Approval['action'], right: Approval['action']): boolean {
  if (left?.kind === 'promote' && right?.kind === 'promote')
    return left.promotion.gate.to === right.promotion.gate.to;
  return JSON.stringify(left) === JSON.stringify(right);
}

function notFound(id: string): CommandResult {
  return { ok: false, code: 'not_found', detail: `there is no approval ${id}` };
}

function conflict({ id }: Approval, detail: string): CommandResult {
  return { ok: false, code: 'conflict', detail: `approval ${id}: ${detail}` };
}
