import {
  cleanText,
  compileTemplate,
  fitAlerts,
  fitting,
  leftOutText,
  shorten,
  templateNote,
  wordingOf,
  type Link,
  type Notification,
  type Wording,
} from '@signalbox/sdk';
import { fits, type Addition, type CardForm } from './card.ts';
import type { TeamsConfig } from './config.ts';
import { escapeMarkdown } from './markdown.ts';
import { markdownCard } from './markdown-card.ts';
import { richCard } from './rich-card.ts';

const TEMPLATE_CHARACTERS = 8_000;
// What one alert and what the procedures ask for have room for: together less than a card has, also where each character takes four bytes, so that one
// alert always fits. Enrichment and changes get what is left.
const DESCRIPTION_CHARACTERS = 1_000;
const LABELS_CHARACTERS = 1_000;
const KNOWN_CHARACTERS = 600;
const LINKS_CHARACTERS = 3_000;
const ASKED_CHARACTERS = 800;
const PROCEDURE_CHARACTERS = 1_000;
const FOOTER_CHARACTERS = 400;
const NOTE_CHARACTERS = 400;

export interface Composed {
  readonly message: object;
  /** Why the words that were wanted could not be used. */
  readonly problem?: string;
}

/** The notification as a card within Teams' limit: what does not fit is left out, details first and then alert by alert. */
export function composeMessage(
  notification: Notification,
  config: TeamsConfig,
  earlierProblem?: string,
): Composed {
  const wording = boundedWording(wordingOf(notification, { maxAlerts: config.max_alerts }));
  const rendered = config.template === undefined ? undefined : renderTemplate(config.template, notification);
  const problem = rendered?.problem ?? earlierProblem;
  const note = problem === undefined ? '' : shorten(templateNote(problem), NOTE_CHARACTERS);
  const addition = { note, ...(rendered?.text === undefined ? {} : { text: rendered.text }) };
  const message =
    config.format === 'message_card'
      ? composeCard(markdownCard, notification, wording, addition)
      : composeCard(richCard, notification, wording, addition);
  return { message, ...(problem === undefined ? {} : { problem }) };
}

function composeCard<Part>(
  { alert, card }: CardForm<Part>,
  notification: Notification,
  wording: Wording,
  addition: Omit<Addition, 'leftOut'>,
): object {
  const cardWith = (alerts: readonly Part[], shown: number): object =>
    card(wording, alerts, { ...addition, leftOut: leftOutText(notification, shown) });
  if (addition.text !== undefined) return cardWith([], 0);
  const alerts = fitAlerts(
    wording.alerts,
    (each) => alert(each, wording),
    // Nobody knows yet how many are left out; the line is longest when all are.
    (some) => fits(cardWith(some, 0)),
  );
  return cardWith(alerts, alerts.length);
}

function renderTemplate(
  source: string,
  notification: Notification,
): { readonly text?: string; readonly problem?: string } {
  const template = compileTemplate(source, { field: 'config.template', escape: escapeMarkdown });
  const rendering = template.render(notification);
  if (!rendering.ok) return { problem: rendering.problem };
  return { text: shorten(cleanText(rendering.text).trim(), TEMPLATE_CHARACTERS) };
}

function boundedWording(wording: Wording): Wording {
  const footer = wording.footer.map((word) => shorten(word, 100));
  return {
    ...wording,
    asked: fitting(wording.asked, ASKED_CHARACTERS, (line) => line.length),
    procedure: fitting(wording.procedure, PROCEDURE_CHARACTERS, urlLength),
    alerts: wording.alerts.map((alert) => ({
      ...alert,
      description: shorten(alert.description, DESCRIPTION_CHARACTERS),
      labels: fitting(alert.labels, LABELS_CHARACTERS, pairLength),
      known: fitting(alert.known, KNOWN_CHARACTERS, pairLength),
      links: fitting(alert.links, LINKS_CHARACTERS, urlLength),
    })),
    footer: fitting(footer, FOOTER_CHARACTERS, (word) => word.length),
  };
}

function pairLength([name, value]: readonly [name: string, value: string]): number {
  return name.length + value.length;
}

function urlLength({ url }: Link): number {
  return url.length;
}
