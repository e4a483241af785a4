// What a node needs to share the work with others: leases, the journal's group, and news of what others commit. Built by the state's
// thread; a process that shares nothing has none of it.
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { openStoreReader, type ReaderJournal } from './drivers.ts';
import { engineOf } from './journal/engine.ts';
import type { Membership } from './journal/kafka/assignment.ts';
import { monotonicNow } from './lib/clock.ts';
import { createIds } from './lib/id.ts';
import type { Logger } from './lib/log.ts';
import type { MetricSet } from './lib/metrics.ts';
import { OWN_INTEGRATION } from './model/own-integration.ts';
import type { Settings } from './model/settings.ts';
import { createAgreement } from './ownership/agreement.ts';
import { createLeasedOwnership, type OwnershipChange } from './ownership/leased.ts';
import { ownEverything, type Ownership } from './ownership/ownership.ts';
import { shareOf } from './ownership/share.ts';
import { ROUTING_KEY } from './pipeline/regroup-step.ts';
import { routingSignature } from './pipeline/regroup.ts';
import { createPublishMetrics } from './publish/metrics.ts';
import type { Publisher } from './publish/publisher.ts';
import type { Store } from './store/port.ts';
import type { StoreReader } from './store/reader.ts';
import type { CommitNews } from './store/postgres/listen.ts';

export interface SharingParts {
  readonly settings: () => Settings;
  readonly store: Store;
  readonly journal: ReaderJournal;
  /** Integrations that anything may be sent to, also those that the configuration has no more. */
  readonly integrations: () => readonly string[];
  /** Integrations at which this node is in the middle of sending. */
  readonly sendingTo: () => ReadonlySet<string>;
  readonly now: () => number;
  readonly log: Logger;
  readonly metrics: MetricSet;
  readonly onChange: (change: OwnershipChange) => void;
  readonly onNews: (news: ReadonlySet<CommitNews>) => void;
}

export interface Sharing {
  readonly ownership: Ownership;
  /** Whether there is anybody to share with. */
  readonly isShared: boolean;
  start(): Promise<void>;
  /** Gives everything up, after the last commit. */
  stop(): Promise<void>;
  /** How many processes share the work, this one among them. */
  nodes(): Promise<number>;
  /** Why this node decides nothing at present. */
  waitsFor(): string | undefined;
}

const TTL_MS = 9_000;
const REJOIN_MS = 1_000;

export function shareWork(parts: SharingParts): Sharing {
  const { storage } = parts.settings();
  if (storage.url === undefined) return shareNothing(parts.journal.partitions);
  return shareWithOthers(parts, storage.url);
}

function shareNothing(partitions: number): Sharing {
  return {
    ownership: ownEverything(partitions),
    isShared: false,
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    nodes: () => Promise.resolve(1),
    waitsFor: () => undefined,
  };
}

function shareWithOthers(parts: SharingParts, url: string): Sharing {
  const { settings, store, journal, now, log } = parts;
  const { server, storage } = settings();
  const name = server.nodeId ?? `${hostname()}-${server.listen.port}`;
  // Leases are a process's own: one that is started anew under the same name must not take itself for the old one.
  const node = `${name}.${createIds(now)()}`;
  const all = Array.from({ length: journal.partitions }, (_, partition) => partition);
  const engine = storage.journalUrl === undefined ? 'file' : engineOf(storage.journalUrl);
  let membership: Membership | undefined;
  let listening: { close(): Promise<void> } | undefined;
  let trouble: string | undefined;
  let stopped = false;
  let joining = false;
  /** Whether this node takes part in reading a journal that is shared. */
  let isReader = false;
  let publisher: Publisher | undefined;
  let feed: StoreReader | undefined;

  const agreement = createAgreement({
    store,
    node,
    signature: () => routingSignature(settings()),
    stored: () => store.connectorState(OWN_INTEGRATION, ROUTING_KEY, now()),
    ttlMs: TTL_MS,
  });
  const ownership = createLeasedOwnership({
    store,
    node,
    roles: (['process', 'deliver'] as const).filter((role) => server.roles.includes(role)),
    assigned,
    agreement: { look: lookAndFollow },
    integrations: parts.integrations,
    sendingTo: parts.sendingTo,
    monotonic: monotonicNow,
    onChange: parts.onChange,
    onTrouble: (error) => log.warn('leases could not be renewed', { reason: String(error) }),
    ttlMs: TTL_MS,
  });

  /** A journal in this node's own file is all this node's; Kafka divides its partitions by itself, PostgreSQL leaves that to the leases. */
  function assigned(nodes: readonly string[]): readonly number[] {
    if (engine === 'file') return all;
    if (engine === 'kafka') return membership?.partitions() ?? [];
    return shareOf(node, nodes, all, 'partition/');
  }

  /**
   * A node that stands aside leaves the group of those that read the journal: what the brokers gave to it nobody would process. Neither is
   * waited for, because brokers take their time to form a group, and signals are taken in meanwhile.
   */
  async function lookAndFollow(): ReturnType<typeof agreement.look> {
    const answer = await agreement.look();
    if (!answer.mayProcess) void leave();
    else if (isReader) void join();
    return answer;
  }

  async function leave(): Promise<void> {
    const left = membership;
    membership = undefined;
    if (left) await endAll(log, [left.leave()]);
  }

  async function join(): Promise<void> {
    if (joining || membership) return;
    joining = true;
    while (!stopped && agreement.waitsFor() === undefined && !membership) {
      try {
        membership = await joinOnce();
        trouble = undefined;
      } catch (error) {
        report(error as Error);
        await pause(REJOIN_MS, undefined, { ref: false });
      }
    }
    joining = false;
    // Stopped, or put aside, while the brokers answered.
    if (stopped || agreement.waitsFor() !== undefined) return leave();
    await ownership.refresh();
  }

  /** What changes is told to whoever follows the topics; one node does it at a time. */
  async function publish(journalUrl: string): Promise<void> {
    const { openPublisher } = await import('./publish/open-publisher.ts');
    feed = await openStoreReader(storage);
    publisher = openPublisher(journalUrl, storage.publish, {
      store,
      feed,
      node,
      ttlMs: TTL_MS,
      now,
      monotonic: () => performance.now(),
      log,
      metrics: createPublishMetrics(parts.metrics),
    });
  }

  function report(error: Error): void {
    trouble = error.message;
    log.warn('the group of nodes that read the journal could not be joined', { reason: error.message });
  }

  async function joinOnce(): Promise<Membership> {
    const { joinGroup } = await import('./journal/kafka/assignment.ts');
    const { parseKafkaUrl } = await import('./journal/kafka/url.ts');
    const group = parseKafkaUrl(storage.journalUrl!);
    return joinGroup({
      settings: group,
      groupId: `${group.prefix}-process`,
      instanceId: name,
      onAssigned: () => void ownership.refresh(),
      onRevoked(partitions) {
        journal.release?.(partitions);
        void ownership.refresh();
      },
      onTrouble: report,
    });
  }

  return {
    ownership,
    isShared: true,
    async start() {
      const { listenForCommits } = await import('./store/postgres/listen.ts');
      listening = listenForCommits({
        url,
        onChange(news) {
          if (news.has('revision')) void ownership.refresh();
          if (news.has('changes')) publisher?.poke();
          parts.onNews(news);
        },
        onTrouble: (error) =>
          log.warn('news of other nodes are not heard; they are looked for', { reason: error.message }),
      });
      await ownership.start();
      if (!server.roles.includes('process') || engine !== 'kafka') return;
      isReader = true;
      void join();
      await publish(storage.journalUrl!);
    },
    async stop() {
      stopped = true;
      // Leases go first, so that whoever gets the work next need not wait for them. What can't be given up runs out by itself.
      const done = Promise.resolve();
      await endAll(log, [ownership.stop()]);
      await endAll(log, [leave(), publisher?.stop() ?? done]);
      await endAll(log, [feed?.close() ?? done, listening?.close() ?? done]);
    },
    nodes: async () => Math.max(1, (await store.leases('node/process/')).length),
    waitsFor() {
      return agreement.waitsFor() ?? (membership?.partitions().length === 0 ? trouble : undefined);
    },
  };
}

/** Each ends for itself: one that does not holds up none of the others. */
async function endAll(log: Logger, ends: readonly Promise<void>[]): Promise<void> {
  for (const ended of await Promise.allSettled(ends)) {
    if (ended.status === 'rejected')
      log.warn('a shared part of the work did not end cleanly', { reason: String(ended.reason) });
  }
}
