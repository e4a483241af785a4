import {
  createHttpClient,
  createRedactor,
  Fault,
  isFault,
  secretValues,
  type Connector,
  type DeliverContext,
  type KeyValue,
  type Logger,
} from '@signalbox/sdk';
import type { IntegrationSettings } from '../model/settings.ts';
import { createHealth, recordOutcome, type Outcome } from './health.ts';
import type { HostMetrics } from './host-metrics.ts';
import type { DeliverCall, Integration } from './integration.ts';
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
}

/** An integration that can be closed: after its last call, which is waited for. */
export interface ClosableIntegration extends Integration {
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

  async function run<T>(call: () => Promise<T>, log: Logger): Promise<T> {
    const startedMs = now();
    const finish = (outcome: Outcome) => {
      recordOutcome(health, outcome, now());
      const label = outcome.kind === 'success' ? 'success' : outcome.code.slice(3).toLowerCase();
      metrics.record({ integration: id, outcome: label, seconds: (now() - startedMs) / 1_000 });
    };
    const done = calls.begin();
    try {
      const result = await call();
      finish({ kind: 'success' });
      return result;
    } catch (error) {
      if (isFault(error)) {
        const fault = redactFault(error, redact);
        finish({ kind: 'fault', code: fault.code, message: fault.message });
        throw fault;
      }
      const bug = describeBug(error, redact);
      log.error('a connector failed in a way it must not; this is a bug', { error });
      finish({ kind: 'fault', code: 'SB_BUG', message: bug.message });
      throw bug;
    } finally {
      done();
    }
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

  return {
    id,
    settings,
    connector,
    health,
    deliver(notification, call) {
      const context = contextOf(call, false);
      return run(async () => {
        const receipt = await notifierOf(connector).deliver(notification, context);
        return { ...receipt, summary: redact(receipt.summary) };
      }, context.log);
    },
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
    async close() {
      await calls.ended();
      unwatch();
      await connections.close();
      await connector.close?.(config);
    },
  };
}

/** Probes have no effect, so they have nothing to remember. */
const NO_STATE: KeyValue = {
  get: () => Promise.resolve(undefined),
  set: () => Promise.reject(new Error('a probe must not store anything')),
};

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
