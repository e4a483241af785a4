import { readFileSync } from 'node:fs';
import {
  Fault,
  isFault,
  listFields,
  validateConfig,
  type Connector,
  type Notification,
} from '@signalbox/sdk';
import { parse as parseYaml } from 'yaml';
import { sampleNotification } from '../../api/sample-notification.ts';
import { loadConnectors } from '../../host/load-connectors.ts';
import { defineCommand } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { findConnector } from '../connectors/find-connector.ts';
import { CONFIG_FLAGS, JSON_FLAG } from '../flags.ts';
import { unknownIntegration } from '../local-host.ts';
import { readPairs } from '../pairs.ts';
import { readSettings } from '../read-settings.ts';
import { printJson } from '../terminal.ts';

/** Fixed, so that the same input gives the same preview. */
const SAMPLE_AT = Date.UTC(2026, 0, 15, 9, 30);

export default defineCommand({
  description: [
    'Shows what a notifier would send, without sending it. With an integration its own settings are used; with `--connector` example settings, which `--set` changes one by one. The notification is a sample, or a JSON file in the form of the SDK’s `Notification`.',
  ],
  positionals: [
    { name: 'INTEGRATION', description: 'An integration of the configuration', isOptional: true },
  ],
  flags: {
    connector: {
      type: 'string',
      description: 'Instead of an integration: a connector with example settings',
      hint: 'ID',
    },
    set: {
      type: 'strings',
      description: 'With --connector: a setting, as text or in YAML; may be repeated',
      hint: 'NAME=VALUE',
    },
    notification: { type: 'string', description: 'What to render; default a sample', hint: 'FILE' },
    status: {
      type: 'string',
      description: 'Of the sample; default `firing`',
      choices: ['firing', 'resolved'],
    },
    ...CONFIG_FLAGS,
    ...JSON_FLAG,
  },
  examples: [
    { line: 'signalbox notify preview team-slack', what: 'with the settings of an integration' },
    {
      line: `signalbox notify preview --connector webhook --set format=template --set 'template={{ title }}' --set content_type=text/plain`,
      what: 'a template before it is used',
    },
  ],
  async run({ flags, positionals, terminal }) {
    const [id] = positionals;
    if ((id === undefined) === (flags.connector === undefined)) {
      throw new CommandError(
        'usage',
        'name either an integration or a connector: notify preview INTEGRATION, or --connector ID',
      );
    }
    if (id !== undefined && flags.set.length > 0) throw new CommandError('usage', '--set needs --connector');
    const { connector, config } =
      id === undefined ? await exampleOf(flags.connector!, flags.set) : await ownOf(id, flags);
    if (!connector.notifier)
      throw new CommandError('usage', `${connector.title} only takes signals in; it does not send`);
    const notification = flags.notification
      ? readNotification(flags.notification)
      : sample(id ?? connector.id, flags.status === 'resolved' ? 'resolved' : 'firing');
    const rendered = render(connector, notification, config);
    if (flags.json) return printJson(terminal, { content_type: rendered.contentType, body: rendered.body });
    terminal.remark(terminal.paint('dim', rendered.contentType));
    terminal.print(readable(rendered.contentType, rendered.body));
  },
});

type Config = Readonly<Record<string, unknown>>;

async function ownOf(
  id: string,
  flags: { config: string | undefined; profile: string | undefined },
): Promise<{ connector: Connector; config: Config }> {
  const { settings, connectors } = await readSettings(flags);
  const integration = Object.hasOwn(settings.integrations, id) ? settings.integrations[id] : undefined;
  const connector = integration && connectors.connectors.get(integration.connector);
  if (!integration || !connector) throw unknownIntegration(id, Object.keys(settings.integrations));
  return { connector, config: integration.config };
}

/** Required settings by their examples, then what was said, checked as in a configuration. */
async function exampleOf(
  id: string,
  set: readonly string[],
): Promise<{ connector: Connector; config: Config }> {
  const connector = findConnector(await loadConnectors(), id);
  const examples = listFields(connector.config)
    .filter(({ path, field, required }) => required && field.default === undefined && !path.includes('.'))
    .map(({ path, field }) => [path, field.examples?.[0] ?? field.enum?.[0] ?? 'example']);
  const types = new Map(listFields(connector.config).map(({ path, field }) => [path, field.type]));
  const given = Object.entries(readPairs('--set', set)).map(([name, text]) => [
    name,
    types.get(name) === 'string' ? text : readYaml(name, text),
  ]);
  const result = validateConfig(connector.config, {
    ...Object.fromEntries(examples),
    ...Object.fromEntries(given),
  });
  if (result.ok) return { connector, config: result.config };
  throw new CommandError(
    'usage',
    result.problems.map(({ path, message }) => `--set ${path}: ${message}`).join('\n'),
  );
}

function readYaml(name: string, text: string): unknown {
  try {
    return parseYaml(text);
  } catch (cause) {
    throw new CommandError('usage', `--set ${name}: "${text}" is no YAML`, { cause });
  }
}

function readNotification(file: string): Notification {
  try {
    const read = JSON.parse(readFileSync(file, 'utf8')) as Partial<Notification>;
    if (!Array.isArray(read.alerts) || typeof read.status !== 'string')
      throw new Error('it has no alerts or no status');
    return read as Notification;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError('usage', `${file} is not a notification: ${reason}`, { cause });
  }
}

function sample(integration: string, status: Notification['status']): Notification {
  const externalURL = 'https://signalbox.example.org';
  const facts = { id: 'n_preview0123456789', tenant: 'default', integration, externalURL, now: SAMPLE_AT };
  return sampleNotification(facts, { status, priority: 'critical' });
}

function render(connector: Connector, notification: Notification, config: Config) {
  try {
    const rendered = connector.notifier?.render(notification, config);
    if (!rendered) throw new Fault('SB_CONFIG', 'nothing was rendered');
    return rendered;
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new CommandError('failed', `${error.code}: ${error.message}`, { cause: error });
  }
}

function readable(contentType: string, body: string): string {
  if (!/^application\/(?:[\w.+-]+\+)?json\b/.test(contentType)) return body.trimEnd();
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    // A template may yield what is not JSON; then that is what has to be seen.
    return body;
  }
}
