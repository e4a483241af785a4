import type { Fence, Lease, Leases } from '../store/lease.ts';
import { SCOPES } from '../model/scope.ts';
import type { Agreement } from './agreement.ts';
import type { Ownership } from './ownership.ts';
import { chooseNode } from './share.ts';

export type SharedRole = 'process' | 'deliver';

export interface LeasedOptions {
  readonly store: Leases;
  /** This process, for as long as it lives: a name that never comes again. */
  readonly node: string;
  readonly roles: readonly SharedRole[];
  /** The partitions that are this node's to fold while these nodes live, itself among them. */
  readonly assigned: (nodes: readonly string[]) => readonly number[];
  /** Whether this node may process at all, and the leases that go with the answer. */
  readonly agreement: Pick<Agreement, 'look'>;
  /** The integrations that anything may be sent to. */
  readonly integrations: () => readonly string[];
  /** Integrations at which an attempt of this node is not settled yet: their leases stay until it is. Default: none. */
  readonly sendingTo?: () => ReadonlySet<string>;
  /** `monotonicNow`: a clock that nobody sets and that goes on while the process is stopped. */
  readonly monotonic: () => number;
  /** Partitions, scopes or integrations came or went. */
  readonly onChange: (change: OwnershipChange) => void;
  /** Leases can't be renewed. They run out by themselves. */
  readonly onTrouble: (error: unknown) => void;
  /** Default 9 s. A dead node's share is free after that. */
  readonly ttlMs?: number;
}

export interface OwnershipChange {
  /** Names of leases. */
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

export interface LeasedOwnership extends Ownership {
  /** Holds what it can get by now, and goes on renewing until `stop`. */
  start(): Promise<void>;
  /** Gives everything up, so that others need not wait. */
  stop(): Promise<void>;
}

const TTL_MS = 9_000;
const RENEWALS = 3;
/** How soon a lease is looked at again that another node waits for. */
const HANDOVER_MS = 250;
/** The two clocks may run apart by this share of a lease, and no more. */
const MARGIN = 0.1;
const INTEGRATION = 'integration/';
const ALL_SCOPES = Array.from({ length: SCOPES }, (_, scope) => `scope/${scope}`);

interface Held {
  readonly lease: Lease;
  /** By the monotonic clock, counted from before the store was asked. */
  readonly until: number;
}

/**
 * What this node owns among several, by leases in the store. A lease counts only while this process can be sure of it by its own monotonic
 * clock: one that was stopped for too long finds that it owns nothing before it can act, and what it sends to the store all the same is refused by
 * the fence (design §3).
 */
export function createLeasedOwnership(options: LeasedOptions): LeasedOwnership {
  const { store, node, roles, monotonic, ttlMs = TTL_MS } = options;
  const held = new Map<string, Held>();
  /** Another node's share by now: nothing is begun under these, and they go as soon as nothing is under way. */
  let leaving: ReadonlySet<string> = new Set();
  let version = 0;
  let known: ReadonlySet<string> = new Set();
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> | undefined;
  let stopped = false;

  const isHeld = (name: string): boolean => !leaving.has(name) && (held.get(name)?.until ?? 0) > monotonic();
  const numbersOf = (kind: string): number[] =>
    [...held.keys()]
      .filter((name) => name.startsWith(kind) && isHeld(name))
      .map((name) => Number(name.slice(kind.length)))
      .sort((left, right) => left - right);

  /** Everything that this node should hold while these nodes live. */
  async function wantedNames(): Promise<readonly string[]> {
    const wanted: string[] = [];
    if (roles.includes('process')) {
      const { mayProcess, names } = await options.agreement.look();
      wanted.push(...names);
      if (mayProcess) wanted.push(...(await shareOfWork()));
    }
    if (roles.includes('deliver')) {
      const others = await livingNodes('deliver');
      wanted.push(`node/deliver/${node}`);
      const names = options.integrations().map((integration) => `integration/${integration}`);
      wanted.push(...names.filter((name) => chooseNode(name, others) === node));
    }
    return wanted;
  }

  async function shareOfWork(): Promise<readonly string[]> {
    const others = await livingNodes('process');
    return [
      `node/process/${node}`,
      ...options.assigned(others).map((partition) => `partition/${partition}`),
      ...ALL_SCOPES.filter((name) => chooseNode(name, others) === node),
    ];
  }

  async function livingNodes(role: SharedRole): Promise<readonly string[]> {
    const prefix = `node/${role}/`;
    const names = (await store.leases(prefix)).map(({ name }) => name.slice(prefix.length));
    return names.includes(node) ? names : [...names, node];
  }

  async function renew(): Promise<void> {
    const wanted = await wantedNames();
    // A set, because ten thousand integrations would be compared with one another at each turn.
    const isWanted = new Set(wanted);
    leaving = new Set([...held.keys()].filter((name) => !isWanted.has(name)));
    notice();
    // Whoever has an integration next takes what is half-sent there for abandoned, and would send it again.
    const busy = new Set(
      [...(options.sendingTo?.() ?? [])].map((integration) => `${INTEGRATION}${integration}`),
    );
    const surplus = [...leaving].filter((name) => !busy.has(name));
    for (const name of surplus) held.delete(name);
    if (surplus.length > 0) await store.releaseLeases(node, surplus);
    const askedAt = monotonic();
    const kept = [...leaving].filter((name) => busy.has(name));
    const leases = await store.takeLeases(node, [...wanted, ...kept], ttlMs);
    const until = askedAt + ttlMs * (1 - MARGIN);
    const got = new Set(leases.map(({ name }) => name));
    for (const name of held.keys()) if (!got.has(name)) held.delete(name);
    for (const lease of leases) held.set(lease.name, { lease, until });
    notice();
  }

  /** Tells what came and went since the last time. A lease whose token has changed was somebody else's in between. */
  function notice(): void {
    const keyOf = (name: string): string => `${name}\n${held.get(name)!.lease.token}`;
    const now = new Set([...held.keys()].filter(isHeld).map(keyOf));
    const gained = [...now].filter((key) => !known.has(key)).map(nameOf);
    const lost = [...known].filter((key) => !now.has(key)).map(nameOf);
    known = now;
    if (gained.length === 0 && lost.length === 0) return;
    version++;
    options.onChange({ gained, lost });
  }

  function refresh(): Promise<void> {
    // The journal's group tells that its partitions are gone after everything was given up; nothing is taken again for that.
    if (stopped) return Promise.resolve();
    turn ??= renew()
      .catch((error: unknown) => {
        notice();
        options.onTrouble(error);
      })
      .finally(() => (turn = undefined));
    return turn;
  }

  async function goOn(): Promise<void> {
    await refresh();
    const isHandingOver = [...leaving].some((name) => held.has(name));
    if (!stopped) timer = setTimeout(goOn, isHandingOver ? HANDOVER_MS : ttlMs / RENEWALS).unref();
  }

  return {
    async start() {
      await goOn();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await turn;
      const names = [...held.keys()];
      held.clear();
      notice();
      await store.releaseLeases(node, names);
    },
    refresh,
    version() {
      notice();
      return version;
    },
    partitions: () => numbersOf('partition/'),
    scopes: () => numbersOf('scope/'),
    delivers: (integration) => isHeld(`${INTEGRATION}${integration}`),
    lease: (integration) => held.get(`${INTEGRATION}${integration}`)?.lease.token,
    heldUntil: (integration) => held.get(`${INTEGRATION}${integration}`)?.until ?? 0,
    fences({ partitions = [], scopes = [], integrations = [] }) {
      const names = new Set([
        ...[...partitions].map((partition) => `partition/${partition}`),
        ...[...scopes].map((scope) => `scope/${scope}`),
        ...[...integrations].map((integration) => `integration/${integration}`),
      ]);
      return [...names].map((name): Fence => ({ name, token: held.get(name)?.lease.token ?? 0 }));
    },
  };
}

function nameOf(key: string): string {
  return key.slice(0, key.indexOf('\n'));
}
