import type { Group, Member } from '../model/group.ts';
import { scopeOf } from '../model/scope.ts';
import { routeByKey } from './route-by-key.ts';
import { gather } from './gather.ts';
import { BATCH, type StepContext } from './step.ts';

/** Takes what fold left in the inbox into the groups. Returns whether there may be more. */
export async function gatherStep(context: StepContext): Promise<boolean> {
  const { store, ownership } = context;
  const inbox = await store.inbox(BATCH, ownership.scopes());
  if (inbox.length === 0) return false;
  const settings = context.settings();
  const now = context.now();
  const known = await store.groups([...new Set(inbox.map((wake) => wake.groupId))]);
  const groups = new Map<string, Group>(known.map((group) => [group.id, group]));
  const changed = new Set<string>();
  const members: Member[] = [];
  for (const wake of inbox) {
    const route = routeByKey(settings.route, wake.routeKey);
    if (!route) continue;
    const group = gather(groups.get(wake.groupId), wake, route, now);
    if (!group) continue;
    groups.set(group.id, group);
    changed.add(group.id);
    members.push({ groupId: group.id, fingerprint: wake.fingerprint });
  }
  const done = inbox.map((wake) => wake.id);
  await store.commit({
    groups: [...changed].map((id) => groups.get(id)!),
    members,
    inboxDone: done,
    fences: ownership.fences({ scopes: inbox.map(({ groupId }) => scopeOf(groupId)) }),
    inputs: [
      {
        step: 'gather',
        now,
        revision: settings.revision,
        what: JSON.stringify({ from: done[0], to: done.at(-1) }),
      },
    ],
  });
  context.metrics.batches.inc({ step: 'gather' });
  return inbox.length === BATCH;
}
