import { dirname, resolve } from 'node:path';
import type { LoadedConnectors } from '../../host/load-connectors.ts';
import type { Settings } from '../../model/settings.ts';
import type { Address } from '../../settings/address.ts';
import { formatFinding, type Finding } from '../../settings/finding.ts';
import type { Environment } from '../../settings/interpolate.ts';
import { loadSettings } from '../../settings/load.ts';
import { formatDuration } from '../../settings/quantity.ts';
import { convertConfig } from '../convert.ts';
import { loadAlertmanagerConfig } from '../load-config.ts';
import { plainValue } from '../native-document.ts';
import { parseGoDuration } from '../go-duration.ts';
import type { DropInFlags } from './flags.ts';
import type { WebConfig } from '../web/web-config.ts';

/** What the command line says, resolved once. */
export interface DropInPlace {
  readonly flags: DropInFlags;
  readonly listen: Address;
  readonly externalURL: string;
  readonly web: WebConfig;
  readonly connectors: LoadedConnectors;
  readonly env: Environment;
}

export type LoadedDropIn =
  | {
      readonly ok: true;
      readonly settings: Settings;
      /** The text of the file. */
      readonly original: string;
      /** `resolve_timeout` of the file. */
      readonly resolveTimeoutMs: number;
      /** By the names of the receivers. */
      readonly receiverLabels: Readonly<Record<string, Readonly<Record<string, string>>>>;
      readonly warnings: readonly Finding[];
    }
  | { readonly ok: false; readonly problem: string };

/** Reads the file of `--config.file` as settings of the hub. Never throws for a bad one. */
export async function loadDropIn(place: DropInPlace): Promise<LoadedDropIn> {
  const file = place.flags['config.file'];
  const read = await loadAlertmanagerConfig(file);
  if (!read.ok) return refuse(read.errors);
  const folder = resolve(dirname(file));
  const { document, errors, warnings } = convertConfig(read.config, read.tree, { folder });
  if (errors.length > 0) return refuse(errors.map(({ hint: _, ...error }) => error));
  const { alertmanager, ...others } = plainValue({ ...document.integrations }, 'inline') as Record<
    string,
    object
  >;
  const written = {
    ...serverSections(place),
    ...(plainValue({ ...document }, 'inline') as object),
    // Who may send is a matter of the network, as with Alertmanager.
    integrations: { alertmanager: { ...alertmanager, auth: 'none' }, ...others },
  };
  const loaded = await loadSettings({
    files: [],
    text: { name: file, text: JSON.stringify(written) },
    env: place.env,
    profile: '',
    connectors: [...place.connectors.connectors.values()],
    brokenConnectors: place.connectors.broken.map(({ id }) => id),
  });
  // Places are those of the text that was made, which nobody sees.
  if (!loaded.ok) return refuse(loaded.errors.map((error) => ({ ...error, line: 0 })));
  return {
    ok: true,
    settings: withPlace(loaded.settings, place),
    original: read.text,
    resolveTimeoutMs: parseGoDuration(read.config.global.resolve_timeout) ?? 300_000,
    receiverLabels: Object.fromEntries(read.config.receivers.map(({ name, labels }) => [name, labels])),
    warnings: [...read.warnings, ...warnings],
  };
}

function refuse(findings: readonly Finding[]): LoadedDropIn {
  return { ok: false, problem: findings.map(formatFinding).join('; ') };
}

function serverSections({ flags, externalURL, env }: DropInPlace): object {
  const kept = formatDuration(Math.max(1_000, flags['data.retention']));
  const url = databaseOf(flags, env);
  const isShared = url !== undefined && flags['cluster.peer'].length > 0;
  return {
    // The real address is set afterwards: Alertmanager's API is open to the network, the hub's own stays with this machine.
    server: { listen: '127.0.0.1:0', external_url: externalURL, access_log: false },
    storage: {
      path: flags['storage.path'],
      ...(url === undefined ? {} : { url }),
      retention: { alerts: kept, notifications: kept },
    },
    ...(isShared ? { journal: { url } } : {}),
    log: { level: flags['log.level'], format: flags['log.format'] },
  };
}

/** The database of the flag, else of the environment. */
export function databaseOf(flags: DropInFlags, env: Environment): string | undefined {
  return flags['storage-url'] ?? (env['SIGNALBOX_STORAGE_URL'] || undefined);
}

function withPlace(settings: Settings, { flags, listen, web }: DropInPlace): Settings {
  const name = flags['cluster.peer-name'];
  const startDelayMs = flags['dispatch.start-delay'];
  return {
    ...settings,
    server: {
      ...settings.server,
      listen,
      ...(web.tls ? { tls: web.tls } : {}),
      ...(name === '' ? {} : { nodeId: name }),
      ...(startDelayMs > 0 ? { startDelayMs } : {}),
    },
  };
}
