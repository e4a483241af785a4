import { randomUUID } from 'node:crypto';
import type { AlertStatus, Priority } from '@signalbox/sdk';
import { callIntegration } from '../../api/call-integration.ts';
import { createMemoryState } from '../../api/memory-state.ts';
import { sampleNotification } from '../../api/sample-notification.ts';
import type { CallResultView } from '../../api/views/present-integration.ts';
import type { Host } from '../../host/integration.ts';
import { defineCommand } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { readWithHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { integrationOf, integrationsNamed, withLocalHost } from '../local-host.ts';
import type { ReadSettings } from '../read-settings.ts';
import { printJson, type Terminal } from '../terminal.ts';
import type { HubClient } from '../client.ts';

const TIMEOUT_MS = 30_000;

interface Wishes {
  readonly status: AlertStatus;
  readonly priority: Priority;
}

/** What came of each, by integration. */
type Results = readonly (CallResultView & { readonly integration: string })[];

export default defineCommand({
  description: [
    'Sends a notification that says of itself that it is a test: at once, once, past groups, routes and retries. By the running hub when one answers, else from this process.',
    'Takes an integration, or a receiver and with it all its integrations. Exit code 1 when one of them does not take it.',
  ],
  positionals: [{ name: 'NAME', description: 'An integration or a receiver of the configuration' }],
  flags: {
    status: {
      type: 'string',
      description: 'What it says; default `firing`',
      choices: ['firing', 'resolved'],
    },
    priority: { type: 'string', description: 'Default `info`', choices: ['critical', 'warning', 'info'] },
    direct: { type: 'boolean', description: 'From this process, even if a hub answers' },
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [
    { line: 'signalbox notify test team-slack', what: 'one integration' },
    { line: 'signalbox notify test on-call --priority critical', what: 'all of a receiver' },
  ],
  async run({ flags, positionals, terminal }) {
    const { read, hub } = await readWithHub(flags, terminal);
    const ids = integrationsNamed(positionals[0]!, read.settings);
    const wishes: Wishes = {
      status: flags.status === 'resolved' ? 'resolved' : 'firing',
      priority: flags.priority === 'critical' || flags.priority === 'warning' ? flags.priority : 'info',
    };
    const results =
      hub && !flags.direct
        ? await testByHub(hub, ids, wishes)
        : await testDirectly(read, ids, wishes, terminal);
    if (flags.json) printJson(terminal, { items: results });
    else for (const result of results) terminal.print(describe(result, terminal));
    return results.every(({ ok }) => ok) ? 0 : 1;
  },
});

async function testByHub(hub: HubClient, ids: readonly string[], wishes: Wishes): Promise<Results> {
  const results = [];
  for (const id of ids) {
    const path = `/integrations/${encodeURIComponent(id)}/test`;
    results.push({ integration: id, ...(await hub.post<CallResultView>(path, wishes)) });
  }
  return results;
}

async function testDirectly(
  read: ReadSettings,
  ids: readonly string[],
  wishes: Wishes,
  terminal: Terminal,
): Promise<Results> {
  const { externalURL } = read.settings.server;
  return withLocalHost(read, terminal, async (host) => {
    const results = [];
    for (const id of ids) results.push({ integration: id, ...(await testOne(host, id)) });
    return results;
  });

  async function testOne(host: Host, id: string): Promise<CallResultView> {
    const integration = integrationOf(host, id);
    if (!integration.connector.notifier) {
      throw new CommandError(
        'usage',
        `${id} only takes signals in: ${integration.connector.title} does not send`,
      );
    }
    const { tenant } = integration.settings;
    const facts = { id: randomUUID(), tenant, integration: id, externalURL, now: terminal.now() };
    const notification = sampleNotification(facts, wishes);
    const call = {
      idempotencyKey: notification.id,
      correlationId: `test-${notification.id}`,
      state: createMemoryState(),
    };
    return callIntegration(
      integration,
      (signal) => integration.deliver(notification, { ...call, signal }),
      TIMEOUT_MS,
    );
  }
}

function describe({ integration, ok, summary, fault }: Results[number], { paint }: Terminal): string {
  if (ok) return `${paint('green', '✔')} ${integration}: ${summary ?? 'taken'}`;
  const field = fault?.field === undefined ? '' : ` (${fault.field})`;
  return `${paint('red', '✖')} ${integration}: ${fault ? `${fault.code}: ${fault.message}${field}` : 'failed'}`;
}
