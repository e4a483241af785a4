import type { Connector } from '@signalbox/sdk';
import type { Settings } from '../model/settings.ts';
import type { BoundFilter } from '../rules/compile-rules.ts';

/** Finds the filter of an integration, with its configuration. */
export function filtersOf(
  { integrations }: Pick<Settings, 'integrations'>,
  connectors: ReadonlyMap<string, Connector>,
): (integration: string) => BoundFilter | undefined {
  return (id) => {
    const integration = integrations[id];
    const filter = integration && connectors.get(integration.connector)?.filter;
    return filter && ((alert) => filter.decide(alert, integration.config));
  };
}
