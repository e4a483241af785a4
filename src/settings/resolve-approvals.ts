import { APPROVAL_USES } from '../model/approval.ts';
import type { Gate } from '../model/promotion.ts';
import type { ApprovalSettings } from '../model/approval-settings.ts';
import { parseDuration } from './quantity.ts';
import type { Report } from './report.ts';
import type { Written } from './schema.ts';
import { didYouMean } from './suggest.ts';

export function resolveApprovals(
  written: NonNullable<Written['approvals']>,
  known: readonly string[],
  report: Report,
): ApprovalSettings {
  for (const key of ['redrive', 'intervene'] as const) {
    written[key].forEach((id, index) => {
      if (known.includes(id)) return;
      const path = ['approvals', key, index];
      const message = `there is no integration ${report.quote(path, id)}`;
      report.error(path, { code: 'missing_reference', message, hint: didYouMean(id, known) });
    });
  }
  const deadlineMs = parseDuration(written.deadline)!;
  return {
    deadlineMs,
    onExpiry: written.on_expiry,
    fourEyes: written.four_eyes,
    redrive: written.redrive,
    intervene: written.intervene,
    roles: written.roles,
    gates: resolveGates(written, deadlineMs, report),
    telling: resolveTelling(written),
  };
}

/** By use: its own words, else those for all. Nobody is told where neither names a receiver. */
function resolveTelling({
  receiver,
  remind_before: before = '0s',
  uses,
}: NonNullable<Written['approvals']>): ApprovalSettings['telling'] {
  const each = APPROVAL_USES.map((use) => {
    const told = uses[use]?.receiver ?? receiver;
    const remindBeforeMs = parseDuration(uses[use]?.remind_before ?? before)!;
    return [use, told === undefined ? undefined : { receiver: told, remindBeforeMs }] as const;
  });
  return Object.fromEntries(each.filter(([, telling]) => telling !== undefined));
}

function resolveGates(
  { promotions, roles }: NonNullable<Written['approvals']>,
  deadlineMs: number,
  report: Report,
): readonly Gate[] {
  const known = Object.keys(roles);
  const check = (role: string, path: readonly (string | number)[]): void => {
    if (known.includes(role)) return;
    const message = `there is no role ${report.quote(path, role)} in approvals.roles`;
    report.error(path, { code: 'missing_reference', message, hint: didYouMean(role, known) });
  };
  return promotions.map(({ from, to, requested_by: requestedBy, needs, deadline }, index) => {
    const path = ['approvals', 'promotions', index];
    requestedBy.forEach((role, place) => check(role, [...path, 'requested_by', place]));
    Object.keys(needs).forEach((role) => check(role, [...path, 'needs', role]));
    return {
      from,
      to,
      ...(requestedBy.length === 0 ? {} : { requestedBy }),
      approvals: Object.entries(needs).map(([role, count]) => ({ role, count })),
      expiresAfterMs: deadline === undefined ? deadlineMs : parseDuration(deadline)!,
    };
  });
}
