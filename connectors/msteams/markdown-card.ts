import type { AlertWording, Wording } from '@signalbox/sdk';
import { textCard, type CardForm } from './card.ts';
import { bold, escapeMarkdown, linkTo } from './markdown.ts';

/** The words as the older card: one text in Markdown, where only an empty line ends a line. */
export const markdownCard: CardForm<string> = {
  alert: (alert, wording) => paragraphs(alertLines(alert, wording)),

  card(wording, alerts, { text, leftOut, note }) {
    const title = `${wording.look.emoji} ${wording.title}`;
    const body = text === undefined ? [...askedLines(wording), ...alerts, escapeMarkdown(leftOut)] : [text];
    const words = paragraphs([...body, lastLine(wording, note)]);
    return textCard('message_card', wording.status, { title, text: words, summary: title });
  },
};

function paragraphs(lines: readonly string[]): string {
  return lines.filter((line) => line !== '').join('\n\n');
}

/** What the procedures ask for; nothing without. */
function askedLines({ asked: [level = '', ...asked], procedure }: Wording): readonly string[] {
  return [bold(level), ...asked.map(escapeMarkdown), ...procedure.map(linkTo)];
}

function alertLines(alert: AlertWording, { isSingle }: Wording): readonly string[] {
  const heading = bold(alert.heading);
  return [
    isSingle ? heading : `${alert.look.emoji} ${heading} ${escapeMarkdown(alert.beside)}`.trim(),
    escapeMarkdown(alert.description).replace(/\n+/g, '\n\n'),
    escapeMarkdown(alert.labels.map(([name, value]) => `${name}=${value}`).join(' ')),
    alert.known.map(([name, value]) => `${escapeMarkdown(name)}: ${bold(value)}`).join(' · '),
    ...alert.found.map((line) => `• ${escapeMarkdown(line)}`),
    [escapeMarkdown(alert.times), ...alert.links.map(linkTo)].join(' · '),
  ];
}

function lastLine({ footer, hub }: Wording, note: string): string {
  return [...[...footer, note].filter((word) => word !== '').map(escapeMarkdown), ...hub.map(linkTo)].join(
    ' · ',
  );
}
