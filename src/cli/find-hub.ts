import type { Settings } from '../model/settings.ts';
import { formatAddress } from '../settings/address.ts';
import { createClient, type HubClient } from './client.ts';
import { CommandError } from './command-error.ts';
import { readSettings, type ReadSettings, type SettingsFlags } from './read-settings.ts';
import type { Terminal } from './terminal.ts';

export interface HubFlags extends SettingsFlags {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
}

/**
 * The hub that is meant: by flag, by environment, or by the configuration. The tokens of the configuration are for its own address
 * only; they never go to one that was given otherwise.
 */
export async function findHub(flags: HubFlags, { env }: Pick<Terminal, 'env'>): Promise<HubClient> {
  const given = givenAddress(flags, env);
  if (given) return createClient(given);
  const { settings } = await readSettings(flags).catch((error: unknown) => {
    if (!(error instanceof CommandError)) throw error;
    throw new CommandError(
      'usage',
      `${error.message}\nThe configuration says where the hub is; without it name the hub by --url or SIGNALBOX_URL.`,
      { cause: error },
    );
  });
  return hubOf(settings, flags, env);
}

/** The hub of a configuration that was read already, unless another one is named. */
export function hubOf(settings: Settings, flags: HubFlags, env: Terminal['env']): HubClient {
  return createClient(
    givenAddress(flags, env) ?? {
      url: ownAddress(settings),
      token: tokenOf(flags, env) ?? settings.server.apiTokens[0],
    },
  );
}

/** For commands that work with and without a running hub: the configuration, and the hub when one answers. */
export async function readWithHub(
  flags: HubFlags,
  { env }: Pick<Terminal, 'env'>,
): Promise<{ readonly read: ReadSettings; readonly hub: HubClient | undefined }> {
  const read = await readSettings(flags);
  const hub = hubOf(read.settings, flags, env);
  return { read, hub: (await hub.answers()) ? hub : undefined };
}

/** Where a hub with these settings listens, as this machine reaches it. With TLS by the name that stands in its certificate. */
export function ownAddress({ server }: Pick<Settings, 'server'>): string {
  if (server.tls) return server.externalURL;
  const { host, port } = server.listen;
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${formatAddress({ host: reachable, port })}`;
}

function givenAddress(
  flags: HubFlags,
  env: Terminal['env'],
): { url: string; token?: string | undefined } | undefined {
  const url = flags.url ?? (env.SIGNALBOX_URL || undefined);
  if (url === undefined) return undefined;
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new CommandError(
      'usage',
      `"${url}" is no address of a hub: expected something like http://127.0.0.1:8080`,
    );
  }
  return { url, token: tokenOf(flags, env) };
}

function tokenOf(flags: HubFlags, env: Terminal['env']): string | undefined {
  return flags.token ?? (env.SIGNALBOX_TOKEN || undefined);
}
