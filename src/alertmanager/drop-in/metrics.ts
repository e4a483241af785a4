import { hash } from 'node:crypto';
import type { RouteSettings, Settings } from '../../model/settings.ts';
import { ALERTMANAGER_VERSION } from './version.ts';

/** What Alertmanager's metrics say of the configuration. */
export interface ConfigurationState {
  readonly settings: Settings;
  /** The text of the file that is active. */
  readonly original: string;
  readonly isLastReloadSuccessful: boolean;
  /** Milliseconds. */
  readonly lastSuccessAt: number;
  readonly hasPeers: boolean;
}

/** The metrics by which dashboards and rules watch Alertmanager's configuration, under its names. */
export function configurationMetrics(state: ConfigurationState): string {
  const { settings } = state;
  const used = new Set(receiversOf(settings.route));
  const integrations = [...used].reduce((sum, name) => sum + (settings.receivers[name]?.length ?? 0), 0);
  return [
    metric('build_info', 'Which Alertmanager it stands in for.', 1, `{version="${ALERTMANAGER_VERSION}"}`),
    metric('cluster_enabled', 'Whether peers are named.', Number(state.hasPeers)),
    metric('config_hash', 'Hash of the configuration.', configHash(state.original)),
    metric(
      'config_last_reload_successful',
      'Whether the last reload worked.',
      Number(state.isLastReloadSuccessful),
    ),
    metric(
      'config_last_reload_success_timestamp_seconds',
      'When a reload worked last.',
      state.lastSuccessAt / 1_000,
    ),
    metric('receivers', 'Receivers that routes name.', used.size),
    metric('integrations', 'Integrations of those receivers.', integrations),
    metric('inhibition_rules', 'Inhibition rules.', settings.inhibitRules.length),
  ].join('');
}

function metric(name: string, help: string, value: number, labels = ''): string {
  const full = `alertmanager_${name}`;
  return `# HELP ${full} ${help}\n# TYPE ${full} gauge\n${full}${labels} ${value}\n`;
}

function receiversOf({ receiver, routes }: RouteSettings): readonly string[] {
  return [receiver, ...routes.flatMap(receiversOf)];
}

/** 48 bits, which a float holds. */
function configHash(text: string): number {
  return Number.parseInt(hash('sha256', text, 'hex').slice(0, 12), 16);
}
