import { CommandError } from './command-error.ts';

/** `name=value` flags as a map; the value may hold further equal signs. */
export function readPairs(flag: string, texts: readonly string[]): Readonly<Record<string, string>> {
  const pairs = texts.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new CommandError('usage', `${flag} expects NAME=VALUE, not "${text}"`);
    return [text.slice(0, at), text.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}
