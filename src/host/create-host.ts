import { Fault, isFault, type Logger } from '@signalbox/sdk';
import { namespaceNewsOf } from '../normalise/namespace-statement.ts';
import type { NamespaceNews } from '../model/namespace.ts';
import type { IntegrationSettings, Settings } from '../model/settings.ts';
import type { MetricSet } from '../lib/metrics.ts';
import { createBrokenIntegration } from './broken-integration.ts';
import { createIntegration, type ClosableIntegration } from './create-integration.ts';
import { hostMetricsOf, type HostMetrics } from './host-metrics.ts';
import type { Host } from './integration.ts';
import type { LoadedConnectors } from './load-connectors.ts';
import { readTls } from './read-tls.ts';

export interface HostOptions {
  readonly settings: Pick<Settings, 'integrations'>;
  readonly connectors: LoadedConnectors;
  readonly log: Logger;
  /** Absent in all threads but one, because series of one name may exist only once in a process. */
  readonly metrics: MetricSet | undefined;
  readonly now: () => number;
  readonly version: string;
  /** Where what a task of an integration finds is recorded; only where tasks are started. */
  readonly record?: RecordNamespaces;
}

/** Resolves when it is on the disk. */
export type RecordNamespaces = (news: readonly NamespaceNews[]) => Promise<void>;

/**
 * Builds the integrations of one configuration. Never fails because of one of them: what can't work is reported, shown as misconfigured
 * and answers every call with the reason. Connects to nobody.
 */
export async function createHost(options: HostOptions): Promise<Host> {
  const { settings, connectors, log } = options;
  const metrics = hostMetricsOf(options.metrics);
  for (const { id, reason } of connectors.broken)
    log.error('a connector could not be loaded', { connector: id, reason });

  const built = await Promise.all(
    Object.values(settings.integrations).map((own) => build(own, options, metrics)),
  );
  const integrations = new Map<string, ClosableIntegration>(
    built.map((integration) => [integration.id, integration]),
  );
  for (const { id, health } of built) {
    if (health.lastFault)
      log.error('an integration can not work', { integration: id, reason: health.lastFault.message });
  }

  let closing: Promise<void> | undefined;
  return {
    connectors: [...connectors.connectors.values()],
    broken: connectors.broken,
    integrations,
    startTasks() {
      for (const integration of built) integration.startTask();
    },
    close: () => (closing ??= closeAll(built, log)),
  };
}

async function build(
  settings: IntegrationSettings,
  { connectors, log, now, version, record = NOWHERE }: HostOptions,
  metrics: HostMetrics,
): Promise<ClosableIntegration> {
  const connector = connectors.connectors.get(settings.connector);
  try {
    if (!connector)
      throw new Fault('SB_CONFIG', whyMissing(settings.connector, connectors), { field: 'connector' });
    const tls = await readTls(settings.http.tls);
    return createIntegration({
      settings,
      connector,
      config: settings.config,
      tls,
      log,
      metrics,
      now,
      version,
      emit: (statements) => record(namespaceNewsOf(settings, statements, now())),
    });
  } catch (error) {
    if (!isFault(error)) throw error;
    return createBrokenIntegration(settings, connector, error, metrics, now());
  }
}

function whyMissing(connectorId: string, { broken, connectors }: LoadedConnectors): string {
  const reason = broken.find(({ id }) => id === connectorId)?.reason;
  if (reason !== undefined) return `the connector ${connectorId} could not be loaded: ${reason}`;
  return `there is no connector ${connectorId}; there are ${[...connectors.keys()].toSorted().join(', ')}`;
}

const NOWHERE: RecordNamespaces = () => Promise.reject(new Error('tasks run elsewhere'));

/** One that does not close must not keep the others open. */
async function closeAll(integrations: readonly ClosableIntegration[], log: Logger): Promise<void> {
  const results = await Promise.allSettled(integrations.map((integration) => integration.close()));
  results.forEach((result, index) => {
    if (result.status === 'fulfilled') return;
    log.error('an integration did not close', {
      integration: integrations[index]!.id,
      error: String(result.reason),
    });
  });
}
