import { heldByIncidents } from '../correlation/held-members.ts';
import type { StormCounts } from '../correlation/storm.ts';
import type { Settings } from '../model/settings.ts';
import type { Suppression } from '../model/suppression.ts';
import type { AlertKey, Inhibitor, InhibitorQuery, Membership } from '../store/port.ts';
import type { Tally } from '../rules/tally.ts';
import type { SilenceBook } from './silence-book.ts';
import { createSuppressions, inhibitorsNeeded, type Subject } from './why-suppressed.ts';

export interface SuppressionSource {
  readonly silences: SilenceBook;
  /** Of the store or of its reader. */
  inhibitors(keys: readonly InhibitorQuery[]): Promise<readonly Inhibitor[]>;
  /** Of the store or of its reader. */
  memberships(keys: readonly AlertKey[]): Promise<readonly Membership[]>;
  /** Left out: storms are not asked for. */
  readonly storms?: StormCounts;
  /** Where inhibition rules are counted; left out: they are only looked at. */
  readonly tally?: Tally;
}

type Answer = (subject: Subject) => readonly Suppression[];

const NOTHING: Answer = () => [];

/** Loads what may hold any of these alerts; the answer lists all that holds one of them, what people said first. */
export async function readSuppressions(
  { silences, inhibitors, memberships, storms = {}, tally }: SuppressionSource,
  settings: Pick<
    Settings,
    'inhibitRules' | 'maintenanceWindows' | 'topology' | 'flapping' | 'storm' | 'incidents' | 'correlation'
  >,
  subjects: readonly Subject[],
  now: number,
): Promise<Answer> {
  const open = await silences.open(settings.maintenanceWindows, now);
  const needed = inhibitorsNeeded(settings, subjects);
  const isHeld = subjects.some(({ hold, lifecycle }) => hold || lifecycle?.snooze);
  const looksCloser = settings.flapping !== undefined || Object.keys(storms).length > 0;
  const joining = heldByIncidents(settings, subjects);
  const mayHold = needed.length > 0 || joining.length > 0 || looksCloser || isHeld;
  if (open.all.length === 0 && !mayHold) return NOTHING;
  const found = needed.length === 0 ? [] : await inhibitors(needed);
  const joined = joining.length === 0 ? [] : await memberships(joining);
  const byAlert = Map.groupBy(joined, ({ member }) => keyOf(member));
  const ask = createSuppressions({
    settings,
    silences: open,
    inhibitors: found,
    storms,
    ...(tally && { tally }),
    memberships: new Map(joining.map((key) => [keyOf(key), byAlert.get(keyOf(key)) ?? []])),
  });
  return (subject) => ask(subject, now);
}

function keyOf({ tenant, fingerprint }: AlertKey): string {
  return `${tenant}\0${fingerprint}`;
}
