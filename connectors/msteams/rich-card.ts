import { cleanText, type AlertWording, type Link, type Wording } from '@signalbox/sdk';
import { adaptiveCard, colorOf, type CardForm } from './card.ts';

/** Plain text in a card, which no value can format: https://adaptivecards.io/explorer/TextRun.html */
interface TextRun {
  readonly type: 'TextRun';
  readonly text: string;
  readonly weight?: 'Bolder';
  readonly size?: 'Medium' | 'Small';
  readonly color?: string;
  readonly fontType?: 'Monospace';
  readonly isSubtle?: true;
  readonly selectAction?: { readonly type: 'Action.OpenUrl'; readonly url: string };
}

type Line = readonly TextRun[];

/** The words as an Adaptive Card: a paragraph for each line. */
export const richCard: CardForm<readonly object[]> = {
  alert: (alert, wording) => together(alertLines(alert, wording)),

  card(wording, alerts, { text, leftOut, note }) {
    const { look, title, status } = wording;
    const heading: TextRun = {
      ...run(`${look.emoji} ${title}`),
      weight: 'Bolder',
      size: 'Medium',
      color: colorOf(status),
    };
    const body =
      text === undefined
        ? [
            ...together(askedLines(wording)),
            ...alerts.flat(),
            ...together(leftOut === '' ? [] : [[subtle(leftOut)]]),
          ]
        : [{ type: 'TextBlock', text, wrap: true }];
    return adaptiveCard([...together([[heading]]), ...body, ...together([lastLine(wording, note)])]);
  },
};

/** What the procedures ask for; nothing without. */
function askedLines({ asked: [level, ...asked], procedure }: Wording): readonly Line[] {
  return [
    ...(level === undefined ? [] : [[strong(level)]]),
    ...asked.map((line) => [run(line)]),
    ...procedure.map((link) => [linkTo(link)]),
  ];
}

function alertLines(alert: AlertWording, { isSingle }: Wording): readonly Line[] {
  const labels = alert.labels.map(([name, value]) => `${name}=${value}`).join(' ');
  const beside = alert.beside === '' ? [] : [run(` ${alert.beside}`)];
  return [
    isSingle ? [strong(alert.heading)] : [run(`${alert.look.emoji} `), strong(alert.heading), ...beside],
    alert.description === '' ? [] : [run(alert.description)],
    labels === '' ? [] : [{ ...run(labels), fontType: 'Monospace', size: 'Small' }],
    alert.known.flatMap(([name, value], index) => [
      run(`${index === 0 ? '' : ' · '}${name}: `),
      strong(value),
    ]),
    ...alert.found.map((line) => [run(`• ${line}`)]),
    [subtle(alert.times), ...alert.links.flatMap((link) => [run(' · '), linkTo(link)])],
  ];
}

function lastLine({ footer, hub }: Wording, note: string): Line {
  const words = [...footer, note].filter((word) => word !== '').join(' · ');
  return [subtle(words), ...hub.flatMap((link) => [run(' · '), linkTo(link)])];
}

/**
 * Lines that belong together, without a gap between them. Each is a paragraph, because Teams on Android has dropped line feeds where a run begins or ends
 * (https://github.com/microsoft/AdaptiveCards/issues/4914).
 */
function together(lines: readonly Line[]): readonly object[] {
  return lines
    .filter((line) => line.length > 0)
    .map((inlines, index) => ({
      type: 'RichTextBlock',
      inlines,
      ...(index === 0 ? {} : { spacing: 'None' }),
    }));
}

function run(text: string): TextRun {
  return { type: 'TextRun', text: cleanText(text) };
}

function strong(text: string): TextRun {
  return { ...run(text), weight: 'Bolder' };
}

function subtle(text: string): TextRun {
  return { ...run(text), isSubtle: true };
}

function linkTo({ title, url }: Link): TextRun {
  return { ...run(title), color: 'Accent', selectAction: { type: 'Action.OpenUrl', url } };
}
