import type { Alert } from '../model/alert.ts';
import { isAnnouncement } from '../model/announcement.ts';
import type { Settings } from '../model/settings.ts';
import type { Suppression } from '../model/suppression.ts';
import type { AlertKey, Membership } from '../store/port.ts';
import { placeAlert } from './place-alert.ts';
import type { Placeable } from './rule-conditions.ts';

type Subject = Placeable & Pick<Alert, 'status' | 'changedAt'>;
type Correlating = Pick<Settings, 'incidents' | 'correlation' | 'topology'>;

/** The owner of an alert's scope takes it into an incident within this time; after that nothing is waited for. */
const JOINS_WITHIN_MS = 10_000;

/** Alerts of which an incident may tell in their place; none unless `incidents.suppress_member_notifications` says so. */
export function heldByIncidents(settings: Correlating, subjects: readonly Subject[]): readonly AlertKey[] {
  return settings.incidents?.suppressMembers
    ? subjects.filter((subject) => subject.status === 'firing' && isMember(subject, settings))
    : [];
}

/**
 * Holds an alert while an incident that people were told of has it; also what is critical in production, because the configuration says so and the
 * incident is as severe as the worst of its alerts. A new alert waits a moment for its incident, which another node may be about to open.
 */
export function findIncident(
  { changedAt }: Pick<Subject, 'changedAt'>,
  memberships: readonly Membership[],
  now: number,
): Suppression | undefined {
  const open = memberships.find(({ incident: { status } }) => status === 'open' || status === 'acknowledged');
  if (open) return { reason: 'incident', rule: open.incident.id };
  const until = changedAt + JOINS_WITHIN_MS;
  return memberships.length === 0 && now < until
    ? { reason: 'incident', rule: 'correlation', until }
    : undefined;
}

function isMember(subject: Subject, settings: Correlating): boolean {
  return !isAnnouncement(subject) && placeAlert(subject, settings).some(({ isChange }) => !isChange);
}
