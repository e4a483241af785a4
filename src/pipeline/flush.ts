import type { NotificationReason } from '@signalbox/sdk';
import type { Alert } from '../model/alert.ts';
import { decide } from '../model/decision.ts';
import type { Group, Told } from '../model/group.ts';
import type { ReceiverEntry, RouteSettings } from '../model/settings.ts';
import type { Suppression } from '../model/suppression.ts';
import type { Lane } from '../store/port.ts';
import { nextTick } from './gather.ts';
import type { Hold } from './hold.ts';

/** One integration that is to be told. */
export interface Telling {
  readonly integration: string;
  /** The words appear in the decisions. */
  readonly reason: NotificationReason;
  readonly withResolved: boolean;
}

export interface Flushed {
  readonly group: Group;
  /** Nothing fires any more and everybody knows: the group goes. */
  readonly gone: boolean;
  readonly tellings: readonly Telling[];
  /** Deliveries not sent yet that this flush makes pointless. */
  readonly superseded: readonly string[];
  /** Of these, what was to tell of something that has ended: when it is sent after all, somebody has to hear the end. */
  readonly unheard: readonly string[];
  /** The alerts that a notification of this tick shows; all but those that are suppressed. */
  readonly shown: readonly Alert[];
  /** Firing alerts that are shown or would be, also those beyond what was loaded. */
  readonly shownFiring: number;
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
  /** Why nobody is told about single alerts of the group. */
  readonly suppressed?: ReadonlyMap<string, Suppression> | undefined;
  /** `lifecycle.ack_stops_repeats` */
  readonly ackStopsRepeats?: boolean;
  /** Integrations that stand in for another one, so that whoever was told "firing" in its place gets the resolve. */
  readonly fallbacks: (integration: string) => readonly string[];
}

/**
 * Decides who is told what at a tick of a group, with the meaning of Alertmanager's notification log: tell when something
 * new fires, when everything has resolved, when something resolved and the receiver wants to know, or when
 * `repeat_interval` is over. Pure.
 */
export function flush(input: FlushInput, now: number): Flushed {
  const { route, lanes } = input;
  if (input.hold && (input.firingCount > 0 || input.group.told.length > 0))
    return holdBack(input, input.hold, now);
  const { held: _, ...group } = input.group;
  const { shown, shownFiring, hushed } = sortOut(input);
  const firing = shown.filter((alert) => alert.status === 'firing').map((alert) => alert.fingerprint);
  const resolved = shown.filter((alert) => alert.status === 'resolved').map((alert) => alert.fingerprint);
  const handled = input.ackStopsRepeats === true && isAcknowledged(shown, shownFiring);
  const generation = 1 + Math.max(group.generation, ...lanes.map(newestGeneration));

  const tellings: Telling[] = [];
  const superseded: string[] = [];
  const unheard: string[] = [];
  const told: Told[] = [];
  for (const entry of input.entries) {
    const before = group.told.find((known) => known.integration === entry.integration);
    const reason = reasonToTell(before, firing, resolved, shown, shownFiring, input, entry, handled, now);
    if (!reason) {
      if (before) told.push(before);
      continue;
    }
    const owed = before ? knownTo(before).filter((fingerprint) => hushed.has(fingerprint)) : [];
    if (firing.length > 0 || owed.length > 0) {
      const sinceGeneration =
        before?.sinceGeneration ?? firstGenerationKnown(lanes, entry.integration, generation);
      told.push({
        integration: entry.integration,
        at: now,
        firing,
        firingCount: shownFiring,
        resolved,
        sinceGeneration,
        ...(owed.length === 0 ? {} : { hushed: owed }),
      });
    }
    const knowing = whoKnows(entry.integration, before, lanes, input, firing.length > 0);
    // While something fires, a stand-in goes on with what it was given: it tells of that, and nobody else does.
    const standIns = firing.length > 0 ? [] : input.fallbacks(entry.integration);
    for (const name of [entry.integration, ...standIns]) {
      const pointless = unsent(lanes, name);
      superseded.push(...pointless);
      if (entry.sendResolved && !knowing.includes(name)) unheard.push(...pointless);
    }
    for (const integration of knowing) {
      if (firing.length === 0 && !entry.sendResolved) continue;
      tellings.push({ integration, reason, withResolved: entry.sendResolved });
    }
  }
  let { decisions } = group;
  for (const { reason, rule } of distinctSuppressions(input))
    decisions = decide(decisions, { stage: 'suppress', rule, outcome: reason }, now);
  for (const { integration, reason } of tellings) {
    decisions = decide(decisions, { stage: 'flush', rule: integration, outcome: reason }, now);
  }
  const isHeld = handled && told.some(({ at }) => at + route.repeatIntervalMs <= now);
  if (isHeld) {
    const held = { stage: 'suppress', rule: 'lifecycle.ack_stops_repeats', outcome: 'acknowledged' } as const;
    decisions = decide(decisions, held, now);
  }
  const repeats = told.map(({ at }) => {
    const repeatAt = at + route.repeatIntervalMs;
    // A repeat that is held back is due all the time; whatever ends that wakes the group.
    return nextTick(now, route.groupIntervalMs, repeatAt <= now ? now + route.repeatIntervalMs : repeatAt);
  });
  // What is suppressed may be let go at any time, so the group looks at every tick.
  if (hushed.size > 0) repeats.push(nextTick(now, route.groupIntervalMs, now));
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
    // A stand-in may be named by the receiver as well.
    superseded: [...new Set(superseded)],
    unheard,
    shown,
    shownFiring,
    leaving: input.members
      .filter(({ status }) => status === 'resolved')
      .map(({ fingerprint }) => fingerprint),
  };
}

/**
 * A tick that tells nobody. Its alerts stay, also those that have resolved: whoever was told "firing" gets the resolve when the hold ends, and
 * what came and went meanwhile is told to nobody.
 */
function holdBack({ group, members, firingCount, route }: FlushInput, hold: Hold, now: number): Flushed {
  const { reason, rule } = hold;
  const isSame = group.held?.reason === reason && group.held.rule === rule;
  const heard = new Set(group.told.flatMap(knownTo));
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
    unheard: [],
    shown: [],
    shownFiring: 0,
    leaving,
  };
}

interface SortedOut {
  readonly shown: readonly Alert[];
  readonly shownFiring: number;
  /** Fingerprints of firing alerts that are suppressed. */
  readonly hushed: ReadonlySet<string>;
}

/**
 * Takes out what is suppressed. What resolves is shown to those who were told that it fires, suppressed or not: an open page at a vendor would
 * stay open for ever. What came and went while it was suppressed is shown to nobody.
 */
function sortOut({ members, suppressed, firingCount, group }: FlushInput): SortedOut {
  if (!suppressed || suppressed.size === 0)
    return { shown: members, shownFiring: firingCount, hushed: new Set() };
  const heard = new Set(group.told.flatMap(knownTo));
  const shown = members.filter(
    ({ fingerprint, status }) =>
      !suppressed.has(fingerprint) || (status === 'resolved' && heard.has(fingerprint)),
  );
  const firing = members.filter(({ status }) => status === 'firing');
  const hushed = new Set(
    firing.filter(({ fingerprint }) => suppressed.has(fingerprint)).map(({ fingerprint }) => fingerprint),
  );
  // Of a storm only a part is loaded; when all of that is suppressed the rest is taken to be so too.
  const shownFiring = hushed.size === firing.length ? 0 : firingCount - hushed.size;
  return { shown, shownFiring, hushed };
}

function distinctSuppressions({ members, suppressed }: FlushInput): readonly Suppression[] {
  if (!suppressed || suppressed.size === 0) return [];
  const firing = members.filter(({ status }) => status === 'firing');
  const found = firing
    .map(({ fingerprint }) => suppressed.get(fingerprint))
    .filter((one) => one !== undefined);
  return [...new Map(found.map((one) => [`${one.reason}\0${one.rule}`, one])).values()];
}

/** What an integration believes to be firing. */
function knownTo({ firing, hushed = [] }: Told): readonly string[] {
  return hushed.length === 0 ? firing : [...firing, ...hushed];
}

function reasonToTell(
  before: Told | undefined,
  firing: readonly string[],
  resolved: readonly string[],
  shown: readonly Alert[],
  shownFiring: number,
  input: FlushInput,
  entry: ReceiverEntry,
  handled: boolean,
  now: number,
): NotificationReason | undefined {
  if (!before) return firing.length > 0 ? 'first' : undefined;
  const knownFiring = new Set(before.firing);
  if (firing.some((fingerprint) => !knownFiring.has(fingerprint)) || shownFiring > before.firingCount) {
    return 'new_alerts';
  }
  if (input.firingCount === 0) return 'all_resolved';
  const knownResolved = new Set(before.resolved);
  if (entry.sendResolved && resolved.some((fingerprint) => !knownResolved.has(fingerprint)))
    return 'some_resolved';
  // Nothing is repeated of which nothing is shown.
  if (shownFiring === 0) return undefined;
  const renewed = whyRenewed(shown, before.at);
  if (renewed) return renewed;
  return now >= before.at + input.route.repeatIntervalMs && !handled ? 'repeat' : undefined;
}

/** Why something that was told before is worth telling again. */
function whyRenewed(members: readonly Alert[], toldAt: number): NotificationReason | undefined {
  const renewed = members.find(
    ({ status, lifecycle }) => status === 'firing' && (lifecycle?.renewed?.at ?? -Infinity) > toldAt,
  );
  return renewed?.lifecycle?.renewed?.why;
}

/** Somebody is on all that fires. Of a storm only a part is loaded, and nobody knows of the rest. */
function isAcknowledged(members: readonly Alert[], firingCount: number): boolean {
  const firing = members.filter(({ status }) => status === 'firing');
  return (
    firing.length > 0 &&
    firing.length === firingCount &&
    firing.every(({ lifecycle }) => lifecycle?.state === 'acknowledged')
  );
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
