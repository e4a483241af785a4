import { compact, isTrueAt, listAt, numberAt, textAt, timeAt } from './dig.ts';
import { countAt, keepConditions, keepMeta, type Keep } from './keep-meta.ts';
import type { Container, Pod } from './records.ts';

const STATES = ['waiting', 'terminated', 'running'];

export function keepPod(object: unknown, options: Keep): Pod | undefined {
  const meta = keepMeta('Pod', object, options);
  if (!meta) return undefined;
  // Init containers first: a pod that does not start mostly waits for one of them.
  const names = ['initContainerStatuses', 'containerStatuses'];
  const statuses = names.flatMap((name) => listAt(object, 'status', name));
  return compact({
    ...meta,
    node: textAt(object, 'spec', 'nodeName'),
    phase: textAt(object, 'status', 'phase'),
    reason: textAt(object, 'status', 'reason'),
    startedAt: timeAt(object, 'status', 'startTime'),
    deletingSince: timeAt(object, 'metadata', 'deletionTimestamp'),
    conditions: keepConditions(object),
    containers: statuses.slice(0, 32).map(keepContainer),
  });
}

function keepContainer(status: unknown): Container {
  const state = STATES.find((name) => timeOrReason(status, 'state', name));
  return compact({
    name: textAt(status, 'name') ?? '',
    image: textAt(status, 'image'),
    ready: isTrueAt(status, 'ready'),
    restarts: countAt(status, 'restartCount'),
    state,
    reason: state === undefined ? undefined : textAt(status, 'state', state, 'reason'),
    exitCode: numberAt(status, 'state', 'terminated', 'exitCode'),
    lastReason: textAt(status, 'lastState', 'terminated', 'reason'),
    lastExitCode: numberAt(status, 'lastState', 'terminated', 'exitCode'),
    lastEndedAt: timeAt(status, 'lastState', 'terminated', 'finishedAt'),
  });
}

function timeOrReason(status: unknown, ...path: readonly string[]): boolean {
  return ['reason', 'startedAt', 'finishedAt'].some((field) => textAt(status, ...path, field) !== undefined);
}
