import { validateConfig, type ConfigProblem } from '@signalbox/sdk';
import type { Settings } from '../model/settings.ts';
import type { LoadedConnectors } from './load-connectors.ts';

type Checked = Pick<Settings, 'integrations' | 'receivers' | 'watchdog'>;

/**
 * Everything about integrations that only their connectors know: whether the connector exists, whether its settings fit its schema, and
 * whether it can do what receivers, fallbacks and the last resort want of it. Paths are those of the configuration
 * file, e.g. `integrations.pager.config.url`. To be called before a configuration is applied.
 */
export function checkIntegrations(settings: Checked, loaded: LoadedConnectors): readonly ConfigProblem[] {
  const { integrations, receivers, watchdog } = settings;
  const problems = Object.values(integrations).flatMap(({ id, connector: connectorId, config, endpoint }) => {
    const path = `integrations.${id}`;
    const connector = loaded.connectors.get(connectorId);
    if (!connector) return [{ path: `${path}.connector`, message: whyMissing(connectorId, loaded) }];
    const result = validateConfig(connector.config, config);
    const own = result.ok ? [] : result.problems.map((problem) => under(`${path}.config`, problem));
    if (endpoint && !connector.source) {
      own.push({ path: `${path}.connector`, message: `${connector.title} does not receive signals` });
    }
    return own;
  });

  const wantNotifier = (path: string, id: string): ConfigProblem[] => {
    const integration = integrations[id];
    if (!integration) return [{ path, message: `there is no integration ${id}` }];
    const connector = loaded.connectors.get(integration.connector);
    return connector && !connector.notifier
      ? [{ path, message: `${connector.title} does not send notifications` }]
      : [];
  };
  const targets = [
    ...Object.entries(receivers).flatMap(([name, entries]) =>
      entries.map((entry, index) => [`receivers.${name}[${index}].integration`, entry.integration] as const),
    ),
    ...Object.values(integrations).flatMap(({ id, delivery }) =>
      delivery.fallback.map(
        (target, index) => [`integrations.${id}.delivery.fallback[${index}]`, target] as const,
      ),
    ),
    ...(watchdog.lastResort === undefined ? [] : [['watchdog.last_resort', watchdog.lastResort] as const]),
  ];
  return [...problems, ...targets.flatMap(([path, id]) => wantNotifier(path, id))];
}

export function whyMissing(connectorId: string, { broken, connectors }: LoadedConnectors): string {
  const reason = broken.find(({ id }) => id === connectorId)?.reason;
  if (reason !== undefined) return `the connector ${connectorId} could not be loaded: ${reason}`;
  return `there is no connector ${connectorId}; there are ${[...connectors.keys()].toSorted().join(', ')}`;
}

function under(prefix: string, { path, message }: ConfigProblem): ConfigProblem {
  if (path === '') return { path: prefix, message };
  return { path: path.startsWith('[') ? `${prefix}${path}` : `${prefix}.${path}`, message };
}
