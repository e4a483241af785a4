import { presentConnector } from '../../api/views/present-connector.ts';
import { capabilitiesOf } from '../../api/views/present-integration.ts';
import { loadConnectors } from '../../host/load-connectors.ts';
import { readExternalConnectors } from '../../settings/load.ts';
import { defineCommand } from '../command.ts';
import { CONFIG_FLAGS, JSON_FLAG } from '../flags.ts';
import { configFiles } from '../read-settings.ts';
import { renderTable } from '../table.ts';
import { printJson } from '../terminal.ts';

export default defineCommand({
  description: [
    'Lists the connectors that come with this version and those that the configuration adds (`connectors`). No hub has to run.',
  ],
  flags: { ...CONFIG_FLAGS, ...JSON_FLAG },
  examples: [{ line: 'signalbox connectors', what: 'what can be connected' }],
  async run({ flags, terminal }) {
    const source = { files: configFiles(flags.config), env: process.env, profile: flags.profile };
    const { connectors, broken } = await loadConnectors({ external: await readExternalConnectors(source) });
    if (flags.json)
      return printJson(terminal, { items: [...connectors.values()].map(presentConnector), broken });
    const columns = [
      { title: 'ID' },
      { title: 'TITLE' },
      { title: 'CAN' },
      { title: 'WHAT', isFlexible: true },
    ];
    const rows = [...connectors.values()].map((connector) => [
      connector.id,
      connector.title,
      capabilitiesOf(connector).join(', '),
      connector.summary,
    ]);
    terminal.print(renderTable(columns, rows, terminal));
    for (const { id, reason } of broken) terminal.remark(`${id} can’t be loaded: ${reason}`);
  },
});
