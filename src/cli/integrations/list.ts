import { redactConfig } from '@signalbox/sdk';
import { presentIntegration, type IntegrationView } from '../../api/views/present-integration.ts';
import { defineCommand } from '../command.ts';
import { findHub, readWithHub, type HubFlags } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { withLocalHost } from '../local-host.ts';
import { statusCell } from '../styles.ts';
import { renderTable } from '../table.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { relativeTime } from '../time-text.ts';

export default defineCommand({
  description: [
    'Lists the integrations of the running hub with their health. When no hub answers and none is named, it lists those of the configuration, whose health is then unknown.',
  ],
  flags: { ...HUB_FLAGS, ...JSON_FLAG },
  examples: [{ line: 'signalbox integrations', what: 'what is connected, and how well it works' }],
  async run({ flags, terminal }) {
    const items = await readIntegrations(flags, terminal);
    if (flags.json) return printJson(terminal, { items });
    if (items.length === 0) return terminal.print('No integrations.');
    terminal.print(integrationTable(items, terminal));
  },
});

async function readIntegrations(flags: HubFlags, terminal: Terminal): Promise<readonly IntegrationView[]> {
  const isNamed = flags.url !== undefined || (terminal.env.SIGNALBOX_URL ?? '') !== '';
  if (isNamed) return listByHub(await findHub(flags, terminal));
  const { read, hub } = await readWithHub(flags, terminal);
  if (hub) return listByHub(hub);
  terminal.remark('No hub answers; this is what the configuration says.');
  return withLocalHost(read, terminal, async (host) =>
    [...host.integrations.values()].map((integration) =>
      presentIntegration(
        integration,
        redactConfig(integration.connector.config, integration.settings.config),
      ),
    ),
  );
}

async function listByHub(hub: Awaited<ReturnType<typeof findHub>>): Promise<readonly IntegrationView[]> {
  return (await hub.get<{ items: readonly IntegrationView[] }>('/integrations')).items;
}

function integrationTable(items: readonly IntegrationView[], terminal: Terminal): string {
  const columns = [
    { title: 'ID' },
    { title: 'CONNECTOR' },
    { title: 'HEALTH' },
    { title: 'SINCE' },
    { title: 'CALLS', align: 'right' as const },
    { title: 'FAILED', align: 'right' as const },
    { title: 'TAKES SIGNALS ON', isFlexible: true },
    { title: 'LAST FAULT', isFlexible: true },
  ];
  const rows = items.map(({ id, connector, capabilities, health, endpoint }) => {
    // Nobody calls what only takes signals in, so nothing is known of it, and nothing is wrong with that.
    const isCalled = capabilities.some((capability) => capability !== 'source');
    return [
      id,
      connector,
      isCalled ? statusCell(health.status) : '',
      isCalled && health.status !== 'unknown' ? relativeTime(health.since, terminal.now()) : '',
      isCalled ? String(health.successes + health.failures) : '',
      isCalled ? String(health.failures) : '',
      endpoint?.paths.join(' ') ?? '',
      health.last_fault ? `${health.last_fault.code}: ${health.last_fault.message}` : '',
    ];
  });
  return renderTable(columns, rows, terminal);
}
