import { cleanLine, cleanText, shorten, type Link } from '@signalbox/sdk';

/**
 * Whatever could format, mention or link in Discord's Markdown, with a backslash before.
 * https://support.discord.com/hc/en-us/articles/210298617
 */
export function escapeMarkdown(text: string): string {
  return cleanText(text).replace(/[\\*_~`|<>[\]()#:@-]/g, '\\$&');
}

/** Cuts escaped text without leaving half an escape behind. */
export function cutMarkdown(escaped: string, maxCharacters: number): string {
  return shorten(escaped, maxCharacters).replace(/(?<!\\)((?:\\\\)*)\\…$/, '$1…');
}

export function bold(text: string): string {
  return text === '' ? '' : `**${escapeMarkdown(text)}**`;
}

export function code(text: string): string {
  return `\`${cleanLine(text).replaceAll('`', "'")}\``;
}

export function linkTo({ title, url }: Link): string {
  return `[${escapeMarkdown(title)}](${url.replaceAll('(', '%28').replaceAll(')', '%29').replaceAll('>', '%3E')})`;
}
