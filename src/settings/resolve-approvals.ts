import type { ApprovalSettings } from '../model/settings.ts';
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
  return {
    deadlineMs: parseDuration(written.deadline)!,
    onExpiry: written.on_expiry,
    fourEyes: written.four_eyes,
    redrive: written.redrive,
    intervene: written.intervene,
  };
}
