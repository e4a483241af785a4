import { cleanText, type Link } from '@signalbox/sdk';

/** https://learn.microsoft.com/en-us/adaptive-cards/authoring-cards/text-features */
export function escapeMarkdown(text: string): string {
  return cleanText(text).replace(/[\\*_[\]()#`<>~|-]/g, '\\$&');
}

export function bold(text: string): string {
  return text === '' ? '' : `**${escapeMarkdown(text)}**`;
}

export function linkTo({ title, url }: Link): string {
  return `[${escapeMarkdown(title)}](${url.replaceAll('(', '%28').replaceAll(')', '%29')})`;
}
