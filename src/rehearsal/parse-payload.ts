import type { Event, Logger } from '@signalbox/sdk';
import type { LoadedConnectors } from '../host/load-connectors.ts';
import { createIntake, type KeptRequest } from '../intake/intake.ts';
import type { Journal } from '../journal/port.ts';
import { createMetricSet } from '../lib/metrics.ts';
import type { IntegrationSettings, Settings } from '../model/settings.ts';
import { RehearsalError } from './rehearsal-error.ts';

export interface PayloadInput {
  readonly settings: Settings;
  readonly connectors: LoadedConnectors;
  readonly integration: string;
  readonly request: Omit<KeptRequest, 'method' | 'path'>;
  readonly now: number;
}

const QUIET: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** The events that an integration makes of a payload, as its endpoint would; authentication is not tried. */
export async function parsePayload(
  { connectors, request, now }: PayloadInput,
  integration: IntegrationSettings,
): Promise<readonly Event[]> {
  const { id, tenant, endpoint, config } = integration;
  const source = connectors.connectors.get(integration.connector)?.source;
  if (!endpoint || !source)
    throw new RehearsalError('invalid', `${id} takes no signals: its connector is no source`);
  const intake = createIntake({
    endpoints: [{ integration: id, tenant, settings: endpoint, source, config }],
    journal: NO_JOURNAL,
    externalURL: 'http://localhost',
    now: () => now,
    newId: () => 'simulated',
    newRequestId: () => 'simulated',
    log: QUIET,
    metrics: createMetricSet('without-process'),
    onAppended: () => {},
  });
  const parsed = await intake.parse(id, { ...request, method: 'POST', path: endpoint.paths[0] ?? '/' });
  if (parsed.ok) return parsed.events;
  const { code, detail, field } = parsed.problem;
  const where = field === undefined ? '' : ` (field ${field})`;
  throw new RehearsalError('refused', `the payload would be refused: ${detail}${where} [${code}]`);
}

const refuse = (): Promise<never> => Promise.reject(new Error('a rehearsal has no journal'));
const NO_JOURNAL: Journal = {
  partitions: 1,
  identity: refuse,
  append: refuse,
  read: refuse,
  end: refuse,
  trim: refuse,
  offsetAt: refuse,
  bytes: refuse,
  close: refuse,
};
