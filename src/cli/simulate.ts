import { defineCommand } from './command.ts';
import { CommandError } from './command-error.ts';
import { CONFIG_FLAGS, DATA_FLAG, JSON_FLAG, NODE_FLAGS } from './flags.ts';
import { simulateBackTest } from './simulate-back-test.ts';
import { simulatePayload } from './simulate-payload.ts';

const { 'storage-url': storageUrl, 'journal-url': journalUrl } = NODE_FLAGS;

export default defineCommand({
  description: [
    'Tries a configuration out. Nothing is sent or stored, no hub has to run, and nobody outside is asked. The same input and `--at` give the same answer.',
    'With a FILE: reads a payload as an integration would and shows what comes of it: the events, the alerts with their fingerprints, the routes that match, the groups, and which integrations are told and when; with `--messages` also what they would be sent. Authentication is not tried. With `--for` it goes on: what happens to the alert by itself during that time, through group timers, mute and active times, maintenance windows, escalation and ageing.',
    'With `--from` and `--to`: replays the recorded journal under the configuration and compares who would have been told with who was. Journal and store of the data folder are only read; a hub may run on them.',
    'Exit code 1 when the payload would be refused; the message names the field.',
  ],
  positionals: [{ name: 'FILE', description: 'The payload; `-` is standard input', isOptional: true }],
  flags: {
    integration: {
      type: 'string',
      alias: 'i',
      description: 'The integration that would receive the payload',
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
    for: { type: 'string', description: 'Follow the payload for so long: `24h`', hint: 'DURATION' },
    every: {
      type: 'string',
      description: 'With --for: its source says the same again this often; default once',
      hint: 'DURATION',
    },
    messages: { type: 'boolean', description: 'Show what each integration would be sent first' },
    silences: {
      type: 'boolean',
      description: 'With a payload: apply the silences and windows of the store as well',
    },
    from: {
      type: 'string',
      description: 'Replay what was recorded from this time on: RFC 3339, or so long ago, as `24h`',
      hint: 'TIME',
    },
    to: { type: 'string', description: 'With --from: up to this time; default now', hint: 'TIME' },
    'warm-up': {
      type: 'string',
      description: 'With --from: replay so much before it without comparing; default 1h',
      hint: 'DURATION',
    },
    tolerance: {
      type: 'string',
      description: 'With --from: times no further apart than this are the same; default 30s',
      hint: 'DURATION',
    },
    limit: { type: 'string', description: 'With --from: differences that are listed; default 50', hint: 'N' },
    'max-records': {
      type: 'string',
      description: 'With --from: records that are read; default 1000000',
      hint: 'N',
    },
    ...CONFIG_FLAGS,
    ...DATA_FLAG,
    'storage-url': storageUrl,
    'journal-url': journalUrl,
    ...JSON_FLAG,
  },
  examples: [
    { line: 'signalbox simulate --integration prom alert.json', what: 'where does this alert go?' },
    { line: 'cat build.json | signalbox simulate -i ci - --json', what: 'what does my mapping make of it?' },
    {
      line: 'signalbox simulate -i prom alert.json --for 24h',
      what: 'what would happen to it until tomorrow?',
    },
    {
      line: 'signalbox simulate --config next.yaml --data ./data --from 24h',
      what: 'who would have been told since yesterday under next.yaml?',
    },
  ],
  async run({ flags, positionals, terminal }) {
    const [file] = positionals;
    if (flags.from !== undefined) {
      if (file !== undefined) throw new CommandError('usage', 'either a payload or --from: not both');
      return simulateBackTest(flags, terminal);
    }
    if (file === undefined) {
      throw new CommandError(
        'usage',
        'say what to try: a payload (signalbox simulate --integration ID FILE), or what was recorded (--from TIME)',
      );
    }
    return simulatePayload(flags, file, terminal);
  },
});
