import type { Commit, Store } from '../store/port.ts';

/** Queues between the steps, by the rows of a commit that fill them. */
const QUEUES = ['wakes', 'correlationWakes', 'outcomes', 'namespaceNews', 'changes'] as const;
type Queue = (typeof QUEUES)[number];

/**
 * The store of a rehearsal, which has one writer and no delivery machine. Therefore it knows without asking that a queue is empty and that nothing
 * is due yet, and drops what only others would read; most turns of a rehearsal find nothing to do, and asking was most of what they cost.
 *
 * @param repeats whether the journal may hold a record twice: then receipts tell which were processed
 */
export function createSoleStore(
  store: Store,
  { repeats = false }: { readonly repeats?: boolean | undefined } = {},
): Store {
  /** Queues that were not found empty since something was put into them. */
  const open = new Set<Queue>();
  /** When an alert or a group goes on by itself; undefined: a commit may have changed it. */
  let dueAt: number | undefined;

  async function nextDueAt(): Promise<number> {
    return (dueAt ??= await store.nextDueAt());
  }

  /** What is left in a queue is asked for until it answers that nothing is. */
  async function take<Row>(queue: Queue, read: () => Promise<readonly Row[]>): Promise<readonly Row[]> {
    if (!open.has(queue)) return [];
    const rows = await read();
    if (rows.length === 0) open.delete(queue);
    return rows;
  }

  const whenDue =
    <Row>(read: (now: number, limit: number) => Promise<readonly Row[]>) =>
    async (now: number, limit: number): Promise<readonly Row[]> =>
      (await nextDueAt()) > now ? [] : read(now, limit);

  return {
    ...store,
    nextDueAt,
    expiredAlerts: whenDue((now, limit) => store.expiredAlerts(now, limit)),
    dueAlerts: whenDue((now, limit) => store.dueAlerts(now, limit)),
    dueGroups: whenDue((now, limit) => store.dueGroups(now, limit)),
    inbox: (limit) => take('wakes', () => store.inbox(limit)),
    correlationWakes: (limit) => take('correlationWakes', () => store.correlationWakes(limit)),
    outcomes: (limit) => take('outcomes', () => store.outcomes(limit)),
    changesToAnnounce: (cursor, limit) => take('changes', () => store.changesToAnnounce(cursor, limit)),
    namespaceNews: (limit) => take('namespaceNews', () => store.namespaceNews(limit)),
    async commit(batch) {
      const kept = withoutUnread(batch, repeats);
      for (const queue of QUEUES) if (isSome(kept[queue])) open.add(queue);
      if (isSome(kept.alerts) || isSome(kept.groups) || isSome(kept.groupsGone)) dueAt = undefined;
      return store.commit(kept);
    },
  };
}

/** Recorded inputs, the live stream and messages are for nobody here, but for changes that are told by alerts; a receipt is asked for only of a command, which may come twice. */
function withoutUnread(
  {
    inputs: _,
    prepared: __,
    answers: ___,
    notifications: ____,
    changes = [],
    receipts = [],
    ...kept
  }: Commit,
  repeats: boolean,
): Commit {
  return {
    ...kept,
    changes: changes.filter(({ kind }) => kind === 'incident' || kind === 'approval'),
    receipts: repeats ? receipts : receipts.filter(({ outcome }) => outcome !== undefined),
  };
}

function isSome(rows: readonly unknown[] | undefined): boolean {
  return rows !== undefined && rows.length > 0;
}
