import { secretValues } from '@signalbox/sdk';
import { callIntegration } from '../../api/call-integration.ts';
import type { Host, Integration } from '../../host/integration.ts';
import type { Settings } from '../../model/settings.ts';
import { failed, ok, warning, type Check, type CheckResult } from './check-result.ts';

const TIMEOUT_MS = 15_000;

/** One check per integration, by its probe; each for itself, so that one that hangs holds up nobody else's result. */
export function integrationChecks(host: Host): Readonly<Record<string, Check>> {
  return Object.fromEntries(
    [...host.integrations.values()].map((integration) => [
      `integration:${integration.id}`,
      () => checkIntegration(integration),
    ]),
  );
}

async function checkIntegration(integration: Integration): Promise<CheckResult> {
  const { connector, settings, health } = integration;
  if (health.status === 'misconfigured') {
    return failed(health.lastFault?.message ?? 'misconfigured', 'correct it in the configuration');
  }
  if (!connector.probe) {
    const paths = settings.endpoint?.paths.join(', ');
    return ok(
      paths === undefined ? `${connector.title}: there is nothing to reach` : `takes signals on ${paths}`,
    );
  }
  const { ok: isFine, fault } = await callIntegration(
    integration,
    (signal) => integration.probe(signal),
    TIMEOUT_MS,
  );
  if (isFine) return ok(connector.notifier ? `${connector.title} answers` : 'its settings work');
  const detail = `${fault?.code}: ${fault?.message}`;
  return failed(detail, ADVICE[fault?.code ?? ''] ?? `see connectors/${connector.id}/README.md`);
}

const ADVICE: Readonly<Record<string, string>> = {
  SB_AUTH: 'check or renew the credentials of this integration',
  SB_CONFIG: 'correct the setting in the configuration',
  SB_UNAVAILABLE: 'check address, network and proxy; until then its deliveries wait or go to the fallback',
  SB_RATE_LIMITED: 'wait; the other side asks for it',
};

/** Whether everything that should prove itself can: sources, the API, and towards vendors. */
export function checkCredentials(settings: Settings, host: Host): CheckResult {
  const open = Object.values(settings.integrations).filter(({ endpoint }) => endpoint?.auth.length === 0);
  const empty = [...host.integrations.values()].filter(({ connector, settings: { config } }) =>
    secretValues(connector.config, config).some((value) => value.trim() === ''),
  );
  if (empty.length > 0) {
    const ids = empty.map(({ id }) => id).join(', ');
    return failed(`a secret is empty: ${ids}`, 'set the variable or file that the configuration names');
  }
  if (open.length > 0) {
    const ids = open.map(({ id }) => id).join(', ');
    return warning(
      `sources without auth: ${ids}`,
      'fine on this machine alone; set `auth` before others can reach it',
    );
  }
  return ok('every source proves itself, and no secret is empty');
}
