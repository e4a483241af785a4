import {
  cleanText,
  compileTemplate,
  descriptionOf,
  labelsOf,
  lateText,
  leftOutText,
  linksOf,
  lookOf,
  nameOf,
  severityOf,
  shorten,
  summaryOf,
  templateNote,
  timesOf,
  titleOf,
  webAddress,
  worstSeverity,
  type Link,
  type NotifiedAlert,
  type Notification,
} from '@signalbox/sdk';
import { adaptiveCard, colorOf, fits, textCard } from './card.ts';
import type { TeamsConfig } from './config.ts';

const TEMPLATE_CHARACTERS = 8_000;
const DESCRIPTION_CHARACTERS = 1_000;
const MAX_LABELS = 20;

export interface Composed {
  readonly message: object;
  /** Why the words that were wanted could not be used. */
  readonly problem?: string;
}

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

/** The notification as a card within Teams' limit: what does not fit is left out alert by alert. */
export function composeMessage(
  notification: Notification,
  config: TeamsConfig,
  earlierProblem?: string,
): Composed {
  const { status } = notification;
  const { emoji } = lookOf(status, worstSeverity(notification));
  const title = `${emoji} ${titleOf(notification)}`;
  const rendered = config.template === undefined ? undefined : renderTemplate(config.template, notification);
  const problem = rendered?.problem ?? earlierProblem;
  const last = lastLine(notification, problem);
  const noted = problem === undefined ? {} : { problem };
  const heading = paragraph([{ ...run(title), weight: 'Bolder', size: 'Medium', color: colorOf(status) }]);
  const withBody = (body: readonly object[]): object => adaptiveCard([heading, ...body, paragraph(last)]);
  if (config.format === 'message_card') {
    const text = rendered?.text ?? alertsText(notification, config.max_alerts);
    const words = [text, escapeMarkdown(last.map((each) => each.text).join(''))].join('\n\n');
    return { message: textCard(config.format, status, { title, text: words, summary: title }), ...noted };
  }
  if (rendered?.text !== undefined) {
    return { message: withBody([{ type: 'TextBlock', text: rendered.text, wrap: true }]), ...noted };
  }
  const shown: object[] = [];
  for (const alert of notification.alerts.slice(0, config.max_alerts)) {
    const next = [...shown, paragraph(alertRuns(alert, notification))];
    if (!fits(withBody([...next, paragraph([run(leftOutText(notification, 0))])]))) break;
    shown.push(next.at(-1)!);
  }
  const leftOut = leftOutText(notification, shown.length);
  const body = leftOut === '' ? shown : [...shown, paragraph([{ ...run(leftOut), isSubtle: true }])];
  return { message: withBody(body), ...noted };
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

function alertRuns(alert: NotifiedAlert, notification: Notification): readonly TextRun[] {
  const isOnly = notification.alerts.length === 1;
  const { emoji } = lookOf(alert.status, severityOf(alert.labels));
  const summary = summaryOf(alert);
  // With one alert the title above has the name already.
  const heading: readonly TextRun[] = isOnly
    ? [{ ...run(summary || nameOf(alert)), weight: 'Bolder' }]
    : [run(`${emoji} `), { ...run(nameOf(alert)), weight: 'Bolder' }, run(` ${summary}`)];
  const description = shorten(descriptionOf(alert), DESCRIPTION_CHARACTERS);
  const labels = labelsOf(alert.labels, isOnly ? {} : notification.commonLabels).slice(0, MAX_LABELS);
  const words = labels.map(([name, value]) => `${shorten(name, 100)}=${value}`).join(' ');
  return [
    ...heading,
    ...(description === '' ? [] : [run(`\n${description}`)]),
    ...(words === '' ? [] : [{ ...run(`\n${words}`), fontType: 'Monospace', size: 'Small' } as const]),
    { ...run(`\n${timesOf(alert, notification)}`), isSubtle: true },
    ...linksOf(alert).flatMap((link) => [run(' · '), linkTo(link)]),
  ];
}

/** The alerts in Markdown, for the older card. */
function alertsText(notification: Notification, maxAlerts: number): string {
  const shown: string[] = [];
  for (const alert of notification.alerts.slice(0, maxAlerts)) {
    const text = escapeMarkdown(
      alertRuns(alert, notification)
        .map((each) => each.text)
        .join(''),
    );
    if ([...shown, text].join('\n\n').length > TEMPLATE_CHARACTERS) break;
    shown.push(text);
  }
  return [...shown, leftOutText(notification, shown.length)].filter((part) => part !== '').join('\n\n');
}

function lastLine(notification: Notification, problem: string | undefined): readonly TextRun[] {
  const hub = webAddress(notification.externalURL);
  const words = [
    `to ${shorten(notification.receiver, 100)}`,
    ...(notification.generation > 1 ? [`update ${notification.generation}`] : []),
    lateText(notification),
    ...(problem === undefined ? [] : [shorten(templateNote(problem), 400)]),
  ];
  const text: TextRun = { ...run(words.filter((word) => word !== '').join(' · ')), isSubtle: true };
  return hub === undefined ? [text] : [text, run(' · '), linkTo({ title: 'Signalbox', url: hub })];
}

function paragraph(inlines: readonly TextRun[]): object {
  return { type: 'RichTextBlock', inlines };
}

function run(text: string): TextRun {
  return { type: 'TextRun', text: cleanText(text) };
}

function linkTo({ title, url }: Link): TextRun {
  return { ...run(title), color: 'Accent', selectAction: { type: 'Action.OpenUrl', url } };
}

/** https://learn.microsoft.com/en-us/adaptive-cards/authoring-cards/text-features */
export function escapeMarkdown(text: string): string {
  return cleanText(text).replace(/[\\*_[\]()#`<>~|-]/g, '\\$&');
}
