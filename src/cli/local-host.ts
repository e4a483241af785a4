import type { Logger } from '@signalbox/sdk';
import { createHost } from '../host/create-host.ts';
import type { Host, Integration } from '../host/integration.ts';
import { VERSION } from '../lib/version.ts';
import type { Settings } from '../model/settings.ts';
import { didYouMean } from '../settings/suggest.ts';
import { CommandError } from './command-error.ts';
import type { ReadSettings } from './read-settings.ts';
import type { Terminal } from './terminal.ts';

/** What goes wrong is an answer of the command and needs no log. */
export const QUIET: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** The integrations of a configuration in this process, for as long as `work` takes; no hub has to run. */
export async function withLocalHost<Result>(
  { settings, connectors }: Pick<ReadSettings, 'settings' | 'connectors'>,
  terminal: Pick<Terminal, 'now'>,
  work: (host: Host) => Promise<Result>,
): Promise<Result> {
  const { now } = terminal;
  const host = await createHost({
    settings,
    connectors,
    log: QUIET,
    metrics: undefined,
    now,
    version: VERSION,
  });
  try {
    return await work(host);
  } finally {
    await host.close();
  }
}

export function integrationOf(host: Host, id: string): Integration {
  const integration = host.integrations.get(id);
  if (!integration) throw unknownIntegration(id, [...host.integrations.keys()]);
  return integration;
}

/** The integrations that a name stands for: an integration's own, or those of a receiver. */
export function integrationsNamed(name: string, settings: Settings): readonly string[] {
  if (Object.hasOwn(settings.integrations, name)) return [name];
  const receiver = Object.hasOwn(settings.receivers, name) ? settings.receivers[name]! : undefined;
  if (!receiver) {
    throw unknownIntegration(name, [
      ...Object.keys(settings.integrations),
      ...Object.keys(settings.receivers),
    ]);
  }
  if (receiver.length === 0)
    throw new CommandError('usage', `the receiver ${name} has no integration: it tells nobody`);
  return receiver.map(({ integration }) => integration);
}

export function unknownIntegration(id: string, known: readonly string[]): CommandError {
  const hint = didYouMean(id, known) ?? `there are: ${known.join(', ') || 'none'}`;
  return new CommandError('usage', `the configuration has no integration ${id} (${hint})`);
}
