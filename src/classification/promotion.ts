import type { Gate, Person, Promotion, PromotionState } from '../model/promotion.ts';

export type PromotionCommand =
  | { readonly kind: 'approve'; readonly by: Person; readonly role: string }
  | { readonly kind: 'reject'; readonly by: Person; readonly role: string; readonly reason: string }
  | { readonly kind: 'withdraw'; readonly by: Person }
  /** The namespace was moved; `environment` is what it is classified as at this moment. */
  | { readonly kind: 'promote'; readonly by: Person; readonly environment: string }
  | { readonly kind: 'expire' };

/** Why nothing changed. `code` is stable, `message` is for people. */
export interface Refusal {
  readonly code:
    | 'no_gate'
    | 'wrong_environment'
    | 'not_allowed'
    | 'own_request'
    | 'approved_already'
    | 'role_not_needed'
    | 'wrong_state'
    | 'expired'
    | 'not_expired';
  readonly message: string;
}

export type PromotionResult =
  | { readonly ok: true; readonly promotion: Promotion }
  | { readonly ok: false; readonly refusal: Refusal };

/** Which command is possible in which state. What does not stand here is refused; closed promotions stay closed. */
const TRANSITIONS: Readonly<Record<PromotionState, readonly PromotionCommand['kind'][]>> = {
  requested: ['approve', 'reject', 'withdraw', 'expire'],
  approved: ['promote', 'reject', 'withdraw', 'expire'],
  promoted: [],
  rejected: [],
  withdrawn: [],
  expired: [],
};

/**
 * Opens a promotion. Refused when no gate leads from the environment that the namespace is classified as to the one that is asked for:
 * nobody skips an environment, and nothing unclear is promoted as if it were clear.
 */
export function requestPromotion(
  gates: readonly Gate[],
  request: {
    readonly id: string;
    readonly namespace: string;
    readonly environment: string;
    readonly to: string;
    readonly by: Person;
  },
  now: number,
): PromotionResult {
  const { id, namespace, environment, to, by } = request;
  const gate = gates.find((one) => one.from === environment && one.to === to);
  if (!gate) {
    const ways = gates.filter(({ from }) => from === environment).map((one) => one.to);
    const hint = ways.length > 0 ? `; from there it can go to ${ways.join(', ')}` : '';
    return refuse('no_gate', `${namespace} can’t go from ${environment} to ${to}${hint}`);
  }
  if (gate.requestedBy && !hasAny(by, gate.requestedBy)) {
    return refuse('not_allowed', `to ask for ${to} takes one of the roles ${gate.requestedBy.join(', ')}`);
  }
  const state = gate.approvals.every(({ count }) => count === 0) ? 'approved' : 'requested';
  return accept({ id, namespace, gate, state, requestedBy: by.id, requestedAt: now, approvals: [] });
}

/** Applies one command. What is refused changes nothing and says why. */
export function advancePromotion(
  promotion: Promotion,
  command: PromotionCommand,
  now: number,
): PromotionResult {
  const { state, gate, requestedAt } = promotion;
  if (!TRANSITIONS[state].includes(command.kind)) {
    return refuse('wrong_state', `a promotion that is ${state} takes no "${command.kind}"`);
  }
  const isOver = now >= requestedAt + gate.expiresAfterMs;
  if (command.kind === 'expire') {
    if (!isOver) return refuse('not_expired', 'the promotion still stands open');
    return accept({ ...promotion, state: 'expired', closed: { by: 'clock', at: now } });
  }
  if (isOver) return refuse('expired', 'the promotion stood open for too long; ask again');
  switch (command.kind) {
    case 'approve':
      return approve(promotion, command, now);
    case 'reject':
      if (!isNeeded(promotion, command.role) || !command.by.roles.includes(command.role)) {
        return refuse('not_allowed', `to reject takes one of the roles that approve: ${rolesOf(gate)}`);
      }
      return accept({
        ...promotion,
        state: 'rejected',
        closed: { by: command.by.id, at: now, reason: command.reason },
      });
    case 'withdraw':
      if (command.by.id !== promotion.requestedBy) {
        return refuse('not_allowed', 'only who asked for a promotion can withdraw it');
      }
      return accept({ ...promotion, state: 'withdrawn', closed: { by: command.by.id, at: now } });
    case 'promote':
      if (command.environment !== gate.from) {
        const message = `the namespace is ${command.environment} by now, and the approvals are for ${gate.from}`;
        return refuse('wrong_environment', message);
      }
      return accept({ ...promotion, state: 'promoted', closed: { by: command.by.id, at: now } });
  }
}

/** Nobody approves an own request, nobody approves twice, and each approval stands for one role that the person has. */
function approve(
  promotion: Promotion,
  { by, role }: Extract<PromotionCommand, { kind: 'approve' }>,
  now: number,
): PromotionResult {
  if (by.id === promotion.requestedBy) return refuse('own_request', 'nobody approves an own request');
  if (promotion.approvals.some((approval) => approval.by === by.id)) {
    return refuse('approved_already', 'one person approves only once');
  }
  if (!isNeeded(promotion, role)) {
    return refuse('role_not_needed', `this takes approvals of ${rolesOf(promotion.gate)}, not of ${role}`);
  }
  if (!by.roles.includes(role)) return refuse('not_allowed', `to approve takes the role ${role}`);
  const approvals = [...promotion.approvals, { by: by.id, role, at: now }];
  const isComplete = missingApprovals({ ...promotion, approvals }).length === 0;
  return accept({ ...promotion, approvals, state: isComplete ? 'approved' : 'requested' });
}

/** What still has to be approved, by role; empty when all is. */
export function missingApprovals({
  gate,
  approvals,
}: Pick<Promotion, 'gate' | 'approvals'>): readonly { readonly role: string; readonly count: number }[] {
  return gate.approvals
    .map(({ role, count }) => ({ role, count: count - approvals.filter((one) => one.role === role).length }))
    .filter(({ count }) => count > 0);
}

function isNeeded({ gate }: Promotion, role: string): boolean {
  return gate.approvals.some((approval) => approval.role === role);
}

function rolesOf({ approvals }: Gate): string {
  return approvals.map(({ role, count }) => `${count} × ${role}`).join(', ');
}

function hasAny({ roles }: Person, wanted: readonly string[]): boolean {
  return roles.some((role) => wanted.includes(role));
}

function accept(promotion: Promotion): PromotionResult {
  return { ok: true, promotion };
}

function refuse(code: Refusal['code'], message: string): PromotionResult {
  return { ok: false, refusal: { code, message } };
}
