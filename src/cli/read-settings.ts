import { existsSync } from 'node:fs';
import { loadConnectors, type LoadedConnectors } from '../host/load-connectors.ts';
import type { Settings } from '../model/settings.ts';
import { formatFinding, type Finding } from '../settings/finding.ts';
import { loadSettings, readExternalConnectors, type LoadResult } from '../settings/load.ts';
import { CommandError } from './command-error.ts';

export interface SettingsFlags {
  readonly config?: string | undefined;
  readonly profile?: string | undefined;
  readonly data?: string | undefined;
  readonly listen?: string | undefined;
  readonly 'storage-url'?: string | undefined;
  readonly 'journal-url'?: string | undefined;
  readonly role?: string | undefined;
}

export interface ReadSettings {
  readonly settings: Settings;
  readonly connectors: LoadedConnectors;
  readonly externalConnectors: readonly string[];
  readonly warnings: readonly Finding[];
  /** The files it was read from, for watching. Empty: the built-in default. */
  readonly files: readonly string[];
}

export const DEFAULT_FILE = 'signalbox.yaml';

/** Reads the configuration as every command does: flags over environment over files over defaults. Throws with all findings. */
export async function readSettings(flags: SettingsFlags): Promise<ReadSettings> {
  const { loaded, ...rest } = await tryReadSettings(flags);
  if (!loaded.ok) throw new CommandError('usage', loaded.errors.map(formatFinding).join('\n'));
  return { ...rest, settings: loaded.settings, warnings: loaded.warnings };
}

/** The same, with the findings as data. */
export async function tryReadSettings(
  flags: SettingsFlags,
): Promise<{ readonly loaded: LoadResult } & Omit<ReadSettings, 'settings' | 'warnings'>> {
  if (flags.config !== undefined && !existsSync(flags.config)) {
    throw new CommandError(
      'usage',
      `there is no file ${flags.config}; "signalbox init --out ${flags.config}" writes one to start from`,
    );
  }
  const files = configFiles(flags.config);
  const overrides = {
    'storage.path': flags.data,
    'storage.url': flags['storage-url'],
    'journal.url': flags['journal-url'],
    'server.listen': flags.listen,
    'server.roles': flags.role,
  };
  const source = { files, env: process.env, profile: flags.profile, overrides };
  const externalConnectors = await readExternalConnectors(source);
  const connectors = await loadConnectors({ external: externalConnectors });
  const loaded = await loadSettings({
    ...source,
    connectors: [...connectors.connectors.values()],
    brokenConnectors: connectors.broken.map(({ id }) => id),
  });
  return { loaded, connectors, externalConnectors, files };
}

/** The file that was named, else the one that lies here, else none: the built-in configuration. */
export function configFiles(named: string | undefined): readonly string[] {
  const file = named ?? (existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined);
  return file === undefined ? [] : [file];
}
