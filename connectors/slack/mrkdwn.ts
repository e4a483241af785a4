import { cleanLine, cleanText, shorten, type Link } from '@signalbox/sdk';

/**
 * Slack's three control characters as entities: nothing in the text can become a mention (`<!channel>`), a link or a
 * user any more. https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export function escapeMrkdwn(text: string): string {
  return cleanText(text).replace(/[&<>]/g, (character) =>
    character === '&' ? '&amp;' : character === '<' ? '&lt;' : '&gt;',
  );
}

/** Cuts escaped text to Slack's limits without leaving half an entity behind. */
export function cutMrkdwn(escaped: string, maxCharacters: number): string {
  return shorten(escaped, maxCharacters).replace(/&[a-z]{0,3}…$/, '…');
}

export function bold(text: string): string {
  // An asterisk inside would end the bold text; there is no way to escape one.
  return text === '' ? '' : `*${escapeMrkdwn(text).replaceAll('*', '∗')}*`;
}

export function code(text: string): string {
  return `\`${escapeMrkdwn(cleanLine(text)).replaceAll('`', "'")}\``;
}

export function linkTo({ title, url }: Link): string {
  return `<${escapeMrkdwn(url).replaceAll('|', '%7C')}|${escapeMrkdwn(title)}>`;
}
