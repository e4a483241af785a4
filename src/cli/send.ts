import { randomUUID } from 'node:crypto';
import type { IntegrationSettings, Settings } from '../model/settings.ts';
import { createClient, problemText, reach, type HubClient } from './client.ts';
import { defineCommand } from './command.ts';
import { CommandError } from './command-error.ts';
import { hubOf, type HubFlags } from './find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from './flags.ts';
import { followReceipt, type Followed } from './follow-receipt.ts';
import { unknownIntegration } from './local-host.ts';
import { readPairs } from './pairs.ts';
import { readHeaders, readPayload, type Payload } from './read-payload.ts';
import { configFiles, readSettings } from './read-settings.ts';
import { SAMPLE_CONNECTORS, sampleSignal } from './sample-signal.ts';
import { credentialsFor } from './sign-request.ts';
import { describeFollowed } from './describe-followed.ts';
import { printJson, type Terminal } from './terminal.ts';

const DEFAULT_WAIT_MS = 60_000;

export default defineCommand({
  description: [
    'Posts a sample signal to a running hub and prints the receipt. Address, path and credentials come from the configuration, the credentials of the endpoint included; with `--url` and no configuration the path is `/hooks/ID` and `--token` is sent as a bearer token.',
    '`--wait` follows the signal until it is processed and what it leads to is delivered. Exit code 1 when the hub refuses it, or with `--wait` when it is not delivered in time.',
  ],
  flags: {
    integration: {
      type: 'string',
      alias: 'i',
      description: 'The integration that receives it; default the first that there is a sample for',
      hint: 'ID',
    },
    severity: { type: 'string', description: 'Of the sample; default `warning`', hint: 'WORD' },
    label: {
      type: 'strings',
      description: 'A label of the sample, e.g. `alertname=DiskFull`; may be repeated',
      hint: 'NAME=VALUE',
    },
    resolved: {
      type: 'boolean',
      description: 'Say that the sample is over; give the same labels and severity as before',
    },
    file: {
      type: 'string',
      alias: 'f',
      description: 'Send this payload instead of the sample; `-` is standard input',
      hint: 'FILE',
    },
    'content-type': {
      type: 'string',
      description: 'With --file: default by the name’s ending, JSON in doubt',
      hint: 'TYPE',
    },
    header: {
      type: 'strings',
      description: 'A further request header; may be repeated',
      hint: '"NAME: VALUE"',
    },
    wait: { type: 'boolean', description: 'Follow it until it is delivered' },
    timeout: {
      type: 'string',
      description: 'With --wait: how many seconds at most; default 60',
      hint: 'SECONDS',
    },
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [
    { line: 'signalbox send --wait', what: 'does everything work, up to the delivery?' },
    { line: 'signalbox send --label team=db --severity critical', what: 'try a route' },
    { line: 'signalbox send --integration ci --file build.json', what: 'your own payload' },
  ],
  async run({ flags, terminal }) {
    const waitMs = readSeconds(flags.timeout);
    const target = await findTarget(flags, terminal);
    const now = terminal.now();
    const payload = readBody(flags, target.connector, now);
    const facts = { body: payload.body, id: randomUUID(), now };
    const response = await reach(target.hub.url, `${target.hub.url}${target.path}`, {
      method: 'POST',
      body: new Uint8Array(payload.body),
      headers: {
        'content-type': payload.contentType,
        ...target.credentials(facts),
        ...readHeaders(flags.header),
      },
    });
    const text = await response.text();
    if (response.status !== 202) {
      throw new CommandError(
        'failed',
        `refused with ${response.status}: ${problemText(text) ?? 'no details'}`,
      );
    }
    const { receipt, status_url: statusUrl } = JSON.parse(text) as { receipt: string; status_url: string };
    if (!flags.wait) {
      if (flags.json) return printJson(terminal, { receipt, status_url: statusUrl });
      return terminal.print(`Accepted. Receipt ${receipt}\nWhat becomes of it: ${statusUrl}`);
    }
    if (!flags.json) terminal.print(`Accepted. Receipt ${receipt}`);
    const followed = await followReceipt(target.hub, receipt, { deadline: now + waitMs, now: terminal.now });
    if (flags.json) printJson(terminal, { receipt, status_url: statusUrl, ...followed });
    else terminal.print(describeFollowed(followed, terminal));
    return isGood(followed) ? 0 : 1;
  },
});

interface Target {
  readonly hub: HubClient;
  readonly path: string;
  readonly connector: string;
  readonly credentials: (facts: Parameters<typeof credentialsFor>[1]) => Readonly<Record<string, string>>;
}

async function findTarget(
  flags: HubFlags & { readonly integration: string | undefined; readonly file: string | undefined },
  { env }: Terminal,
): Promise<Target> {
  const url = flags.url ?? (env.SIGNALBOX_URL || undefined);
  if (url !== undefined && configFiles(flags.config).length === 0) {
    const token = flags.token ?? (env.SIGNALBOX_TOKEN || undefined);
    const id = flags.integration ?? SAMPLE_CONNECTORS[0];
    return {
      hub: createClient({ url, token }),
      path: `/hooks/${encodeURIComponent(id)}`,
      connector: SAMPLE_CONNECTORS.find((connector) => connector === id) ?? SAMPLE_CONNECTORS[0],
      credentials: () => (token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
  }
  const { settings } = await readSettings(flags);
  const integration = chooseIntegration(settings, flags.integration, flags.file !== undefined);
  const { endpoint, connector } = integration;
  if (!endpoint)
    throw new CommandError('usage', `${integration.id} takes no signals: its connector is no source`);
  return {
    hub: hubOf(settings, flags, env),
    path: endpoint.paths[0]!,
    connector,
    credentials: (facts) => credentialsFor(endpoint.auth, facts),
  };
}

function chooseIntegration(
  { integrations }: Settings,
  id: string | undefined,
  hasPayload: boolean,
): IntegrationSettings {
  if (id !== undefined) {
    const named = Object.hasOwn(integrations, id) ? integrations[id] : undefined;
    if (!named) throw unknownIntegration(id, Object.keys(integrations));
    return named;
  }
  const sources = Object.values(integrations).filter(({ endpoint }) => endpoint !== undefined);
  const found = hasPayload
    ? sources.length === 1
      ? sources[0]
      : undefined
    : SAMPLE_CONNECTORS.flatMap((wanted) => sources.filter(({ connector }) => connector === wanted))[0];
  if (found) return found;
  const ids = sources.map((source) => source.id).join(', ') || 'none';
  throw new CommandError('usage', `say which integration receives it with --integration; sources: ${ids}`);
}

function readBody(
  flags: {
    readonly file: string | undefined;
    readonly 'content-type': string | undefined;
    readonly severity: string | undefined;
    readonly label: readonly string[];
    readonly resolved: boolean;
  },
  connector: string,
  now: number,
): Payload {
  const { severity, label, resolved } = flags;
  if (flags.file !== undefined) {
    if (severity !== undefined || label.length > 0 || resolved) {
      throw new CommandError(
        'usage',
        '--severity, --label and --resolved are for the sample, not for --file',
      );
    }
    return readPayload(flags.file, flags['content-type']);
  }
  const labels = readPairs('--label', label);
  const sample = sampleSignal(connector, { severity: severity ?? 'warning', resolved, labels, now });
  return { body: Buffer.from(JSON.stringify(sample)), contentType: 'application/json' };
}

function readSeconds(text: string | undefined): number {
  if (text === undefined) return DEFAULT_WAIT_MS;
  const seconds = Number(text);
  if (seconds > 0 && seconds <= 86_400) return seconds * 1_000;
  throw new CommandError('usage', `--timeout expects seconds up to 86400, not "${text}"`);
}

/** Nothing is left open, and nothing that was tried has failed. */
function isGood({ status, ended, deliveries }: Followed): boolean {
  return (
    status === 'processed' &&
    ended !== 'timeout' &&
    deliveries.every((delivery) => delivery.status === 'delivered' || delivery.status === 'superseded')
  );
}
