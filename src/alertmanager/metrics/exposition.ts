import type { Services } from '../../api/services.ts';
import { clusterFamilies } from './cluster.ts';
import { configurationFamilies, type ConfigurationState } from './configuration.ts';
import { createStateCounts } from './count-states.ts';
import { family, formatFamilies, readSamples, type Family } from './families.ts';
import { INTAKE_SOURCES, intakeFamilies } from './intake.ts';
import { NOTIFICATION_SOURCES, notificationFamilies } from './notifications.ts';

export interface ExpositionParts {
  readonly services: Pick<Services, 'reader' | 'settings' | 'suppressions' | 'now' | 'metrics'>;
  readonly configuration: () => ConfigurationState;
  readonly peers: readonly string[];
  readonly ownName: string;
  /** Milliseconds of a clock that nobody sets. */
  readonly elapsed: () => number;
}

/** What the front counts of GET requests to the API. */
export interface GetCounts {
  readonly inFlight: number;
  readonly refused: number;
}

const SOURCES = new Set<string>([...NOTIFICATION_SOURCES, ...INTAKE_SOURCES, 'signalbox_nodes']);

/** The hub's own metrics and behind them Alertmanager's, which are made of them and of what is asked for it. */
export function createExposition(parts: ExpositionParts): (gets: GetCounts) => Promise<string> {
  const { services, peers, ownName } = parts;
  const countStates = createStateCounts(services, parts.elapsed);

  async function askStore(): Promise<readonly Family[]> {
    const { groups } = await services.reader.counts();
    return [
      ...(await countStates()),
      family('dispatcher_aggregation_groups', 'gauge', 'Groups of alerts.', groups),
    ];
  }

  return async ({ inFlight, refused }) => {
    // A store that can't be asked must not take the other numbers along; `/-/ready` says that it is down.
    const [own, asked] = await Promise.all([services.metrics(), askStore().catch(() => [])]);
    const samples = readSamples(own, SOURCES);
    const { integrations } = services.settings();
    const method = 'get';
    const families = [
      ...configurationFamilies(parts.configuration()),
      ...clusterFamilies({
        peers,
        ownName,
        members: samples.find(({ name }) => name === 'signalbox_nodes')?.value ?? 0,
      }),
      ...asked,
      family('alerts_per_alert_limit', 'gauge', 'Most alerts of one name; 0 is no limit.', 0),
      ...intakeFamilies(samples),
      ...notificationFamilies(samples, (id) => integrations[id]?.connector ?? 'other'),
      family('http_requests_in_flight', 'gauge', 'GET requests to the API now.', [[{ method }, inFlight]]),
      family(
        'http_concurrency_limit_exceeded_total',
        'counter',
        'GET requests to the API that were too many at once.',
        [[{ method }, refused]],
      ),
    ];
    return own + formatFamilies(families);
  };
}
