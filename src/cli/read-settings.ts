import { existsSync } from 'node:fs';
import { loadConnectors, type LoadedConnectors } from '../host/load-connectors.ts';
import type { Settings } from '../model/settings.ts';
import { formatFinding, type Finding } from '../settings/finding.ts';
import { loadSettings, readExternalConnectors } from '../settings/load.ts';
import { CommandError } from './command-error.ts';

export interface SettingsFlags {
  readonly config?: string | undefined;
  readonly profile?: string | undefined;
  readonly data?: string | undefined;
  readonly listen?: string | undefined;
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
  if (flags.config !== undefined && !existsSync(flags.config)) {
    throw new CommandError(
      'usage',
      `there is no file ${flags.config}; "signalbox init" writes one to start from`,
    );
  }
  const file = flags.config ?? (existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined);
  const files = file === undefined ? [] : [file];
  const overrides = { 'storage.path': flags.data, 'server.listen': flags.listen };
  const source = { files, env: process.env, profile: flags.profile, overrides };
  const externalConnectors = await readExternalConnectors(source);
  const connectors = await loadConnectors({ external: externalConnectors });
  const loaded = await loadSettings({
    ...source,
    connectors: [...connectors.connectors.values()],
    brokenConnectors: connectors.broken.map(({ id }) => id),
  });
  if (!loaded.ok) throw new CommandError('usage', loaded.errors.map(formatFinding).join('\n'));
  return { settings: loaded.settings, connectors, externalConnectors, warnings: loaded.warnings, files };
}
