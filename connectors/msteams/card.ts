import type { AlertWording, Wording } from '@signalbox/sdk';
import type { TeamsConfig } from './config.ts';

/** Teams refuses a larger message. https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using */
export const MESSAGE_BYTES = 28 * 1024;

type Format = TeamsConfig['format'];
export type State = 'firing' | 'resolved';

/** What a card says beside the words of the notification. */
export interface Addition {
  /** What a template made, in Markdown, in place of the alerts. */
  readonly text?: string;
  /** How many alerts are left out; empty when none is. */
  readonly leftOut: string;
  /** Why the words that were wanted could not be used; empty otherwise. */
  readonly note: string;
}

/** One of the two forms in which a card says it; `Part` is what it makes of one alert. */
export interface CardForm<Part> {
  readonly alert: (alert: AlertWording, wording: Wording) => Part;
  readonly card: (wording: Wording, alerts: readonly Part[], addition: Addition) => object;
}

/** A card of one heading and one text, as Alertmanager sends it in either form. */
export function textCard(
  format: Format,
  state: State,
  words: { readonly title: string; readonly text: string; readonly summary: string },
): object {
  if (format === 'message_card') {
    return {
      '@context': 'http://schema.org/extensions',
      type: 'MessageCard',
      title: words.title,
      summary: words.summary,
      text: words.text,
      themeColor: state === 'firing' ? '8C1A1A' : '2DC72D',
    };
  }
  return adaptiveCard([
    {
      type: 'TextBlock',
      text: words.title,
      weight: 'Bolder',
      size: 'Medium',
      wrap: true,
      style: 'heading',
      color: colorOf(state),
    },
    { type: 'TextBlock', text: words.text, wrap: true },
  ]);
}

export function colorOf(state: State): string {
  return state === 'firing' ? 'Attention' : 'Good';
}

/** https://learn.microsoft.com/en-us/connectors/teams/#adaptivecarditemschema */
export function adaptiveCard(body: readonly object[]): object {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.2',
          body,
          msteams: { width: 'full' },
        },
      },
    ],
  };
}

export function fits(message: object): boolean {
  return Buffer.byteLength(JSON.stringify(message)) <= MESSAGE_BYTES;
}
