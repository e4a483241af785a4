import type { Connector } from '@signalbox/sdk';
import type { LoadedConnectors } from '../../host/load-connectors.ts';
import { didYouMean } from '../../settings/suggest.ts';
import { CommandError } from '../command-error.ts';

export function findConnector({ connectors, broken }: LoadedConnectors, id: string): Connector {
  const connector = connectors.get(id);
  if (connector) return connector;
  const reason = broken.find((one) => one.id === id)?.reason;
  if (reason !== undefined)
    throw new CommandError('failed', `the connector ${id} can’t be loaded: ${reason}`);
  const known = [...connectors.keys()];
  const hint = didYouMean(id, known) ?? `there are: ${known.join(', ')}`;
  throw new CommandError('usage', `there is no connector ${id} (${hint})`);
}
