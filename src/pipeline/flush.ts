import type { Alert } from '../model/alert.ts';
import { decide } from '../model/decision.ts';
import type { Group, Told } from '../model/group.ts';
import type { ReceiverEntry, RouteSettings } from '../model/settings.ts';
import type { Lane } from '../store/port.ts';
import { nextTick } from './gather.ts';
import type { Hold } from './hold.ts';

/** Why a flush tells an integration something; the words appear in the decisions. */
export type Reason = 'first' | 'new_alerts' | 'all_resolved' | 'some_resolved' | 'repeat';

/** One integration that is to be told. */
export interface Telling {
  readonly integration: string;
  readonly reason: Reason;
  readonly withResolved: boolean;
}

export interface Flushed {
  readonly group: Group;
  /** Nothing fires any more and everybody knows: the group goes. */
  readonly gone: boolean;
  readonly tellings: readonly Telling[];
  /** Deliveries not sent yet that this flush makes pointless. */
  readonly superseded: readonly string[];
  /** Fingerprints that leave the group: resolved, and told. */
  readonly leaving: readonly string[];
}

export interface FlushInput {
  readonly group: Group;
  readonly members: readonly Alert[];
  /** All members, also those beyond what `members` holds. */
  readonly firingCount: number;
  readonly route: RouteSettings;
  readonly entries: readonly ReceiverEntry[];
  readonly lanes: readonly Lane[];
  /** Why nobody is told for now. */
  readonly hold?: Hold | undefined;
  /** Integrations that stand in for another one, so that whoever was told "firing" in its place gets the resolve. */
  readonly fallbacks: (integration: string) => readonly string[];
}

/**
 * Decides who is told what at a tick of a group, with the meaning of Alertmanager's notification log: tell when something
 * new fires, when everything has resolved, when something resolved and the receiver wants to know, or when
 * `repeat_interval` is over. Pure.
 */
export function flush(input: FlushInput, now: number): Flushed {
  const { members, route, lanes } = input;
  if (input.hold && (input.firingCount > 0 || input.group.told.length > 0))
    return holdBack(input, input.hold, now);
  const { held: _, ...group } = input.group;
  const firing = members.filter((alert) => alert.status === 'firing').map((alert) => alert.fingerprint);
  const resolved = members.filter((alert) => alert.status === 'resolved').map((alert) => alert.fingerprint);
  const generation = 1 + Math.max(group.generation, ...lanes.map(newestGeneration));

  const tellings: Telling[] = [];
  const superseded: string[] = [];
  const told: Told[] = [];
  for (const entry of input.entries) {
    const before = group.told.find((known) => known.integration === entry.integration);
    const reason = reasonToTell(before, firing, resolved, input, entry, now);
    if (!reason) {
      if (before) told.push(before);
      continue;
    }
    if (firing.length > 0) {
      const sinceGeneration =
        before?.sinceGeneration ?? firstGenerationKnown(lanes, entry.integration, generation);
      told.push({
        integration: entry.integration,
        at: now,
        firing,
        firingCount: input.firingCount,
        resolved,
        sinceGeneration,
      });
    }
    superseded.push(...unsent(lanes, entry.integration));
    for (const integration of whoKnows(entry.integration, before, lanes, input, firing.length > 0)) {
      if (firing.length === 0 && !entry.sendResolved) continue;
      tellings.push({ integration, reason, withResolved: entry.sendResolved });
    }
  }
  let { decisions } = group;
  for (const { integration, reason } of tellings) {
    decisions = decide(decisions, { stage: 'flush', rule: integration, outcome: reason }, now);
  }
  const repeats = told.map((known) =>
    nextTick(now, route.groupIntervalMs, known.at + route.repeatIntervalMs),
  );
  const gone = input.firingCount === 0;
  return {
    group: {
      ...group,
      generation: tellings.length > 0 ? generation : group.generation,
      anchorAt: now,
      flushAt:
        repeats.length > 0
          ? Math.min(...repeats)
          : nextTick(now, route.groupIntervalMs, now + route.repeatIntervalMs),
      now: Math.max(group.now, now),
      told,
      decisions,
    },
    gone,
    tellings,
    superseded,
    leaving: resolved,
  };
}

/**
 * A tick that tells nobody. Its alerts stay, also those that have resolved: whoever was told "firing" gets the resolve when the hold ends, and
 * what came and went meanwhile is told to nobody.
 */
function holdBack({ group, members, firingCount, route }: FlushInput, hold: Hold, now: number): Flushed {
  const { reason, rule } = hold;
  const isSame = group.held?.reason === reason && group.held.rule === rule;
  const heard = new Set(group.told.flatMap(({ firing }) => firing));
  const leaving = members
    .filter(({ status, fingerprint }) => status === 'resolved' && !heard.has(fingerprint))
    .map(({ fingerprint }) => fingerprint);
  return {
    group: {
      ...group,
      anchorAt: now,
      flushAt: nextTick(now, route.groupIntervalMs, now),
      now: Math.max(group.now, now),
      held: { ...hold, since: isSame ? group.held.since : now },
      decisions: decide(group.decisions, { stage: 'suppress', rule, outcome: reason }, now),
    },
    gone: firingCount === 0 && group.told.length === 0,
    tellings: [],
    superseded: [],
    leaving,
  };
}

function reasonToTell(
  before: Told | undefined,
  firing: readonly string[],
  resolved: readonly string[],
  input: FlushInput,
  entry: ReceiverEntry,
  now: number,
): Reason | undefined {
  if (!before) return firing.length > 0 ? 'first' : undefined;
  const knownFiring = new Set(before.firing);
  if (firing.some((fingerprint) => !knownFiring.has(fingerprint)) || input.firingCount > before.firingCount) {
    return 'new_alerts';
  }
  if (input.firingCount === 0) return 'all_resolved';
  const knownResolved = new Set(before.resolved);
  if (entry.sendResolved && resolved.some((fingerprint) => !knownResolved.has(fingerprint)))
    return 'some_resolved';
  return now >= before.at + input.route.repeatIntervalMs ? 'repeat' : undefined;
}

/**
 * Who has to hear it. While something fires: the integration itself. When all is resolved: the integration, and each stand-in, that was told
 * "firing" or may have been; nobody is told the end of what they never heard of.
 */
function whoKnows(
  integration: string,
  before: Told | undefined,
  lanes: readonly Lane[],
  input: FlushInput,
  fires: boolean,
): readonly string[] {
  const since = before?.sinceGeneration ?? 0;
  const carried = before !== undefined && since === CARRIED_OVER && before.integration === integration;
  const knows = (name: string) =>
    lanes.some((lane) => lane.integration === name && mayKnow(lane, since)) ||
    (carried && name === integration);
  const standIns = input.fallbacks(integration).filter(knows);
  if (fires || knows(integration)) return [integration, ...(fires ? [] : standIns)];
  return standIns;
}

/** Marks what an integration was told in the name of another group, before the routes changed. */
const CARRIED_OVER = 0;

function mayKnow(lane: Lane, since: number): boolean {
  const sending = lane.open.some((delivery) => delivery.status === 'sending' && delivery.generation >= since);
  return sending || (lane.deliveredGeneration > 0 && lane.deliveredGeneration >= since);
}

/**
 * From which generation on a delivery means that the integration believes that something fires. A resolve of the group's former life that is
 * not sent yet is about to be superseded: then what was delivered before it still counts.
 */
function firstGenerationKnown(lanes: readonly Lane[], integration: string, generation: number): number {
  const lane = lanes.find((candidate) => candidate.integration === integration);
  return lane && lane.open.length > 0 ? 0 : generation;
}

function unsent(lanes: readonly Lane[], integration: string): readonly string[] {
  const lane = lanes.find((candidate) => candidate.integration === integration);
  return lane
    ? lane.open.filter((delivery) => delivery.status === 'pending').map((delivery) => delivery.id)
    : [];
}

function newestGeneration(lane: Lane): number {
  return Math.max(lane.deliveredGeneration, ...lane.open.map((delivery) => delivery.generation));
}
