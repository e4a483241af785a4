import { existsSync } from 'node:fs';
import type { Connector } from '@signalbox/sdk';
import { loadConnectors } from '../host/load-connectors.ts';
import type { Logger } from '../lib/log.ts';
import type { Settings } from '../model/settings.ts';
import type { Finding } from '../settings/finding.ts';
import { loadSettings } from '../settings/load.ts';
import { CommandError } from './command-error.ts';

export interface SettingsFlags {
  readonly config?: string | undefined;
  readonly profile?: string | undefined;
  readonly data?: string | undefined;
  readonly listen?: string | undefined;
}

export interface ReadSettings {
  readonly settings: Settings;
  readonly connectors: readonly Connector[];
  readonly warnings: readonly Finding[];
  /** The files it was read from, for watching. Empty: the built-in default. */
  readonly files: readonly string[];
}

export const DEFAULT_FILE = 'signalbox.yaml';

/** Reads the configuration as every command does: flags over environment over files over defaults. Throws with all findings. */
export async function readSettings(flags: SettingsFlags, log: Logger): Promise<ReadSettings> {
  if (flags.config !== undefined && !existsSync(flags.config)) {
    throw new CommandError('usage', `there is no file ${flags.config}; "signalbox init" writes one to start from`);
  }
  const file = flags.config ?? (existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined);
  const files = file === undefined ? [] : [file];
  const { connectors } = await loadConnectors({ external: [], log });
  const overrides = {
    ...(flags.data === undefined ? {} : { 'storage.path': flags.data }),
    ...(flags.listen === undefined ? {} : { 'server.listen': flags.listen }),
  };
  const profile = flags.profile ?? process.env.SIGNALBOX_PROFILE;
  const loaded = await loadSettings({ files, env: process.env, overrides, connectors, ...(profile === undefined ? {} : { profile }) });
  if (!loaded.ok) throw new CommandError('usage', loaded.errors.map(formatFinding).join('\n'));
  return { settings: loaded.settings, connectors, warnings: loaded.warnings, files };
}

/** `signalbox.yaml:12:5: routes.receiver: there is no receiver "on-cal" (did you mean "on-call"?)` */
export function formatFinding(finding: Finding): string {
  const hint = finding.hint === undefined ? '' : ` (${finding.hint})`;
  return `${finding.file}:${finding.line}:${finding.column}: ${finding.path}: ${finding.message}${hint}`;
}
