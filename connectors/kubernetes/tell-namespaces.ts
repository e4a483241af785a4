import { isFault, type Emit, type Logger, type NamespaceStatement } from '@signalbox/sdk';
import type { ClusterCopy, Scope } from './cluster-copy.ts';
import { compact } from './dig.ts';
import type { NamespaceEntry, NamespaceLog } from './namespace-log.ts';
import type { Namespace } from './records.ts';

export interface TellingOptions {
  readonly cluster: string;
  /** Those of the kind `Namespace`. */
  readonly scopes: readonly Scope[];
  readonly copy: ClusterCopy;
  readonly namespaces: NamespaceLog;
  readonly emit: Emit;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Resolves after this time or when the signal aborts. */
  readonly wait: (ms: number) => Promise<void>;
}

const LOOK_MS = 1_000;
/** More than this that could not be told yet is forgotten, and the whole list is told instead. */
const MAX_WAITING = 10_000;

/**
 * Tells the hub of every namespace once the cluster was listed, and of every step after that, so that what happened while the hub was down is recorded, too.
 * What the hub does not take is told again.
 */
export async function tellNamespaces(options: TellingOptions): Promise<void> {
  const { cluster, scopes, copy, namespaces, log, signal, wait } = options;
  if (scopes.length === 0) return;
  let waiting: NamespaceStatement[] = [];
  let isListed = false;
  namespaces.onEntry = (entry) => {
    log.debug('a namespace changed', { cluster, namespace: entry.namespace, what: entry.what });
    waiting.push(...statementsOf(entry, cluster, copy));
    if (waiting.length <= MAX_WAITING) return;
    waiting = [];
    isListed = false;
  };
  while (!signal.aborted) {
    if (!isListed && scopes.every((scope) => copy.state(scope).asOf !== undefined)) {
      waiting = [...snapshotOf(options)];
      isListed = true;
    }
    const told = waiting;
    if (told.length > 0) {
      waiting = [];
      waiting = [...(await tell(told, options)), ...waiting];
    }
    await wait(LOOK_MS);
  }
}

/** Returns what has to be told again. One that the hub never takes must not keep the others back, so it is looked for in halves. */
async function tell(
  statements: readonly NamespaceStatement[],
  options: Pick<TellingOptions, 'emit' | 'log'>,
): Promise<readonly NamespaceStatement[]> {
  const { emit, log } = options;
  try {
    await emit(statements);
    return [];
  } catch (error) {
    const isRefused = isFault(error) && error.code === 'SB_REJECTED';
    if (isRefused && statements.length > 1) {
      const middle = statements.length >> 1;
      const again = await tell(statements.slice(0, middle), options);
      return [...again, ...(await tell(statements.slice(middle), options))];
    }
    const what = isRefused ? 'a namespace is not recorded' : 'namespaces are told to the hub again';
    log.warn(what, { reason: String(error) });
    return isRefused ? [] : statements;
  }
}

function snapshotOf({ cluster, scopes, copy }: TellingOptions): readonly NamespaceStatement[] {
  const there = [...copy.all('Namespace')] as Namespace[];
  const present = there.map((namespace) => presentOf(namespace, cluster));
  // What was not asked for, or had no room, is not gone.
  const isWhole = scopes.every((scope) => scope.namespace === '' && copy.state(scope).leftOut === 0);
  if (!isWhole) return present;
  return [{ cluster, what: 'listed', namespaces: there.map(({ name }) => name) }, ...present];
}

function statementsOf(
  { namespace, what, uid }: NamespaceEntry,
  cluster: string,
  copy: ClusterCopy,
): readonly NamespaceStatement[] {
  if (what === 'terminating') return [];
  if (what === 'deleted') return [{ cluster, what, namespace, ...compact({ uid }) }];
  const now = copy.find('Namespace', '', namespace);
  return now ? [presentOf(now, cluster)] : [];
}

function presentOf({ name, labels, uid, createdAt }: Namespace, cluster: string): NamespaceStatement {
  const created = createdAt === undefined ? undefined : new Date(createdAt).toISOString();
  return {
    cluster,
    what: 'present',
    namespace: name,
    labels,
    ...compact({ uid: uid === '' ? undefined : uid, createdAt: created }),
  };
}
