import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TOKEN } from '../../bench/hub.ts';
import { SCOPES } from '../../src/model/scope.ts';
import { freePort } from '../interop/program.ts';
import { startKafka, type KafkaServers } from '../servers/kafka.ts';
import { startPostgres, type PostgresServer } from '../servers/postgres.ts';
import { createDatabase, type Database } from './database.ts';
import { mountDisk, type Disk } from './disk.ts';
import { openLink, type Link } from './link.ts';
import { createNode, THIS_PROGRAM, type ChaosNode } from './node.ts';
import { startReceiver, type Receiver } from './receiver.ts';

export const NODES = 3;
export const BROKERS = 3;
/** Each is a lease of its own, so that every node has some to send for. */
export const LANES = 6;
const PARTITIONS = 12;
/** Of the small disk under PostgreSQL, and what the load writes there in a second. */
const DISK_MEGABYTES = 768;
const WRITTEN_MEGABYTES = 2;
/** Of the one under a broker: its log, and its indexes, which are ten megabytes each as long as they grow, but sparse. */
const BROKER_DISK_MEGABYTES = 256;
/** The broker with a disk of its own, counted from 0. */
export const BROKER_WITH_DISK = BROKERS - 1;
const WHOLE_MS = 90_000;
const POLL_MS = 100;

export interface Cluster {
  readonly nodes: readonly ChaosNode[];
  readonly kafka: KafkaServers;
  readonly postgres: PostgresServer;
  readonly database: Database;
  readonly receiver: Receiver;
  /** Where the database keeps its files, when it has a small disk to itself; otherwise the reason why not. */
  readonly disk: Disk | { readonly missing: string };
  /** Likewise, of `BROKER_WITH_DISK`. */
  readonly brokerDisk: Disk | { readonly missing: string };
  /** The ways between servers: from the standby to the primary, and to each broker from the other ones. */
  readonly between: { readonly standby: readonly Link[]; readonly brokers: readonly (readonly Link[])[] };
  /** Of the nodes' logs. */
  readonly folder: string;
  /** The standby becomes the primary; the former one must be down. */
  promote(): Promise<void>;
  /** The former primary follows the new one, and what is acknowledged is on both again. */
  rejoin(): Promise<void>;
  /** The node that sends for most integrations: a fault there shows most. */
  busiest(): Promise<ChaosNode>;
  /** Until all nodes say that they are ready and all work has an owner; resolves with what is missing when that takes too long. */
  awaitWhole(): Promise<readonly string[]>;
  stop(options?: { readonly keepLogs?: boolean }): Promise<void>;
}

/**
 * Starts everything on this machine; `missing` says what isn't installed.
 *
 * @param options `seconds` of load that it has to hold, and the folder of the `program` that the nodes begin with
 */
export async function startCluster(
  say: (line: string) => void,
  { seconds = 0, program = THIS_PROGRAM }: { readonly seconds?: number; readonly program?: string } = {},
): Promise<Cluster | { missing: string }> {
  const stops: (() => Promise<unknown> | void)[] = [];
  const stopAll = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-chaos-'));
    const written = WRITTEN_MEGABYTES * Math.ceil(seconds);
    const disk = await mountDisk(DISK_MEGABYTES + written);
    if (!('missing' in disk)) stops.push(() => disk.close());
    const brokerDisk = await mountDisk(BROKER_DISK_MEGABYTES + written);
    if (!('missing' in brokerDisk)) stops.push(() => brokerDisk.close());
    say('starting PostgreSQL with a standby, and Apache Kafka');
    const ways = createWays();
    stops.push(() => ways.close());
    const postgres = await onDisk(disk, () => startPostgres({ wayTo: ways.toPrimary }));
    if ('missing' in postgres) return { missing: postgres.missing };
    stops.push(() => postgres.stop());
    const primary = await postgres.newDatabase();
    const standby = await postgres.startStandby();
    const replica = new URL(primary);
    replica.port = new URL(standby.url).port;
    let current = primary;
    const database = createDatabase(() => current);
    await makeSynchronous(database);

    const homes = 'missing' in brokerDisk ? {} : { [BROKER_WITH_DISK]: join(brokerDisk.path, 'broker') };
    const kafka = await startKafka({ brokers: BROKERS, homes, wayTo: ways.toBroker });
    if ('missing' in kafka) {
      await stopAll();
      return { missing: kafka.missing };
    }
    stops.push(() => kafka.stop());
    const receiver = await startReceiver();
    stops.push(() => receiver.close());

    const config = join(folder, 'signalbox.yaml');
    await writeFile(config, configuration());
    const nodes: ChaosNode[] = [];
    for (let number = 1; number <= NODES; number++) {
      const links: Link[] = [];
      const link = async (port: number | string): Promise<Link> => {
        const opened = await openLink(Number(port));
        links.push(opened);
        return opened;
      };
      stops.push(() => Promise.all(links.map((opened) => opened.close())));
      const brokerPorts = kafka.bootstrap.map((address) => address.split(':')[1]!);
      const first = await link(new URL(primary).port);
      const second = await link(replica.port);
      const journal = await Promise.all(brokerPorts.map(link));
      const toReceiver = await link(receiver.port);
      const node = createNode({
        name: `node-${number}`,
        port: await freePort(),
        folder,
        program,
        config,
        links: { database: [first, second], journal, receiver: toReceiver },
        env: {
          SIGNALBOX_STORAGE_URL: primary.replace(
            new URL(primary).host,
            `127.0.0.1:${first.port},127.0.0.1:${second.port}`,
          ),
          SIGNALBOX_JOURNAL_URL: `kafka://${kafka.bootstrap.join(',')}/chaos?partitions=${PARTITIONS}`,
          CHAOS_RECEIVER: `http://127.0.0.1:${toReceiver.port}`,
        },
        ports: Object.fromEntries(brokerPorts.map((port, broker) => [port, journal[broker]!.port])),
      });
      nodes.push(node);
      stops.push(() => node.end('SIGKILL'));
    }
    say(`starting ${NODES} nodes`);
    await Promise.all(nodes.map((node) => node.start()));
    const cluster: Cluster = {
      nodes,
      kafka,
      postgres,
      database,
      receiver,
      disk,
      brokerDisk,
      between: ways,
      folder,
      async promote() {
        await postgres.promoteStandby();
        current = current === primary ? replica.href : primary;
      },
      async rejoin() {
        await postgres.rejoin();
        await makeSynchronous(database);
      },
      async busiest() {
        const [owner] = await database.owners('integration/');
        return nodes.find(({ name }) => owner?.startsWith(`${name}.`)) ?? nodes[0]!;
      },
      async awaitWhole() {
        const deadline = performance.now() + WHOLE_MS;
        for (;;) {
          const missing = await findMissing(nodes, database);
          if (missing.length === 0 || performance.now() > deadline) return missing;
          await pause(POLL_MS);
        }
      },
      async stop({ keepLogs = false } = {}) {
        await stopAll();
        if (!keepLogs) await rm(folder, { recursive: true, force: true });
      },
    };
    const missing = await cluster.awaitWhole();
    if (missing.length > 0) throw new Error(`${missing.join(', ')}; see ${folder}`);
    return cluster;
  } catch (error) {
    await stopAll();
    throw error;
  }
}

/** Opened as servers ask for them; the same port is reached the same way again. */
function createWays() {
  const standby: Link[] = [];
  const brokers: Link[][] = Array.from({ length: BROKERS }, () => []);
  const known = new Map<number, Link>();
  const open = async (port: number, among: Link[]): Promise<number> => {
    let link = known.get(port);
    if (!link) {
      known.set(port, (link = await openLink(port)));
      among.push(link);
    }
    return link.port;
  };
  return {
    standby,
    brokers,
    toPrimary: (port: number) => open(port, standby),
    toBroker: (port: number, broker: number) => open(port, brokers[broker]!),
    close: () => Promise.all([...known.values()].map((link) => link.close())),
  };
}

/** What is acknowledged to the hub is on both servers, or a promotion would forget it. */
async function makeSynchronous(database: Database): Promise<void> {
  await database.run(`ALTER SYSTEM SET synchronous_standby_names = '*'`);
  await database.run('SELECT pg_reload_conf()');
}

/** What keeps the cluster from being whole, a line each. */
async function findMissing(nodes: readonly ChaosNode[], database: Database): Promise<readonly string[]> {
  const ready = await Promise.all(nodes.map((node) => node.isReady()));
  const missing = nodes.filter((_, index) => !ready[index]).map(({ name }) => `${name} is not ready`);
  for (const [prefix, count] of [
    ['partition/', PARTITIONS],
    ['scope/', SCOPES],
    ['integration/sink-', LANES],
  ] as const) {
    const owned = await database.leases(prefix);
    if (owned < count) missing.push(`${owned} of ${count} ${prefix} have an owner`);
  }
  return missing;
}

/** The servers under test make their folders where TMPDIR says. */
async function onDisk<Result>(
  disk: Disk | { missing: string },
  start: () => Promise<Result>,
): Promise<Result> {
  if ('missing' in disk) return start();
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = disk.path;
  try {
    return await start();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}

/** Every alert its own group, told at once; lanes spread the sending over the nodes. */
function configuration(): string {
  const lanes = Array.from({ length: LANES }, (_, lane) => lane);
  const sink = (lane: number) =>
    `  sink-${lane}: { connector: webhook, config: { url: '\${env:CHAOS_RECEIVER}/\${env:CHAOS_NODE}/sink-${lane}' } }`;
  return `
server: { access_log: false }
integrations:
  prom: { connector: alertmanager, auth: { bearer: ${TOKEN} } }
${lanes.map(sink).join('\n')}
receivers:
${lanes.map((lane) => `  lane-${lane}: [{ integration: sink-${lane} }]`).join('\n')}
routes:
  receiver: lane-0
  group_by: ['...']
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 100d
  routes:
${lanes.map((lane) => `    - { matchers: ['lane="${lane}"'], receiver: lane-${lane} }`).join('\n')}
`;
}
