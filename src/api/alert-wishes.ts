import { cleanText, Type, type Static } from '@signalbox/sdk';
import type { AlertAction } from '../model/alert-command.ts';
import { parseDuration } from '../settings/quantity.ts';
import { Problem } from './problem.ts';

const MAX_NAME_LENGTH = 128;
export const USER_HEADER = 'x-signalbox-user';
export const IDEMPOTENCY_HEADER = 'idempotency-key';

/** What every action takes. */
export const wishFields = {
  by: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: MAX_NAME_LENGTH,
      description:
        'Who asks; otherwise the header `X-Signalbox-User`. Recorded as claimed: the hub does not prove it yet.',
      examples: ['ada'],
    }),
  ),
  comment: Type.Optional(
    Type.String({ minLength: 1, maxLength: 4_000, description: 'Kept with the alert; the newest 50 are.' }),
  ),
};

export const assigneeField = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: MAX_NAME_LENGTH,
    description: 'Who takes care of it. Left out: nobody any more.',
    examples: ['grace'],
  }),
);

/** One of the two says how long a snooze is. */
export const snoozeFields = {
  until: Type.Optional(
    Type.String({ format: 'date-time', description: 'When the snooze ends, at most 30 days ahead.' }),
  ),
  for: Type.Optional(
    Type.String({ maxLength: 64, description: 'How long instead, e.g. `2h`.', examples: ['2h'] }),
  ),
};

const anyWish = Type.Object({ ...wishFields, assignee: assigneeField, ...snoozeFields });
export type AnyWish = Static<typeof anyWish>;

/** The action with what it needs; a snooze needs its end. */
export function actionOf(kind: AlertAction['kind'], wish: AnyWish, now: number): AlertAction {
  switch (kind) {
    case 'assign':
      return { kind, ...(wish.assignee !== undefined && { assignee: cleanText(wish.assignee) }) };
    case 'snooze':
      return { kind, until: untilOf(wish, now) };
    case 'comment':
      if (wish.comment === undefined)
        throw new Problem('invalid_body', 'A comment needs its text.', { field: 'comment' });
      return { kind };
    default:
      return { kind };
  }
}

/** Who asks and what they remark, without characters that would garble a terminal. */
export function remarkOf(
  wish: Pick<AnyWish, 'by' | 'comment'>,
  header: string | readonly string[] | undefined,
): { readonly by?: string; readonly comment?: string } {
  const named = cleanText(wish.by ?? (typeof header === 'string' ? header : '')).trim();
  const by = named.slice(0, MAX_NAME_LENGTH);
  return {
    ...(by !== '' && { by }),
    ...(wish.comment !== undefined && { comment: cleanText(wish.comment) }),
  };
}

function untilOf(wish: AnyWish, now: number): number {
  if ((wish.until === undefined) === (wish.for === undefined))
    throw new Problem('invalid_body', 'A snooze takes either “until” or “for”.', { field: 'until' });
  if (wish.until !== undefined) return Date.parse(wish.until);
  const lengthMs = parseDuration(wish.for!);
  if (lengthMs === undefined || lengthMs === 0)
    throw new Problem('invalid_body', '“for” is a duration above zero such as 30m, 2h or 1d.', {
      field: 'for',
    });
  return now + lengthMs;
}
