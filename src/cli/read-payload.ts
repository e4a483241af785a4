import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { CommandError } from './command-error.ts';

export interface Payload {
  readonly body: Buffer;
  readonly contentType: string;
}

const STDIN = 0;
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.yaml': 'application/yaml',
  '.yml': 'application/yaml',
  '.xml': 'application/xml',
  '.form': 'application/x-www-form-urlencoded',
};

/** A file, or standard input for `-`; its content type by the name's ending unless it is said, JSON in doubt. */
export function readPayload(file: string, contentType: string | undefined): Payload {
  try {
    const body = readFileSync(file === '-' ? STDIN : file);
    return { body, contentType: contentType ?? CONTENT_TYPES[extname(file)] ?? 'application/json' };
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    throw new CommandError('usage', `${file} can’t be read${code === '' ? '' : ` (${code})`}`, { cause });
  }
}

/** `name: value` flags as request headers, names in lower case. */
export function readHeaders(texts: readonly string[]): Readonly<Record<string, string>> {
  const headers = texts.map((text) => {
    const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):\s*(.*)$/.exec(text) ?? [];
    if (name === undefined) throw new CommandError('usage', `--header expects "NAME: VALUE", not "${text}"`);
    return [name.toLowerCase(), value ?? ''] as const;
  });
  return Object.fromEntries(headers);
}
