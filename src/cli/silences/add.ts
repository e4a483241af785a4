import { userInfo } from 'node:os';
import type { SilencePreview, SilenceView } from '../../api/views/present-silence.ts';
import { parseDuration } from '../../settings/quantity.ts';
import { CommandError } from '../command-error.ts';
import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { printJson } from '../terminal.ts';
import { fullTime } from '../time-text.ts';
import { silenceTable } from './silence-table.ts';

export default defineCommand({
  description: [
    'Makes a silence: alerts that all matchers take are held until it ends, and what still fires then is told. A silence that would hold many alerts has to be confirmed.',
  ],
  positionals: [
    {
      name: 'MATCHER',
      description: 'A label matcher as Alertmanager writes it; all must match',
      isRepeated: true,
    },
  ],
  flags: {
    duration: { type: 'string', description: 'How long, from the start; default 1h', hint: 'DURATION' },
    start: { type: 'string', description: 'When it begins, RFC 3339; default now', hint: 'TIME' },
    end: { type: 'string', description: 'When it ends, RFC 3339, instead of --duration', hint: 'TIME' },
    comment: { type: 'string', description: 'The reason; needed', hint: 'TEXT' },
    author: {
      type: 'string',
      description: 'Whose it is; default the name you are logged in by',
      hint: 'NAME',
    },
    maintenance: { type: 'boolean', description: 'Call it a maintenance window' },
    announce: { type: 'boolean', description: 'With --maintenance: tell its begin and its end' },
    tenant: { type: 'string', description: 'Of this tenant', hint: 'NAME' },
    preview: { type: 'boolean', description: 'Only show what it would hold now' },
    confirm: { type: 'boolean', description: 'Make it also when it holds many alerts' },
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [
    {
      line: `signalbox silences add 'alertname="DiskFull"' 'instance=~"db-.*"' --duration 2h --comment 'disks are being replaced'`,
      what: 'two hours of quiet',
    },
    { line: `signalbox silences add 'cluster="eu-1"' --preview`, what: 'what it would hold' },
  ],
  async run({ flags, positionals, terminal }) {
    const hub = await findHub(flags, terminal);
    const { tenant } = flags;
    if (flags.preview) {
      const preview = await hub.post<SilencePreview>('/silences/preview', { matchers: positionals, tenant });
      return flags.json ? printJson(terminal, preview) : terminal.print(previewText(preview));
    }
    if (flags.comment === undefined)
      throw new CommandError('usage', 'say why, by --comment: whoever is surprised by the quiet will ask');
    const starts = readTime(flags.start, '--start') ?? terminal.now();
    const ends = readTime(flags.end, '--end') ?? starts + readDuration(flags.duration ?? '1h');
    const silence = await hub.post<SilenceView>('/silences', {
      matchers: positionals,
      ...(flags.start === undefined ? {} : { starts_at: new Date(starts).toISOString() }),
      ends_at: new Date(ends).toISOString(),
      created_by: flags.author ?? userInfo().username,
      comment: flags.comment,
      ...(tenant === undefined ? {} : { tenant }),
      ...(flags.maintenance ? { kind: 'maintenance', announce: flags.announce } : {}),
      ...(flags.confirm ? { confirm: true } : {}),
    });
    if (flags.json) return printJson(terminal, silence);
    terminal.print(silenceTable([silence], terminal));
    terminal.remark(
      `It ends ${fullTime(silence.ends_at, terminal.now())}. Earlier: signalbox silences expire ${silence.id}`,
    );
  },
});

function previewText({ matching, firing, by_priority, sample, warning }: SilencePreview): string {
  const kinds = by_priority.map(({ priority, count }) => `${count} ${priority}`).join(', ');
  const names = sample.map(({ labels }) => `  ${labels['alertname'] ?? JSON.stringify(labels)}`);
  return [
    `It would hold ${matching} of ${firing} firing alerts${kinds === '' ? '' : `: ${kinds}`}.`,
    ...names,
    ...(matching > sample.length ? [`  and ${matching - sample.length} more`] : []),
    ...(warning === undefined ? [] : [`It has to be confirmed: ${warning}.`]),
  ].join('\n');
}

function readDuration(text: string): number {
  const durationMs = parseDuration(text);
  if (!durationMs) throw new CommandError('usage', `"${text}" is no duration: expected 30m, 2h or 1d`);
  return durationMs;
}

function readTime(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new CommandError('usage', `${flag}: "${text}" is no time: expected 2026-12-01T22:00:00Z`);
  return time;
}
