import { setTimeout as wait } from 'node:timers/promises';
import {
  createHttpClient,
  createRedactor,
  Fault,
  isFault,
  secretValues,
  type Connector,
  type DeliverContext,
  type Emit,
  type KeyValue,
  type Logger,
  type Receipt,
  type WorkflowStart,
} from '@signalbox/sdk';
import { unlessAborted } from '../lib/unless-aborted.ts';
import type { IntegrationSettings } from '../model/settings.ts';
import { createHealth, recordOutcome } from './health.ts';
import type { HostMetrics } from './host-metrics.ts';
import type { CallElsewhere, DeliverCall, Integration, Outcome } from './integration.ts';
import { keepRunning, type Task } from './keep-running.ts';
import type { TlsTexts } from './read-tls.ts';
import { describeBug, redactFault, redactLog } from './redaction.ts';

export interface IntegrationParts {
  readonly settings: IntegrationSettings;
  readonly connector: Connector;
  /** Validated, defaults filled in. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly tls: TlsTexts;
  readonly log: Logger;
  readonly metrics: HostMetrics;
  readonly now: () => number;
  readonly version: string;
  /** Where what its task finds is recorded. */
  readonly emit: Emit;
}

/** An integration that can be closed: after its last call, which is waited for. */
export interface ClosableIntegration extends Integration {
  /** Begins the connector's `run`, if it has one. */
  startTask(): void;
  close(): Promise<void>;
}

/** Binds a connector to its configuration, its connections and its bookkeeping. Does no I/O. */
export function createIntegration(parts: IntegrationParts): ClosableIntegration {
  const { settings, connector, config, metrics, now } = parts;
  const { delivery, http, id } = settings;
  const redact = createRedactor([...secretValues(connector.config, config), ...proxyPassword(http.proxy)]);
  const connections = createHttpClient({
    version: parts.version,
    reach: http.reach,
    tls: { minVersion: http.tls.minVersion, ...parts.tls },
    ...(http.proxy === undefined ? {} : { proxy: http.proxy }),
    connections: delivery.concurrency,
    silenceMs: delivery.timeoutMs,
    breaker: delivery.breaker,
    now,
    // The audit trail of what left the house (VPA-113): host and outcome, never an address or a body.
    onResult: (result) => parts.log.debug('outbound request', { integration: id, ...result }),
  });
  const health = createHealth(now());
  const unwatch = metrics.watch(id, health);
  const calls = countCalls();
  const closing = new AbortController();
  let task: Task | undefined;

  function note({ outcome, seconds }: CallElsewhere): void {
    // While the task is down an answer may come from a memory that nobody fills any more.
    if (outcome.kind === 'success' && task?.isDown) health.successes += 1;
    else recordOutcome(health, outcome, now());
    const label = outcome.kind === 'success' ? 'success' : outcome.code.slice(3).toLowerCase();
    metrics.record({ integration: id, outcome: label, seconds });
  }

  async function run<T>(call: () => Promise<T>, log: Logger): Promise<T> {
    const startedMs = now();
    const finish = (outcome: Outcome) => note({ outcome, seconds: (now() - startedMs) / 1_000 });
    const done = calls.begin();
    try {
      const result = await call();
      finish({ kind: 'success' });
      return result;
    } catch (error) {
      const { thrown, outcome } = describe(error, log);
      finish(outcome);
      throw thrown;
    } finally {
      done();
    }
  }

  /** What is thrown on, without secrets, and its outcome for the health. */
  function describe(error: unknown, log: Logger): { readonly thrown: Error; readonly outcome: Outcome } {
    if (isFault(error)) {
      const thrown = redactFault(error, redact);
      return { thrown, outcome: { kind: 'fault', code: thrown.code, message: thrown.message } };
    }
    const thrown = describeBug(error, redact);
    log.error('a connector failed in a way it must not; this is a bug', { error });
    return { thrown, outcome: { kind: 'fault', code: 'SB_BUG', message: thrown.message } };
  }

  function contextOf(call: DeliverCall, bypassBreaker: boolean): DeliverContext<Record<string, unknown>> {
    const { signal, correlationId, idempotencyKey, state } = call;
    return {
      config,
      http: connections.forCall({ signal, correlationId, idempotencyKey, bypassBreaker }),
      log: redactLog(parts.log, redact, { integration: id, correlationId }),
      signal,
      now: () => new Date(now()),
      state,
    };
  }

  /** One question, which ends with the signal whether or not the connector listens to it. */
  function ask<T>(
    what: string,
    about: string,
    signal: AbortSignal,
    work: (context: DeliverContext<Record<string, unknown>>) => Promise<T>,
  ): Promise<T> {
    const call = {
      signal: AbortSignal.any([signal, closing.signal]),
      correlationId: `${what}-${id}-${about}`,
      idempotencyKey: '',
      state: NO_STATE,
    };
    const context = contextOf(call, false);
    const late = () => new Fault('SB_UNAVAILABLE', `${connector.title} did not answer in time`);
    return run(() => unlessAborted(work(context), call.signal, late), context.log);
  }

  function keyOf(work: () => string | undefined): string | undefined {
    try {
      return work();
    } catch (error) {
      const { thrown, outcome } = describe(error, redactLog(parts.log, redact, { integration: id }));
      recordOutcome(health, outcome, now());
      throw thrown;
    }
  }

  /** A start is delivered like a message; the engine's reference is what a vendor's id of a message is. */
  async function startRun(
    start: WorkflowStart,
    context: DeliverContext<Record<string, unknown>>,
  ): Promise<Receipt> {
    const { reference, summary } = await workflowOf(connector).start(start, context);
    return { summary, ...(reference === undefined ? {} : { vendorId: reference }) };
  }

  return {
    id,
    settings,
    connector,
    health,
    deliver(notification, call) {
      const context = contextOf(call, false);
      return run(async () => {
        const receipt = await (notification.run
          ? startRun({ ...notification, run: notification.run }, context)
          : notifierOf(connector).deliver(notification, context));
        return { ...receipt, summary: redact(receipt.summary) };
      }, context.log);
    },
    note,
    render: (notification) => notifierOf(connector).render(notification, config),
    probe(signal) {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(delivery.timeoutMs)]);
      const call = {
        signal: limited,
        correlationId: `probe-${id}-${now()}`,
        idempotencyKey: '',
        state: NO_STATE,
      };
      const context = contextOf(call, true);
      if (!connector.probe) return Promise.resolve();
      return run(() => connector.probe!(context), context.log);
    },
    cacheKey: (alert) => keyOf(() => enricherOf(connector).cacheKey(alert, config)),
    recordKey: (alert) => keyOf(() => enricherOf(connector).recordKey?.(alert, config)),
    enrich: (alert, signal) =>
      ask('enrich', alert.fingerprint, signal, (context) => enricherOf(connector).enrich(alert, context)),
    analyse: (subject, signal) =>
      ask('analyse', subject.alert.fingerprint, signal, (context) =>
        analystOf(connector).analyse(subject, context),
      ),
    score: (subject, signal) =>
      ask('score', subject.alert.fingerprint, signal, (context) =>
        scorerOf(connector).score(subject, context),
      ),
    list: (cursor, signal) =>
      ask('list', String(now()), signal, (context) => directoryOf(connector).list(cursor, context)),
    tellsRuns: connector.workflow?.status !== undefined && (connector.workflow.watches?.(config) ?? true),
    runStatus: (reference, runId, signal) =>
      ask('status', runId, signal, (context) => statusOf(connector)(reference, context)),
    startTask() {
      const work = connector.run;
      if (!work || task || closing.signal.aborted) return;
      const call = {
        signal: closing.signal,
        correlationId: `run-${id}`,
        idempotencyKey: '',
        state: NO_STATE,
      };
      const context = contextOf(call, false);
      task = keepRunning(() => work(context, parts.emit), {
        signal: closing.signal,
        random: Math.random,
        wait: (ms, signal) => wait(ms, undefined, { signal, ref: false }),
        onWell: () => recordOutcome(health, { kind: 'success' }, now()),
        onDown(error, waitMs) {
          const { thrown, outcome } = describe(error, context.log);
          recordOutcome(health, outcome, now());
          context.log.warn('the task of an integration ended and is started again', {
            reason: thrown.message,
            wait_ms: waitMs,
          });
        },
      });
    },
    async close() {
      closing.abort();
      await task?.ended;
      await calls.ended();
      unwatch();
      await connections.close();
      await connector.close?.(config);
    },
  };
}

/** Probes, questions and tasks have no effect, so they have nothing to remember beyond the process. */
const NO_STATE: KeyValue = {
  get: () => Promise.resolve(undefined),
  set: () => Promise.reject(new Error('only a delivery stores something')),
};

function enricherOf(connector: Connector) {
  if (connector.enricher) return connector.enricher;
  throw new Fault('SB_CONFIG', `${connector.title} does not enrich alerts`, { field: 'connector' });
}

function analystOf(connector: Connector) {
  if (connector.analyst) return connector.analyst;
  throw new Fault('SB_CONFIG', `${connector.title} does not analyse alerts`, { field: 'connector' });
}

function scorerOf(connector: Connector) {
  if (connector.scorer) return connector.scorer;
  throw new Fault('SB_CONFIG', `${connector.title} does not score alerts`, { field: 'connector' });
}

function directoryOf(connector: Connector) {
  if (connector.directory) return connector.directory;
  throw new Fault('SB_CONFIG', `${connector.title} is no directory`, { field: 'connector' });
}

function workflowOf(connector: Connector) {
  if (connector.workflow) return connector.workflow;
  throw new Fault('SB_CONFIG', `${connector.title} is no workflow engine`, { field: 'connector' });
}

function statusOf(connector: Connector) {
  const { status } = workflowOf(connector);
  if (status) return status;
  throw new Fault('SB_CONFIG', `${connector.title} does not say how runs go on`, { field: 'connector' });
}

function notifierOf(connector: Connector) {
  if (connector.notifier) return connector.notifier;
  throw new Fault('SB_CONFIG', `${connector.title} does not send notifications`, { field: 'connector' });
}

function proxyPassword(proxy: string | undefined): readonly string[] {
  const password = proxy === undefined ? undefined : URL.parse(proxy)?.password;
  return password ? [password, decodeURIComponent(password)] : [];
}

/** Knows when the last of the calls under way has ended. */
function countCalls() {
  let running = 0;
  let wake: (() => void) | undefined;
  return {
    begin() {
      running += 1;
      return () => {
        running -= 1;
        if (running === 0) wake?.();
      };
    },
    ended: () => (running === 0 ? Promise.resolve() : new Promise<void>((resolve) => (wake = resolve))),
  };
}
