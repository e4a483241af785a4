import { loadConnectors } from '../src/host/load-connectors.ts';
import type { Settings } from '../src/model/settings.ts';
import { formatFinding } from '../src/settings/finding.ts';
import { loadSettings } from '../src/settings/load.ts';

const REST = `integrations:
  prom: { connector: alertmanager, auth: { bearer: bench-token-0123456789 } }
  sink: { connector: webhook, config: { url: 'http://127.0.0.1:9/' } }
receivers:
  sink: [{ integration: sink }]
`;

/** Reads sections of a configuration as the hub does; what is not about the flow is there already. Throws with all that is wrong. */
export async function readSettings(sections: string): Promise<Settings> {
  const { connectors } = await loadConnectors({ only: new Set(['alertmanager', 'webhook']) });
  const result = await loadSettings({
    files: [],
    text: { name: 'bench', text: `${REST}${sections}` },
    env: {},
    connectors: [...connectors.values()],
  });
  if (!result.ok) throw new Error(result.errors.map(formatFinding).join('\n'));
  return result.settings;
}
