import type { Readiness } from './api/services.ts';
import type { DirectoryState } from './directory/keep-directory.ts';
import type { Host } from './host/integration.ts';
import type { WatchedJournal } from './journal/watched-journal.ts';
import type { StoreReader } from './store/reader.ts';
import type { StateStatus } from './state-protocol.ts';

export interface ReadinessInput {
  /** Undefined: the thread that owns the state did not answer. */
  readonly status: StateStatus | undefined;
  readonly journal: WatchedJournal;
  readonly reader: StoreReader;
  readonly host: Host;
  /** The process was told to stop and goes on only for those who do not know it yet. */
  readonly isStopping: boolean;
  readonly directory: DirectoryState;
  readonly now: number;
}

/** One entry per part, each checked for itself: a check that fails says so under its own name and the others still run (HNP-046). */
export async function checkReadiness(input: ReadinessInput): Promise<readonly Readiness[]> {
  const { status, journal, reader, host, isStopping } = input;
  const trouble = journal.trouble();
  const parts: Readiness[] = [
    ...(isStopping ? [part('listener', false, 'stops')] : []),
    part('journal', trouble === undefined, trouble ? `can't be written: ${trouble.reason}` : 'takes signals'),
    await check('store', async () => {
      await reader.positions();
      if (!status) throw new Error('the thread that owns the state does not answer');
      if (status.trouble !== undefined) throw new Error(status.trouble);
      return 'takes changes';
    }),
    pipelinePart(status),
  ];
  for (const { id, health } of host.integrations.values()) {
    const ready =
      health.status !== 'misconfigured' && health.status !== 'refused' && health.status !== 'degraded';
    const detail = ready ? health.status : `${health.status}: ${health.lastFault?.message ?? 'no details'}`;
    parts.push({ part: `integration:${id}`, ready, required: false, detail });
  }
  if (input.directory.integration !== undefined) parts.push(directoryPart(input.directory, input.now));
  for (const { id, reason } of host.broken)
    parts.push({ part: `connector:${id}`, ready: false, required: false, detail: reason });
  return parts;
}

/**
 * A node that has been ready once goes on taking signals while it catches up with a share that another node gave up: if a balancer took it
 * out for that, nobody would be left during a rolling upgrade.
 */
function pipelinePart(status: StateStatus | undefined): Readiness {
  const isWaiting = status?.waitsFor !== undefined;
  return {
    part: 'pipeline',
    ready: status?.caughtUp === true && !isWaiting,
    required: isWaiting || status?.wasCaughtUp !== true,
    detail: describePipeline(status),
  };
}

function describePipeline(status: StateStatus | undefined): string {
  if (status?.waitsFor !== undefined) return `waits: ${status.waitsFor}`;
  return status?.caughtUp ? `caught up, ${status.lagMs} ms behind` : 'catches up with the journal';
}

/** Nobody is told later because of it; whoever looks sees how old it is. */
function directoryPart(
  { readAt, entries, failure, check: compared }: DirectoryState,
  now: number,
): Readiness {
  const age = readAt === undefined ? 'not read yet' : `read ${Math.round((now - readAt) / 1_000)} s ago`;
  const wrong = compared?.findings.length ?? 0;
  const said = `${entries} entries, ${age}${wrong === 0 ? '' : `; ${wrong} names of the configuration to look at`}`;
  const detail = failure ? `can't be read: ${failure.reason} (${said})` : said;
  return { part: 'directory', ready: failure === undefined, required: false, detail };
}

function part(name: string, ready: boolean, detail: string): Readiness {
  return { part: name, ready, required: true, detail };
}

async function check(name: string, run: () => Promise<string>): Promise<Readiness> {
  try {
    return part(name, true, await run());
  } catch (error) {
    return part(name, false, error instanceof Error ? error.message : String(error));
  }
}
