import { openScratchStore, openStoreReader } from '../drivers.ts';
import type { Silence } from '../model/silence.ts';
import type { StorageSettings } from '../model/settings.ts';
import { playPayload, type Play } from '../rehearsal/play-payload.ts';
import { presentPlay } from '../rehearsal/present-play.ts';
import { readSilences } from '../rehearsal/read-silences.ts';
import { CommandError } from './command-error.ts';
import { readHeaders, readPayload } from './read-payload.ts';
import { readSettings, type SettingsFlags } from './read-settings.ts';
import { simulatedAlertText } from './simulate-alert.ts';
import { readSpan, readTime, tryRehearsal } from './simulate-flags.ts';
import { printJson, type Terminal } from './terminal.ts';

export interface PayloadFlags extends SettingsFlags {
  readonly integration: string | undefined;
  readonly header: readonly string[];
  readonly 'content-type': string | undefined;
  readonly at: string | undefined;
  readonly for: string | undefined;
  readonly every: string | undefined;
  readonly messages: boolean;
  readonly silences: boolean;
  readonly json: boolean;
}

/** `simulate FILE`: one payload, and with `--for` what happens to it by itself. */
export async function simulatePayload(flags: PayloadFlags, file: string, terminal: Terminal): Promise<void> {
  const { integration } = flags;
  if (integration === undefined) {
    throw new CommandError('usage', 'say who would receive it: signalbox simulate --integration ID FILE');
  }
  if (flags.every !== undefined && flags.for === undefined)
    throw new CommandError('usage', '--every needs --for: how long does the source go on?');
  const now = readTime(flags.at, '--at', terminal) ?? terminal.now();
  const headers = readHeaders(flags.header);
  const { settings, connectors } = await readSettings(flags);
  const { body, contentType } = readPayload(file, flags['content-type']);
  const request = { headers, contentType, body: body.toString('base64') };
  const silences = flags.silences ? await storedSilences(settings.storage, now) : [];
  const store = await openScratchStore(() => now);
  try {
    const forMs = readSpan(flags.for, '--for');
    const everyMs = readSpan(flags.every, '--every');
    const play = await tryRehearsal(
      playPayload({ settings, connectors, integration, request, now, store, silences, forMs, everyMs }),
    );
    if (flags.json) return printJson(terminal, presentPlay(play));
    terminal.print(playText(play, flags, now, terminal));
  } finally {
    await store.close();
  }
}

async function storedSilences(storage: StorageSettings, now: number): Promise<readonly Silence[]> {
  const reader = await openStoreReader(storage);
  try {
    return await readSilences(reader, now);
  } finally {
    await reader.close();
  }
}

function playText(play: Play, flags: PayloadFlags, now: number, terminal: Terminal): string {
  const { paint } = terminal;
  const count = play.alerts.length;
  const lines = [
    count === 0
      ? 'The payload is accepted and says nothing about any alert.'
      : `${count} event${count === 1 ? '' : 's'}.`,
    ...play.alerts.map((alert) => `\n${simulatedAlertText(alert, terminal)}`),
    ...(play.holds.length === 0 || flags.for !== undefined
      ? []
      : ['', ...play.holds.map((hold) => paint('yellow', hold))]),
    ...(play.unknownEnrichments === 0
      ? []
      : ['', paint('yellow', 'Enrichment was not asked: what depends on it is unknown.')]),
  ];
  if (flags.for !== undefined) lines.push(...timelineLines(play, now, terminal));
  if (flags.messages) {
    for (const { receiver, integration, contentType, body, problem } of play.messages) {
      lines.push(`\n${paint('bold', `${receiver} → ${integration}`)}  ${paint('dim', contentType)}`);
      lines.push(problem === undefined ? body.trimEnd() : paint('red', problem));
    }
  }
  return lines.join('\n');
}

const STYLES = {
  alert: 'cyan',
  incident: 'magenta',
  group: 'dim',
  held: 'yellow',
  released: 'yellow',
  told: 'green',
} as const;

function timelineLines({ timeline, isCut }: Play, now: number, { paint }: Terminal): readonly string[] {
  const lines = timeline.map(({ at, kind, text }) => {
    const clock = rfc3339(at).slice(0, 19).replace('T', ' ');
    return `${clock}  ${paint('dim', sinceText(at - now).padStart(10))}  ${paint(STYLES[kind], kind.padEnd(8))}  ${text}`;
  });
  return [
    `\n${paint('bold', 'What happens, in UTC')}`,
    ...lines,
    ...(isCut ? ['… and more than is listed'] : []),
  ];
}

/** `+1d 02:30:00`; fixed in width, so that it reads as a column. */
function sinceText(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const days = Math.floor(seconds / 86_400);
  const clock = new Date((seconds % 86_400) * 1_000).toISOString().slice(11, 19);
  return `+${days === 0 ? '' : `${days}d `}${clock}`;
}

function rfc3339(at: number): string {
  return new Date(at).toISOString();
}
