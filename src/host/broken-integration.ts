import { Type, type Connector, type Fault } from '@signalbox/sdk';
import type { IntegrationSettings } from '../model/settings.ts';
import { createHealth, recordOutcome } from './health.ts';
import type { HostMetrics } from './host-metrics.ts';
import type { ClosableIntegration } from './create-integration.ts';

/**
 * Stands in for an integration that can't work: its connector is missing, its settings are wrong, a file can't be read. Every call ends
 * with the reason, so that its notifications go to their fallbacks and to the dead letters, and none is lost in silence.
 */
export function createBrokenIntegration(
  settings: IntegrationSettings,
  connector: Connector | undefined,
  fault: Fault,
  metrics: HostMetrics,
  nowMs: number,
): ClosableIntegration {
  const health = createHealth(nowMs);
  recordOutcome(health, { kind: 'fault', code: fault.code, message: fault.message }, nowMs);
  const unwatch = metrics.watch(settings.id, health);
  return {
    id: settings.id,
    settings,
    connector: connector ?? missingConnector(settings.connector),
    health,
    deliver: () => Promise.reject(fault),
    // It is as broken there.
    note: () => {},
    render() {
      throw fault;
    },
    cacheKey() {
      throw fault;
    },
    recordKey() {
      throw fault;
    },
    enrich: () => Promise.reject(fault),
    analyse: () => Promise.reject(fault),
    score: () => Promise.reject(fault),
    list: () => Promise.reject(fault),
    tellsRuns: false,
    runStatus: () => Promise.reject(fault),
    probe: () => Promise.reject(fault),
    startTask: () => {},
    close: () => Promise.resolve(unwatch()),
  };
}

function missingConnector(id: string): Connector {
  return {
    id,
    title: id,
    summary: 'This connector is not there.',
    version: '0.0.0',
    config: Type.Object({}),
  };
}
