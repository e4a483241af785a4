import { cleanLine } from '@signalbox/sdk';
import type { ExplanationView } from '../api/views/present-explanation.ts';
import { displayWidth } from './table.ts';
import type { Style, Terminal } from './terminal.ts';
import { relativeTime } from './time-text.ts';

type Step = ExplanationView['chain'][number];
type Entry = Step['entries'][number];

const MARKS = { good: ['✓', 'green'], bad: ['✗', 'red'], held: ['‖', 'yellow'] } as const;
/** Wide enough for the longest stage. */
const STAGE_WIDTH = 11;
const WIDEST = 120;
const NARROWEST = 60;

/** The whole screen of `explain`: the answer, the way through the flow, what comes next. */
export function explanationText(explanation: ExplanationView, terminal: Terminal): string {
  const { paint } = terminal;
  const now = terminal.now();
  const width = Math.max(NARROWEST, Math.min(terminal.columns ?? WIDEST, WIDEST));
  const { alert, answer, verdict, chain, told, next } = explanation;
  const heading = (text: string): string => `\n${paint('bold', text)}`;
  const title = `${paint('bold', cleanLine(alert.name))}  ${paint(alert.status === 'firing' ? 'red' : 'green', alert.status)}  ${cleanLine(alert.severity)}  ${paint('dim', `${alert.fingerprint}, episode ${alert.episode}`)}`;
  const silent = chain.filter(({ entries }) => entries.length === 0).map(({ stage }) => stage);
  return [
    title,
    '',
    ...wrap(answer, width).map((line) => paint(verdict === 'told' ? 'green' : 'yellow', line)),
    heading('What happened'),
    ...chain.flatMap((step) => stepLines(step, width, now, terminal)),
    ...(silent.length === 0
      ? []
      : wrap(`Nothing is recorded of ${silent.join(', ')}.`, width).map((line) => paint('dim', line))),
    ...attemptLines(told, width, now, terminal),
    heading('What happens next'),
    ...(next.length === 0
      ? ['Nothing, until its source or a person says something.']
      : next.flatMap(nextLines)),
  ].join('\n');

  function nextLines({ at, text }: ExplanationView['next'][number]): readonly string[] {
    const when = Date.parse(at) <= now ? 'now' : relativeTime(at, now);
    return hang(when.padEnd(STAGE_WIDTH), text, clock(at), width, terminal);
  }
}

function stepLines(
  { stage, entries }: Step,
  width: number,
  now: number,
  terminal: Terminal,
): readonly string[] {
  return entries.flatMap((entry, index) => {
    const label = index === 0 ? terminal.paint('cyan', stage.padEnd(STAGE_WIDTH)) : ' '.repeat(STAGE_WIDTH);
    return hang(
      label,
      entryText(entry),
      entry.at === undefined ? '' : `${clock(entry.at)}, ${relativeTime(entry.at, now)}`,
      width,
      terminal,
      entry.tone,
    );
  });
}

function entryText({ text, rule, count }: Entry): string {
  const times = count === undefined || count === 1 ? '' : ` ×${count}`;
  return rule === undefined || text.startsWith(rule) ? text + times : `${rule}: ${text}${times}`;
}

/** Failed tries in full; what arrived at once needs no further words. */
function attemptLines(
  told: ExplanationView['told'],
  width: number,
  now: number,
  terminal: Terminal,
): readonly string[] {
  const troubled = told.filter(({ attempts }) => attempts.some(({ outcome }) => outcome !== 'delivered'));
  if (troubled.length === 0) return [];
  const lines = troubled.flatMap(({ integration, attempts, delivery_id: id }) => [
    `${integration} ${terminal.paint('dim', id)}`,
    ...attempts.flatMap(({ at, outcome, detail }, index) =>
      hang(
        `  try ${index + 1}`.padEnd(STAGE_WIDTH),
        detail === '' ? outcome : `${outcome}: ${detail}`,
        `${clock(at)}, ${relativeTime(at, now)}`,
        width,
        terminal,
        outcome === 'delivered' ? 'good' : 'bad',
      ),
    ),
  ]);
  return [`\n${terminal.paint('bold', 'Attempts that failed')}`, ...lines];
}

/** A label, a mark, and a text that goes on under itself; the time stands behind it. */
function hang(
  label: string,
  text: string,
  time: string,
  width: number,
  { paint }: Pick<Terminal, 'paint'>,
  tone?: Entry['tone'],
): readonly string[] {
  const [mark, style]: readonly [string, Style | undefined] = tone ? MARKS[tone] : ['·', undefined];
  const marked = style === undefined ? paint('dim', mark) : paint(style, mark);
  const indent = ' '.repeat(STAGE_WIDTH + 3);
  const shown = wrap(time === '' ? text : `${text} (${time})`, width - indent.length);
  return shown.map((line, index) => (index === 0 ? `${label} ${marked} ${line}` : indent + line));
}

/** Lines of at most `width` columns, broken between words; a longer word stands alone. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of cleanLine(text).split(' ')) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** `03-01 09:30:05 UTC`. */
function clock(at: string): string {
  return `${at.slice(5, 19).replace('T', ' ')} UTC`;
}
