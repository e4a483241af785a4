import { hash } from 'node:crypto';
import type { Event, Notification } from '@signalbox/sdk';
import type { JournalRecord } from '../journal/port.ts';
import type { RecordBody } from '../model/record.ts';
import type { RouteSettings } from '../model/settings.ts';
import type { Silence } from '../model/silence.ts';
import type { Store } from '../store/port.ts';
import { openRehearsal } from './rehearsal.ts';
import { RehearsalError } from './rehearsal-error.ts';
import { renderMessage, type Message } from './render-message.ts';
import type { PayloadInput } from './parse-payload.ts';
import { simulate, type Simulation } from './simulate-payload.ts';
import { createTimeline, type TimelineEntry } from './timeline.ts';

export interface PlayInput extends PayloadInput {
  /** Empty. */
  readonly store: Store;
  /** Those that people made, to be tried as well. */
  readonly silences: readonly Silence[];
  /** How far the clock goes on; absent: until every group has looked for the first time. */
  readonly forMs?: number | undefined;
  /** The source says the same again this often. */
  readonly everyMs?: number | undefined;
}

export interface Play extends Simulation {
  readonly timeline: readonly TimelineEntry[];
  readonly isCut: boolean;
  /** The first message to each integration of each receiver, as it would be sent. */
  readonly messages: readonly Message[];
  /** Enrichments that were not asked, because a rehearsal asks nobody. */
  readonly unknownEnrichments: number;
  /** Why nobody is told although it fires, by the groups' last words. */
  readonly holds: readonly string[];
}

/** A year is farther than anybody plans, and repeats of months fit into it. */
const MAX_FOR_MS = 366 * 86_400_000;
const MAX_REPEATS = 20_000;

/**
 * One payload under a candidate configuration, and what happens then by itself: group timers, mute and active times, windows, silences,
 * escalation, ageing. Nothing is sent. The same input gives the same result.
 */
export async function playPayload(input: PlayInput): Promise<Play> {
  const { settings, now, everyMs } = input;
  const forMs = input.forMs ?? longestWait(settings.route);
  checkSpan(forMs, everyMs);
  const simulation = await simulate(input);
  const timeline = createTimeline(settings);
  const messages = new Map<string, Message>();
  const holds = new Map<string, string>();
  const rehearsal = await openRehearsal({
    settings,
    connectors: input.connectors.connectors,
    store: input.store,
    partitions: 1,
    startAt: now,
    silences: input.silences,
    onCommit(batch, at) {
      timeline.note(batch, at);
      for (const { id, receiver, decisions } of batch.groups ?? []) {
        const hold = decisions.findLast((decision) => decision.stage === 'suppress' && decision.at === at);
        if (hold) holds.set(id, `${receiver} is not told: ${hold.outcome} by ${hold.rule}`);
        else holds.delete(id);
      }
      const told = new Map(
        (batch.notifications ?? []).map((notification) => [notification.id, notification]),
      );
      for (const { integration, notificationId } of batch.deliveries ?? [])
        keepFirst(messages, told.get(notificationId), integration, at, input);
    },
  });
  const end = now + forMs;
  for (let at = now; at <= end; at += everyMs ?? Infinity) {
    await rehearsal.advance(at);
    await rehearsal.take([recordOf(simulation.events, input, at)]);
  }
  await rehearsal.advance(end);
  return {
    ...simulation,
    timeline: timeline.entries,
    isCut: timeline.isCut,
    messages: [...messages.values()],
    unknownEnrichments: rehearsal.facts.counts.unknown,
    holds: [...holds.values()],
  };
}

function checkSpan(forMs: number, everyMs: number | undefined): void {
  if (!(forMs >= 0 && forMs <= MAX_FOR_MS))
    throw new RehearsalError('invalid', 'a payload is followed for at most 366 days');
  if (everyMs !== undefined && !(everyMs > 0 && forMs / everyMs <= MAX_REPEATS))
    throw new RehearsalError(
      'invalid',
      `a payload is repeated at most ${MAX_REPEATS} times; say a longer interval`,
    );
}

function keepFirst(
  messages: Map<string, Message>,
  notification: Notification | undefined,
  integration: string,
  at: number,
  { settings, connectors }: PlayInput,
): void {
  if (!notification) return;
  const key = `${notification.receiver}\0${integration}`;
  if (messages.has(key)) return;
  messages.set(key, renderMessage(notification, integration, settings, connectors, at));
}

/** As the intake would have it written; what is said again is the same signal with another id. */
function recordOf(
  events: readonly Event[],
  { settings, integration, request, now }: PlayInput,
  at: number,
): JournalRecord {
  const body: RecordBody = {
    v: 1,
    kind: 'events',
    meta: {
      signal: hash('sha256', `${integration}/${at}`, 'hex').slice(0, 32),
      integration,
      tenant: settings.integrations[integration]!.tenant,
      receivedAt: new Date(at).toISOString(),
      hash: hash('sha256', request.body, 'base64url'),
      requestId: 'rehearsal',
      parts: 1,
      part: 0,
    },
    events: at === now ? events : events.map((event) => ({ ...event, id: `${event.id}/${at}` })),
  };
  return { partition: 0, offset: 0, key: integration, at, value: JSON.stringify(body) };
}

function longestWait(route: RouteSettings): number {
  return Math.max(route.groupWaitMs, ...route.routes.map(longestWait));
}
