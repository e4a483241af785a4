import type { Alert } from '../model/alert.ts';
import type { Group, Told } from '../model/group.ts';
import type { Settings } from '../model/settings.ts';
import type { Commit, Lane } from '../store/port.ts';
import { buildNotification } from '../notify/notification.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';
import { countMatch } from '../rules/tally.ts';
import { newDelivery } from './new-delivery.ts';
import { regroup, routingSignature, type Regrouped } from './regroup.ts';
import { routeAlert } from './route-alert.ts';
import { MAX_MEMBERS, type StepContext } from './step.ts';

interface RegroupContext
  extends Pick<StepContext, 'store' | 'ownership' | 'settings' | 'now' | 'log' | 'tally'> {
  /** A delivery was committed: the delivery machine has something to do. */
  expectDelivery(integration: string, dueAt: number): void;
}

const PAGE = 200;
/** Where the store keeps the signature of the routes that its groups were made under. */
export const ROUTING_KEY = 'routing';

/**
 * Walks over all groups when the routes or receivers are not those that the groups were made under. Safe to be cut off: the
 * signature is written last, and a second walk finds what the first one left.
 */
export async function regroupAll(context: RegroupContext): Promise<void> {
  const { store } = context;
  const signature = routingSignature(context.settings());
  const before = await store.connectorState(OWN_INTEGRATION, ROUTING_KEY, context.now());
  if (before !== undefined && before !== signature) {
    let after = '';
    let moved = 0;
    for (;;) {
      const page = await store.groupsAfter(after, PAGE);
      if (page.length === 0) break;
      moved += await regroupPage(context, page);
      after = page.at(-1)!.id;
    }
    context.log.info('the routes have changed', { groups_changed: moved });
  }
  const expiresAt = Number.MAX_SAFE_INTEGER;
  await store.commit({
    connectorState: [{ integration: OWN_INTEGRATION, key: ROUTING_KEY, value: signature, expiresAt }],
  });
}

async function regroupPage(context: RegroupContext, page: readonly Group[]): Promise<number> {
  const { store } = context;
  const settings = context.settings();
  const now = context.now();
  const ids = page.map(({ id }) => id);
  const [members, lanes] = await Promise.all([store.members(ids, MAX_MEMBERS), store.lanes(ids)]);
  const known = new Map<string, Group>(page.map((group) => [group.id, group]));
  let count = 0;
  for (const group of page) {
    const alerts = members.get(group.id) ?? [];
    // Targets that lie on other pages must not be overwritten by a fresh group.
    await loadTargets(context, alerts, known, settings);
    const result = regroup(known.get(group.id) ?? group, alerts, known, settings, now);
    if (!result) continue;
    count++;
    const commit = toCommit(group, result, alerts, lanes.get(group.id) ?? [], settings, now);
    const fences = context.ownership.fences({ scopes: context.ownership.scopes() ?? [] });
    await store.commit({ ...commit, fences });
    for (const { group: other, member } of result.others) {
      const { tenant, routeKey } = other;
      countMatch(context.tally, 'route', routeKey, { tenant, fingerprint: member.fingerprint }, now);
    }
    for (const { integration, dueAt } of commit.deliveries ?? []) context.expectDelivery(integration, dueAt);
  }
  return count;
}

async function loadTargets(
  context: RegroupContext,
  alerts: readonly Alert[],
  known: Map<string, Group>,
  settings: Settings,
): Promise<void> {
  const wanted = alerts.flatMap((alert) => routeAlert(alert, settings.route).map((wake) => wake.groupId));
  const missing = [...new Set(wanted)].filter((id) => !known.has(id));
  for (const group of missing.length === 0 ? [] : await context.store.groups(missing))
    known.set(group.id, group);
}

function toCommit(
  before: Group,
  { group, leaving, others, farewells }: Regrouped,
  alerts: readonly Alert[],
  lanes: readonly Lane[],
  settings: Settings,
  now: number,
): Commit {
  const generation =
    1 +
    Math.max(
      before.generation,
      ...lanes.map((lane) => Math.max(lane.deliveredGeneration, ...lane.open.map((open) => open.generation))),
    );
  // Whoever the configuration has no more can't be told; what waits for it becomes a dead letter, so that a person learns of it.
  const reachable = farewells.filter(({ integration }) => settings.integrations[integration] !== undefined);
  const ended = reachable
    .filter((told) => isBelieved(told, lanes))
    .map((told) => ({ told, notification: farewell(before, told, alerts, generation, settings, now) }));
  const unsent = lanes
    .filter((lane) => reachable.some(({ integration }) => integration === lane.integration))
    .flatMap(({ integration, open }) =>
      // Nobody is told the end of what was not sent, so it has to stay unsent.
      open.map((delivery) => ({
        ...delivery,
        required: !ended.some(({ told }) => told.integration === integration),
      })),
    );
  return {
    groups: [
      ...new Map(
        [...(group ? [group] : []), ...others.map((other) => other.group)].map((changed) => [
          changed.id,
          changed,
        ]),
      ).values(),
    ],
    groupsGone: group ? [] : [before.id],
    membersGone: leaving,
    members: others.map(({ member }) => member),
    notifications: ended.map(({ notification }) => notification),
    deliveries: ended.map(({ told, notification }) =>
      newDelivery(notification, told.integration, settings, now),
    ),
    moves: unsent
      .filter(({ status }) => status === 'pending')
      .map(({ id, required }) => ({ id, from: 'pending', to: 'superseded', settledAt: now, required })),
  };
}

function isBelieved(told: Told, lanes: readonly Lane[]): boolean {
  if (told.sinceGeneration === 0) return true;
  const lane = lanes.find(({ integration }) => integration === told.integration);
  return (
    lane !== undefined &&
    (lane.deliveredGeneration >= told.sinceGeneration || lane.open.some(({ status }) => status === 'sending'))
  );
}

/** The resolve for an integration that nobody speaks to any more about these alerts. */
function farewell(
  group: Group,
  told: Told,
  alerts: readonly Alert[],
  generation: number,
  settings: Settings,
  now: number,
) {
  const ended = alerts
    .filter(({ fingerprint }) => told.firing.includes(fingerprint))
    .map((alert): Alert => ({ ...alert, status: 'resolved', endsAt: now }));
  return buildNotification(
    {
      group: { ...group, generation },
      alerts: ended,
      total: ended.length,
      withResolved: true,
      late: false,
      reason: 'all_resolved',
      externalURL: settings.server.externalURL,
    },
    now,
  );
}
