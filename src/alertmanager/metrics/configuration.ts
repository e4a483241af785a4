import { hash } from 'node:crypto';
import type { RouteSettings, Settings } from '../../model/settings.ts';
import { VERSION } from '../../lib/version.ts';
import { ALERTMANAGER_VERSION } from '../drop-in/version.ts';
import { family, type Family } from './families.ts';

/** What Alertmanager's metrics say of the configuration. */
export interface ConfigurationState {
  readonly settings: Settings;
  /** The text of the file that is active. */
  readonly original: string;
  readonly isLastReloadSuccessful: boolean;
  /** Milliseconds. */
  readonly lastSuccessAt: number;
}

/** Dashboards tell versions and platforms by these. */
const BUILD = {
  branch: 'signalbox',
  goarch: process.arch === 'x64' ? 'amd64' : process.arch,
  goos: process.platform,
  goversion: `node ${process.version}`,
  revision: VERSION,
  tags: 'signalbox',
  version: ALERTMANAGER_VERSION,
};

export function configurationFamilies(state: ConfigurationState): readonly Family[] {
  const { settings, original, lastSuccessAt } = state;
  const used = new Set(receiversOf(settings.route));
  const integrations = [...used].reduce((sum, name) => sum + (settings.receivers[name]?.length ?? 0), 0);
  return [
    family('build_info', 'gauge', 'Which Alertmanager it stands in for.', [[BUILD, 1]]),
    family('config_hash', 'gauge', 'Hash of the configuration.', configHash(original)),
    family(
      'config_last_reload_successful',
      'gauge',
      'Whether the last reload worked.',
      Number(state.isLastReloadSuccessful),
    ),
    family(
      'config_last_reload_success_timestamp_seconds',
      'gauge',
      'When a reload worked last.',
      lastSuccessAt / 1_000,
    ),
    family('receivers', 'gauge', 'Receivers that routes name.', used.size),
    family('integrations', 'gauge', 'Integrations of those receivers.', integrations),
    family('inhibition_rules', 'gauge', 'Inhibition rules.', settings.inhibitRules.length),
  ];
}

function receiversOf({ receiver, routes }: RouteSettings): readonly string[] {
  return [receiver, ...routes.flatMap(receiversOf)];
}

/** 48 bits, which a float holds. */
function configHash(text: string): number {
  return Number.parseInt(hash('sha256', text, 'hex').slice(0, 12), 16);
}
