import { Admin } from '@platformatic/kafka';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  endProcess,
  findProgram,
  freePort,
  hasEnded,
  startProgram,
  waitUntil,
  type Program,
} from '../interop/program.ts';
import {
  brokerProperties,
  KAFKA_PASSWORD,
  KAFKA_USER,
  SCRAM_MECHANISMS,
  type BrokerPlan,
} from './kafka-properties.ts';
import { startRelay, type Relay } from './relay.ts';

/** The version that scripts/setup-servers.sh fetches. */
const KAFKA_VERSION = '4.1.1';
/** Starts fast, stays small: a test's broker runs for seconds. */
const JAVA_OPTIONS = ['-Xmx256m', '-Xms64m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];
const LOG_OPTIONS = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'];

export interface KafkaServers {
  /** `host:port` of every broker, for clients; with SASL or TLS where that was asked for. */
  readonly bootstrap: readonly string[];
  /** Ends one broker as a power cut would, unless it has ended by itself. Brokers are counted from 0. */
  kill9(broker: number): Promise<void>;
  /** Asks one broker to end and waits. */
  stopBroker(broker: number): Promise<void>;
  /** Starts a broker that was stopped or killed, with the data it had. */
  startBroker(broker: number): Promise<void>;
  /** Whether one broker runs: it ends by itself when it cannot use its disk. */
  isRunning(broker: number): boolean;
  /** Cuts the clients off from all brokers, until the returned function is called; needs `relay`. */
  cut(): () => void;
  stop(): Promise<void>;
}

export interface KafkaOptions {
  readonly brokers: 1 | 3;
  /** Clients sign in by PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER (unsigned tokens); the user is `KAFKA_USER`. */
  readonly sasl?: boolean;
  /** Clients speak TLS; certificate and key in PEM, for 127.0.0.1. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Clients go through a relay that can be cut. */
  readonly relay?: boolean;
  /** Folders for the settings and the data of single brokers, each on a disk of its own; the others lie together. */
  readonly homes?: Readonly<Record<number, string>>;
  /** By which port of 127.0.0.1 the others reach one of a broker's, for a way that can be cut. Default: by that port itself. */
  readonly wayTo?: (port: number, broker: number) => Promise<number>;
  /** More lines for server.properties. */
  readonly properties?: Readonly<Record<string, string>>;
}

/**
 * Starts real Apache Kafka in KRaft mode: each broker is a controller too, on free ports of 127.0.0.1, with its data in a temporary
 * folder. The brokers end with this process, however it ends. Where Java or the jars are missing it says so, and the test is skipped.
 */
export async function startKafka(options: KafkaOptions): Promise<KafkaServers | { missing: string }> {
  const missing = whyMissing();
  if (missing !== undefined) return { missing };
  try {
    return await startBrokers(options);
  } catch {
    // Somebody may have taken a port that was free; the second failure is one of Kafka itself.
    return startBrokers(options);
  }
}

async function startBrokers(options: KafkaOptions): Promise<KafkaServers> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-kafka-'));
  const clusterId = randomBytes(16).toString('base64url');
  const relays: Relay[] = [];
  const plans = await planBrokers(options, folder, relays);
  const running = new Map<number, { program: Program; watcher: ChildProcess }>();

  const start = (broker: number): Program => {
    const { home } = plans[broker]!;
    const program = startProgram('java', [
      ...JAVA_OPTIONS,
      ...LOG_OPTIONS,
      ...classPath(),
      'kafka.Kafka',
      join(home, 'server.properties'),
    ]);
    running.set(broker, { program, watcher: watch(program.child.pid!, folder) });
    return program;
  };
  const end = async (broker: number, signal: NodeJS.Signals): Promise<void> => {
    const found = running.get(broker);
    if (!found) return;
    running.delete(broker);
    await endProcess(found.program.child, signal);
    found.watcher.kill('SIGKILL');
  };
  const servers: KafkaServers = {
    bootstrap: plans.map(({ advertisedPort }) => `127.0.0.1:${advertisedPort}`),
    cut() {
      const repairs = relays.map((relay) => relay.cut());
      return () => repairs.forEach((repair) => repair());
    },
    kill9: (broker) => end(broker, 'SIGKILL'),
    isRunning(broker) {
      const found = running.get(broker);
      return found !== undefined && !hasEnded(found.program.child);
    },
    stopBroker: (broker) => end(broker, 'SIGTERM'),
    async startBroker(broker) {
      await waitForBrokers([start(broker)], plans, running.size);
    },
    async stop() {
      // A cluster that ends as a whole has no majority to end in good order, and its data goes anyway.
      await Promise.all([...running.keys()].map((broker) => end(broker, 'SIGKILL')));
      await Promise.all(relays.map((relay) => relay.close()));
      const folders = [folder, ...plans.map(({ home }) => home)];
      await Promise.all(folders.map((path) => rm(path, { recursive: true, force: true })));
    },
  };
  try {
    await Promise.all(plans.map((plan) => format(plan, plans, clusterId, options)));
    const programs = plans.map((_, broker) => start(broker));
    await waitForBrokers(programs, plans, plans.length);
    return servers;
  } catch (error) {
    await servers.stop();
    throw error;
  }
}

function whyMissing(): string | undefined {
  if (findProgram('java') === undefined) return 'java is not on the PATH (17 or newer runs Apache Kafka)';
  if (!existsSync(jarFolder()))
    return `Apache Kafka ${KAFKA_VERSION} is not installed (npm run setup:servers installs it)`;
  return undefined;
}

function jarFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(cache, 'signalbox', `kafka-${KAFKA_VERSION}`);
}

function classPath(): string[] {
  return ['-cp', join(jarFolder(), '*')];
}

async function planBrokers(options: KafkaOptions, folder: string, relays: Relay[]): Promise<BrokerPlan[]> {
  const plans: BrokerPlan[] = [];
  for (let id = 1; id <= options.brokers; id++) {
    const home = options.homes?.[id - 1] ?? join(folder, `broker-${id}`);
    await mkdir(home, { recursive: true });
    const [clientPort, innerPort, controllerPort] = await Promise.all([freePort(), freePort(), freePort()]);
    const wayTo = async (port: number) => (await options.wayTo?.(port, id - 1)) ?? port;
    const relay = options.relay ? await startRelay(clientPort) : undefined;
    if (relay) relays.push(relay);
    plans.push({
      id,
      home,
      clientPort,
      advertisedPort: relay?.port ?? clientPort,
      innerPort,
      innerWay: await wayTo(innerPort),
      controllerPort,
      controllerWay: await wayTo(controllerPort),
    });
  }
  return plans;
}

/** Writes the settings and makes the empty storage, which knows the SCRAM users. */
async function format(
  plan: BrokerPlan,
  plans: readonly BrokerPlan[],
  clusterId: string,
  options: KafkaOptions,
): Promise<void> {
  const file = join(plan.home, 'server.properties');
  if (options.tls) {
    await writeFile(join(plan.home, 'server.pem'), options.tls.key + options.tls.cert, { mode: 0o600 });
  }
  await writeFile(file, brokerProperties(plan, plans, options));
  const users = SCRAM_MECHANISMS.flatMap((name) => [
    '--add-scram',
    `${name}=[name=${KAFKA_USER},password=${KAFKA_PASSWORD}]`,
  ]);
  const program = startProgram('java', [
    ...JAVA_OPTIONS,
    ...classPath(),
    'kafka.tools.StorageTool',
    'format',
    // One that begins with a hyphen would be read as a flag if it stood by itself.
    `--cluster-id=${clusterId}`,
    `--config=${file}`,
    ...(options.sasl ? users : []),
  ]);
  const [code] = (await once(program.child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`Apache Kafka could not format its storage:\n${program.output()}`);
}

/** Kills the broker and removes its data when this process ends, also by SIGKILL: then the pipe closes, and the shell reads its end. */
function watch(pid: number, folder: string): ChildProcess {
  const watcher = spawn('sh', ['-c', 'read -r _; kill -9 "$1"; rm -rf "$2"', 'sh', String(pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.unref();
  return watcher;
}

/** Until the cluster knows of so many brokers. Asks by the inner listener, where nobody has to sign in. */
async function waitForBrokers(
  programs: readonly Program[],
  plans: readonly BrokerPlan[],
  expected: number,
): Promise<void> {
  const admin = new Admin({
    clientId: 'signalbox-test',
    bootstrapBrokers: plans.map(({ innerPort }) => `127.0.0.1:${innerPort}`),
    retries: 0,
  });
  try {
    const isComplete = async () => {
      try {
        const { brokers } = await admin.metadata({ topics: [], forceUpdate: true });
        return brokers.size === expected;
      } catch {
        return false;
      }
    };
    await Promise.all(
      programs.map((program) => waitUntil(program, `${expected} brokers answer`, isComplete)),
    );
  } finally {
    await admin.close();
  }
}
