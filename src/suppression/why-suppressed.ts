import { dependencyKeysOf, findDependency } from '../correlation/dependency.ts';
import { findFlapping } from '../correlation/flapping.ts';
import { findIncident } from '../correlation/held-members.ts';
import { findStorm, type StormCounts } from '../correlation/storm.ts';
import type { Alert } from '../model/alert.ts';
import type { InhibitionQuestion } from '../model/inhibition.ts';
import type { Settings } from '../model/settings.ts';
import type { Suppression } from '../model/suppression.ts';
import type { Inhibitor, InhibitorQuery, Membership } from '../store/port.ts';
import { inhibitionOf } from './inhibition.ts';
import { countMatch, type Tally } from '../rules/tally.ts';
import type { OpenSilences } from './silence-book.ts';

/** What an alert is asked with. */
export type Subject = Pick<
  Alert,
  | 'tenant'
  | 'fingerprint'
  | 'labels'
  | 'annotations'
  | 'severity'
  | 'details'
  | 'integration'
  | 'hold'
  | 'status'
  | 'startsAt'
  | 'endsAt'
  | 'changedAt'
  | 'past'
  | 'priority'
  | 'facts'
  | 'lifecycle'
>;

export interface SuppressionInput {
  readonly settings: Pick<Settings, 'inhibitRules' | 'topology' | 'flapping' | 'storm'>;
  readonly storms?: StormCounts;
  /** Of the subjects that incidents may hold, by tenant and fingerprint; those that none may hold are absent. */
  readonly memberships?: ReadonlyMap<string, readonly Membership[]>;
  readonly silences: OpenSilences;
  /** The store's answers to `questionsOf` of all subjects. */
  readonly inhibitors: readonly Inhibitor[];
  /** Where inhibition rules are counted by what is asked; absent: it is only looked at. */
  readonly tally?: Tally;
}

/** The rows that `whySuppressed` needs; a pure function names them, the caller loads them. */
export function inhibitorsNeeded(
  settings: Pick<Settings, 'inhibitRules' | 'topology'>,
  subjects: readonly Subject[],
): readonly InhibitorQuery[] {
  const inhibition = inhibitionOf(settings.inhibitRules);
  const topology = settings.topology?.suppress ? settings.topology : undefined;
  if (inhibition.isEmpty && !topology) return [];
  const wanted = new Map<string, InhibitorQuery>();
  for (const { tenant, labels } of subjects) {
    const asked = inhibition.questionsOf(labels).map(({ key }) => key);
    const needed = topology ? dependencyKeysOf(labels, topology) : [];
    for (const key of [...asked, ...needed]) wanted.set(`${tenant}\0${key}`, { tenant, key });
  }
  return [...wanted.values()];
}

/** Everything that holds an alert: what people said first, then what configuration and the hub found. */
export function createSuppressions(
  input: SuppressionInput,
): (subject: Subject, now: number) => readonly Suppression[] {
  const inhibition = inhibitionOf(input.settings.inhibitRules);
  const sources = Map.groupBy(input.inhibitors, ({ tenant, key }) => `${tenant}\0${key}`);
  return (subject, now) => {
    const found: Suppression[] = [];
    const snooze = snoozeOf(subject, now);
    if (snooze) found.push(snooze);
    for (const { silence, until } of input.silences.find(subject, now)) {
      const reason = silence.kind === 'silence' ? 'silenced' : 'maintenance';
      found.push({ reason, rule: silence.id, until });
    }
    if (!inhibition.isEmpty) {
      for (const question of inhibition.questionsOf(subject.labels)) {
        const source = inhibitorFor(question, sources.get(`${subject.tenant}\0${question.key}`) ?? []);
        if (input.tally && subject.status === 'firing') {
          countMatch(input.tally, 'inhibition_target', question.rule, subject, now);
          if (source) countMatch(input.tally, 'inhibition', question.rule, subject, now);
        }
        if (source) found.push({ reason: 'inhibited', rule: source.fingerprint });
      }
    }
    if (subject.hold) found.push(subject.hold);
    const { topology, flapping, storm } = input.settings;
    const members = input.memberships?.get(`${subject.tenant}\0${subject.fingerprint}`);
    const foundByHub = [
      topology?.suppress &&
        findDependency(
          subject,
          topology,
          (key) => sources.get(`${subject.tenant}\0${key}`)?.[0]?.fingerprint,
        ),
      flapping && findFlapping(subject, flapping, now),
      storm && input.storms && findStorm(subject, input.storms, storm, now),
      members && findIncident(subject, members, now),
    ];
    found.push(...foundByHub.filter((suppression) => typeof suppression === 'object'));
    return found;
  };
}

/** A person looks away for a while; also from what is critical in production, because a person said so. */
function snoozeOf({ lifecycle }: Subject, now: number): Suppression | undefined {
  const snooze = lifecycle?.snooze;
  if (!snooze || snooze.until <= now) return undefined;
  return { reason: 'snoozed', rule: snooze.by ?? 'somebody', until: snooze.until };
}

function inhibitorFor(
  { oneSidedOnly }: InhibitionQuestion,
  sources: readonly Inhibitor[],
): Inhibitor | undefined {
  return sources.find(({ twoSided }) => !twoSided || !oneSidedOnly);
}
