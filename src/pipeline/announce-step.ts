import { announceWindow, noticeExpiry } from '../suppression/announcement.ts';
import { compileSilences } from '../suppression/silence-book.ts';
import { OWN_PARTITION } from './heartbeat.ts';
import { bringOwnAlerts } from './own-alerts.ts';
import type { StepContext } from './step.ts';

/** A window that was ended before its time is told as over for this long afterwards. */
const AFTER_MS = 86_400_000;
const PAGE = 500;
/** More firing alerts than this are not looked through for one that a silence holds; then it is taken to hold some. */
const MAX_LOOKED_AT = 10_000;

/** Tells when announced maintenance begins and ends, and when a silence that still holds something is about to end. */
export async function announceStep(context: StepContext): Promise<void> {
  if (!context.ownership.partitions().includes(OWN_PARTITION)) return;
  const { store } = context;
  const settings = context.settings();
  const now = context.now();
  const stored = await store.silences(now - AFTER_MS);
  const all = [...settings.maintenanceWindows, ...stored];
  const windows = all.filter(({ announce }) => announce);
  const noticeMs = settings.silences.expiryNoticeMs;
  const ending = noticeMs === 0 ? [] : stored.filter(({ kind }) => kind === 'silence');
  if (windows.length + ending.length === 0) return;
  const open = await compileSilences([...windows, ...ending]);
  const wanted = windows.map((window) => announceWindow(window, open.activeUntil(window, now), now));
  for (const silence of ending) {
    const isNear = now >= silence.endsAt - noticeMs && now < silence.endsAt;
    const holds = isNear && (await holdsSomething(context, await compileSilences([silence]), now));
    wanted.push(noticeExpiry(silence, holds, now));
  }
  for (const { labels, status } of await bringOwnAlerts(context, wanted, `announce/${now}`))
    context.log.info('an announcement changed', {
      alert: labels['alertname'],
      status,
      id: labels['silence'],
    });
}

async function holdsSomething(
  { store }: StepContext,
  silence: Awaited<ReturnType<typeof compileSilences>>,
  now: number,
): Promise<boolean> {
  let after = { tenant: '', fingerprint: '' };
  for (let seen = 0; seen < MAX_LOOKED_AT; seen += PAGE) {
    const page = await store.firingAfter(after, PAGE);
    if (page.some((alert) => silence.find(alert, now).length > 0)) return true;
    if (page.length < PAGE) return false;
    const { tenant, fingerprint } = page.at(-1)!;
    after = { tenant, fingerprint };
  }
  return true;
}
