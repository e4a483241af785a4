import { cleanLine, durationText, nameOf } from '@signalbox/sdk';
import { defineCommand } from './command.ts';
import { CommandError } from './command-error.ts';
import { CONFIG_FLAGS, JSON_FLAG } from './flags.ts';
import { readHeaders, readPayload } from './read-payload.ts';
import { readSettings } from './read-settings.ts';
import { simulate, type SimulatedAlert, type SimulatedRoute } from './simulation.ts';
import { severityCell, statusCell } from './styles.ts';
import { renderFields } from './table.ts';
import { printJson, type Terminal } from './terminal.ts';

export default defineCommand({
  description: [
    'Reads a payload as an integration would and shows what comes of it: the events, the alerts with their fingerprints, the routes that match, the groups, and which integrations are told and when. Nothing is sent or stored, and no hub has to run. Authentication is not tried.',
    'The same payload, configuration and `--at` give the same answer. Exit code 1 when the payload would be refused; the message names the field.',
  ],
  positionals: [{ name: 'FILE', description: 'The payload; `-` is standard input' }],
  flags: {
    integration: {
      type: 'string',
      alias: 'i',
      description: 'The integration that would receive it',
      hint: 'ID',
    },
    header: {
      type: 'strings',
      description: 'A request header that the source reads; may be repeated',
      hint: '"NAME: VALUE"',
    },
    'content-type': {
      type: 'string',
      description: 'Default: by the name’s ending, JSON in doubt',
      hint: 'TYPE',
    },
    at: { type: 'string', description: 'The time of receipt in RFC 3339; default now', hint: 'TIME' },
    ...CONFIG_FLAGS,
    ...JSON_FLAG,
  },
  examples: [
    { line: 'signalbox simulate --integration prom alert.json', what: 'where does this alert go?' },
    { line: 'cat build.json | signalbox simulate -i ci - --json', what: 'what does my mapping make of it?' },
  ],
  async run({ flags, positionals, terminal }) {
    const { integration } = flags;
    if (integration === undefined) {
      throw new CommandError('usage', 'say who would receive it: signalbox simulate --integration ID FILE');
    }
    const now = flags.at === undefined ? terminal.now() : Date.parse(flags.at);
    if (Number.isNaN(now))
      throw new CommandError('usage', `--at expects a time such as 2026-11-20T09:30:00Z, not "${flags.at}"`);
    const headers = readHeaders(flags.header);
    const { settings, connectors } = await readSettings(flags);
    const { body, contentType } = readPayload(positionals[0]!, flags['content-type']);
    const request = { headers, contentType, body: body.toString('base64') };
    const result = await simulate({ settings, connectors, integration, request, now });
    if (flags.json) return printJson(terminal, result);
    const { alerts } = result;
    const events = `${alerts.length} event${alerts.length === 1 ? '' : 's'}`;
    terminal.print(
      alerts.length === 0 ? 'The payload is accepted and says nothing about any alert.' : `${events}.`,
    );
    for (const alert of alerts) terminal.print(`\n${describe(alert, terminal)}`);
  },
});

function describe(alert: SimulatedAlert, terminal: Terminal): string {
  const pairs = (map: Readonly<Record<string, string>>): string =>
    Object.entries(map)
      .map(([name, value]) => `${name}="${value}"`)
      .join(', ');
  const fields = renderFields(
    [
      ['alert', { text: nameOf(alert), style: 'bold' }],
      ['status', statusCell(alert.status)],
      ['severity', alert.severity === '' ? 'none' : severityCell(alert.severity)],
      ['priority', alert.priority],
      ['labels', pairs(alert.labels)],
      ['annotations', pairs(alert.annotations)],
      ['fingerprint', alert.fingerprint],
      ...(alert.hold ? [['held', heldText(alert.hold)] as const] : []),
      ...alert.decisions.map(
        ({ stage, rule, outcome }) => [stage, cleanLine(`${rule}: ${outcome}`)] as const,
      ),
    ],
    terminal,
  );
  return [fields, ...alert.routes.map((route) => describeRoute(route, terminal))].join('\n');
}

function heldText({ reason, rule, comment }: NonNullable<SimulatedAlert['hold']>): string {
  return cleanLine(`${reason} by ${rule}, so nobody is told${comment ? `: ${comment}` : ''}`);
}

function describeRoute(route: SimulatedRoute, { paint }: Terminal): string {
  const intervals = `then every ${durationText(route.group_interval_ms)} when something changes, every ${durationText(route.repeat_interval_ms)} while it lasts`;
  const after = route.first_told_after_ms;
  const when =
    after === undefined
      ? 'only if it was told before that it fires'
      : after === 0
        ? `at once, ${intervals}`
        : `after ${durationText(after)}, ${intervals}`;
  const who =
    route.tells.length === 0
      ? `nobody: the receiver ${route.receiver} is empty`
      : route.tells.map(recipient).join(', ');
  return [
    `${paint('cyan', '→')} route ${cleanLine(route.route)}  receiver ${route.receiver}`,
    `    group ${cleanLine(route.group_key)}`,
    `    tells ${who}`,
    `    ${when}`,
  ].join('\n');
}

function recipient({ integration, resolved, fallback }: SimulatedRoute['tells'][number]): string {
  const notes = [
    ...(fallback.length > 0 ? [`else ${fallback.join(', then ')}`] : []),
    ...(resolved ? [] : ['not when resolved']),
  ];
  return notes.length === 0 ? integration : `${integration} (${notes.join('; ')})`;
}
