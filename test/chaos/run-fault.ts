import { setTimeout as pause } from 'node:timers/promises';
import { findUnprocessed, readAlerts } from '../../bench/hub-api.ts';
import { LANES, type Cluster } from './cluster.ts';
import { HOLD_MS, type Fault, type Round } from './fault.ts';
import { startLoad, type Memory } from './load.ts';
import { findGap, findLate, findRecovery, type Late, type Recovery } from './recovery.ts';
import { judge, type Verdict } from './verdict.ts';

export interface FaultReport extends Verdict {
  readonly name: string;
  readonly title: string;
  readonly rounds: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly unanswered: number;
  /** Attempts that were under way when their node was lost, as those who settled them counted: what may be repeated. */
  readonly inFlight: number;
  /** Of the slowest round. */
  readonly recovery: Recovery;
  /** Statements that were told more than three seconds after they were acknowledged. */
  readonly late: readonly Late[];
  /** The longest time in which no sender had an answer. */
  readonly silentMs: number;
  /** What only this fault may not lead to, and what did not become whole. */
  readonly others: readonly string[];
  /** What the hub said when it refused, a few of them. */
  readonly refusals: readonly string[];
}

const LEAD_MS = 2_000;
const TAIL_MS = 2_500;
/** One round of a fault that lasts as long as most do. */
const ROUND_MS = LEAD_MS + HOLD_MS + TAIL_MS;
/** Groups tick every second; after three of them without news nothing is to be told any more. */
const QUIET_MS = 3_500;
const SETTLE_MS = 90_000;
const POLL_MS = 250;
const RECEIPT_CONNECTIONS = 4;

/** Runs one fault under load for about so many seconds, a round after the other, waits until it is quiet, and compares. */
export async function runFault(
  cluster: Cluster,
  fault: Fault,
  options: { readonly seconds: number; readonly seed: number; readonly say: (line: string) => void },
): Promise<FaultReport> {
  const { say } = options;
  const others: string[] = [];
  const heardBefore = cluster.receiver.arrivals.length;
  const knownBefore = new Set((await cluster.database.deliveries()).keys());
  const abandonedBefore = await cluster.database.abandoned();
  const load = startLoad({
    ports: cluster.nodes.map(({ port }) => port),
    name: `${fault.name}-${options.seed}`,
    seed: options.seed,
    lanes: LANES,
  });
  const rounds: Omit<Round, 'arrivals'>[] = [];
  const count = Math.max(1, Math.floor(options.seconds / (ROUND_MS / 1000)));
  // Where servers have to be started again a round takes longer than planned.
  const overAt = performance.now() + options.seconds * 1000;
  try {
    for (let round = 0; round < count && (round === 0 || performance.now() < overAt); round++) {
      await pause(LEAD_MS);
      rounds.push(await runRound(cluster, fault, round));
      await pause(TAIL_MS);
      others.push(...(await cluster.awaitWhole()));
      if (count > 1) say(`${fault.name}: ${round + 1} of ${count} rounds`);
    }
  } finally {
    await load.stop();
  }
  const memory = await load.stop();
  others.push(...(await settle(cluster, memory)));

  const arrivals = cluster.receiver.arrivals.slice(heardBefore);
  const deliveries = [...(await cluster.database.deliveries())].filter(([id]) => !knownBefore.has(id));
  const found = judge({
    knowledge: memory.knowledge,
    alerts: await readAlerts(cluster.nodes[0]!.url),
    arrivals,
    deliveries: new Map(deliveries),
  });
  const verdict = { ...found, untold: await explainUntold(cluster, found.untold) };
  rounds.forEach((round, index) => {
    const until = rounds[index + 1]?.injectedAt ?? Infinity;
    const own = arrivals.filter(({ at }) => at >= round.injectedAt && at < until);
    others.push(...(fault.inspect?.({ ...round, arrivals: own }) ?? []));
  });
  const late = findLate(memory.acknowledgedAt, arrivals);
  const trouble = [...memory.refused, ...memory.unanswered];
  if (fault.isPlanned)
    others.push(
      ...trouble.map(
        ({ at, node, what }) =>
          `a request to node-${node + 1} failed at ${new Date(at).toISOString()}: ${what}`,
      ),
    );
  return {
    ...verdict,
    name: fault.name,
    title: fault.title,
    rounds: rounds.length,
    acknowledged: memory.receipts.length,
    refused: memory.refused.length,
    unanswered: memory.unanswered.length,
    inFlight: (await cluster.database.abandoned()) - abandonedBefore,
    recovery: slowest(
      rounds,
      [...late, ...trouble].map(({ at }) => at),
    ),
    silentMs: findGap([...memory.acknowledgedAt.values()]),
    late,
    others,
    refusals: trouble.slice(0, 5).map(({ node, what }) => `node-${node + 1}: ${what}`),
  };
}

/** The first of them with what the store has of it, because the cluster is gone before anybody can ask. */
async function explainUntold(cluster: Cluster, untold: readonly string[]): Promise<readonly string[]> {
  const [first, ...rest] = untold;
  if (first === undefined) return [];
  const history = await cluster.database.history(first.split(':')[0]!);
  return [[first, ...history].join('\n    '), ...rest];
}

function slowest(rounds: readonly Omit<Round, 'arrivals'>[], wrongAt: readonly number[]): Recovery {
  const found = rounds.map((round, index) =>
    findRecovery(round, rounds[index + 1]?.injectedAt ?? Infinity, wrongAt),
  );
  return {
    fromFaultMs: Math.max(...found.map(({ fromFaultMs }) => fromFaultMs)),
    fromEndMs: Math.max(...found.map(({ fromEndMs }) => fromEndMs)),
  };
}

async function runRound(cluster: Cluster, fault: Fault, round: number): Promise<Omit<Round, 'arrivals'>> {
  const victim = await cluster.busiest();
  const scene = { cluster, victim, round };
  const injectedAt = Date.now();
  await fault.inject(scene);
  await pause(fault.holdMs ?? HOLD_MS);
  await fault.heal(scene);
  return { victim: victim.name, injectedAt, healedAt: Date.now() };
}

/** Until everything that was acknowledged is processed and told. Resolves with what is not, when that takes too long. */
async function settle(cluster: Cluster, { receipts }: Memory): Promise<readonly string[]> {
  const deadline = performance.now() + SETTLE_MS;
  const isLate = (): boolean => performance.now() > deadline;
  let missing: readonly string[] = receipts;
  while (missing.length > 0) {
    const asked = missing.map((line) => line.split(':')[0]!);
    missing = await findUnprocessed(cluster.nodes[0]!.port, asked, RECEIPT_CONNECTIONS);
    if (isLate()) return missing.map((line) => `not processed: ${line}`);
    if (missing.length > 0) await pause(POLL_MS);
  }
  const { arrivals } = cluster.receiver;
  for (;;) {
    const open = await cluster.database.open();
    const quietMs = Date.now() - (arrivals.at(-1)?.at ?? 0);
    if (open.length === 0 && quietMs > QUIET_MS) return [];
    if (isLate())
      return open.length > 0 ? open.map((line) => `not settled: ${line}`) : ['it does not become quiet'];
    await pause(POLL_MS);
  }
}
