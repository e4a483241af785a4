import { callIntegration } from '../../api/call-integration.ts';
import type { CallResultView } from '../../api/views/present-integration.ts';
import { defineCommand } from '../command.ts';
import { readWithHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { integrationOf, integrationsNamed, withLocalHost } from '../local-host.ts';
import { printJson } from '../terminal.ts';

const TIMEOUT_MS = 20_000;

export default defineCommand({
  description: [
    'Reaches the external systems without an effect: all integrations whose connector can, or those that are named. By the running hub when one answers, else from this process. Exit code 1 when one of them can’t be reached.',
  ],
  positionals: [
    {
      name: 'NAME',
      description: 'An integration or a receiver of the configuration',
      isOptional: true,
      isRepeated: true,
    },
  ],
  flags: {
    direct: { type: 'boolean', description: 'From this process, even if a hub answers' },
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [{ line: 'signalbox integrations probe team-slack', what: 'do token and channel work?' }],
  async run({ flags, positionals, terminal }) {
    const { read, hub } = await readWithHub(flags, terminal);
    const { settings, connectors } = read;
    const canProbe = (id: string): boolean =>
      connectors.connectors.get(settings.integrations[id]?.connector ?? '')?.probe !== undefined;
    const ids =
      positionals.length === 0
        ? Object.keys(settings.integrations).filter(canProbe)
        : [...new Set(positionals.flatMap((name) => integrationsNamed(name, settings)))];
    const byHub = (id: string): Promise<CallResultView> =>
      hub!.post<CallResultView>(`/integrations/${encodeURIComponent(id)}/probe`);
    const probeAll = (probe: (id: string) => Promise<CallResultView>) =>
      Promise.all(ids.map(async (id) => ({ integration: id, probed: canProbe(id), ...(await probe(id)) })));
    const results =
      hub && !flags.direct
        ? await probeAll(byHub)
        : await withLocalHost(read, terminal, (host) =>
            probeAll((id) => {
              const integration = integrationOf(host, id);
              return callIntegration(integration, (signal) => integration.probe(signal), TIMEOUT_MS);
            }),
          );
    if (flags.json) printJson(terminal, { items: results });
    else if (results.length === 0) terminal.print('No integration can be probed.');
    for (const { integration, ok, probed, fault } of flags.json ? [] : results) {
      const mark = ok ? terminal.paint('green', '✔') : terminal.paint('red', '✖');
      const detail = ok
        ? probed
          ? 'the probe went well'
          : 'has no probe'
        : `${fault?.code}: ${fault?.message}`;
      terminal.print(`${mark} ${integration}: ${detail}`);
    }
    return results.every(({ ok }) => ok) ? 0 : 1;
  },
});
