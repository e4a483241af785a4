import { ANNOUNCEMENTS } from '../model/announcement.ts';
import { APPROVAL_USES, type ApprovalUse } from '../model/approval.ts';
import { createMatcher } from '../model/create-matcher.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';
import type { RouteDraft } from '../model/route.ts';
import type { Report } from './report.ts';
import type { Written } from './schema.ts';
import { didYouMean } from './suggest.ts';
import type { PathPart } from './tree.ts';

/** What happens at the same time is told together. */
const TOGETHER_MS = 5_000;
/** Whoever was asked is reminded once, and not by repeats. */
const NEVER_MS = 365 * 86_400_000;

/**
 * The routes of incidents and approvals, which go before those that were written: whoever is named as a receiver hears of them whatever the
 * other routes say. Each incident and each approval is a group of its own, so that what is told of it is one thread.
 */
export function announcementRoutes(written: Written, report: Report): readonly RouteDraft[] {
  const { incidents, approvals } = written;
  const names = Object.keys(written.receivers);
  const check = (receiver: string, path: readonly PathPart[]): void => {
    if (names.includes(receiver)) return;
    const message = `there is no receiver ${report.quote(path, receiver)}`;
    report.error(path, { code: 'missing_reference', message, hint: didYouMean(receiver, names) });
  };
  const routes: RouteDraft[] = [];
  if (incidents.receiver !== undefined) {
    check(incidents.receiver, ['incidents', 'receiver']);
    routes.push(routeOf(incidents.receiver, 'incident', {}));
  }
  if (!approvals) return routes;
  const tell = (receiver: string, path: readonly PathPart[], labels: Record<string, string>): void => {
    check(receiver, path);
    routes.push({ ...routeOf(receiver, 'approval', labels), repeatIntervalMs: NEVER_MS });
  };
  const general = ['approvals', 'receiver'] as const;
  const pathOf = (use: ApprovalUse) => ['approvals', 'uses', use, 'receiver'] as const;
  for (const use of APPROVAL_USES) {
    const { receiver } = approvals.uses[use] ?? {};
    if (receiver !== undefined) tell(receiver, pathOf(use), { use });
  }
  if (approvals.receiver !== undefined) tell(approvals.receiver, general, {});
  const own = approvals.uses.intervene?.receiver;
  const asked = own ?? approvals.receiver;
  if (asked !== undefined)
    checkCircle(written, asked, own === undefined ? general : pathOf('intervene'), report);
  return routes;
}

function routeOf(
  receiver: string,
  kind: keyof typeof ANNOUNCEMENTS,
  labels: Readonly<Record<string, string>>,
): RouteDraft {
  const wanted = { alertname: ANNOUNCEMENTS[kind], source: OWN_INTEGRATION, ...labels };
  return {
    receiver,
    matchers: Object.entries(wanted).map(([name, value]) => createMatcher(name, '=', value)),
    continue: false,
    groupBy: [kind],
    groupWaitMs: 0,
    groupIntervalMs: TOGETHER_MS,
    routes: [],
  };
}

/** A dead letter that asks by itself, over the very integration that has just failed, would be the next dead letter, and so on. */
function checkCircle(
  { receivers, approvals, integrations }: Written,
  receiver: string,
  path: readonly PathPart[],
  report: Report,
): void {
  const reached = new Set((receivers[receiver] ?? []).map(({ integration }) => integration));
  for (const id of reached) for (const next of [integrations[id]?.fallback ?? []].flat()) reached.add(next);
  const failing = approvals?.intervene.find((id) => reached.has(id));
  if (failing === undefined) return;
  const message = `this receiver tells over ${report.quote(path, failing)}, whose dead letters ask by themselves (approvals.intervene): each question would ask the next`;
  report.error(path, {
    code: 'wrong_value',
    message,
    hint: 'name a receiver that gets there by another integration',
  });
}
