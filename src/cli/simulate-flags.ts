import { RehearsalError } from '../rehearsal/rehearsal-error.ts';
import { parseDuration } from '../settings/quantity.ts';
import { CommandError } from './command-error.ts';
import type { Terminal } from './terminal.ts';

/** A time in RFC 3339, or so long ago. */
export function readTime(
  text: string | undefined,
  flag: string,
  { now }: Pick<Terminal, 'now'>,
): number | undefined {
  if (text === undefined) return undefined;
  const ago = parseDuration(text);
  if (ago !== undefined) return now() - ago;
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new CommandError('usage', `${flag} expects a time such as 2026-11-20T09:30:00Z, not "${text}"`);
  return time;
}

export function readSpan(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms === undefined)
    throw new CommandError('usage', `${flag} expects a duration such as 30m, 24h or 7d, not "${text}"`);
  return ms;
}

export function readCount(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new CommandError('usage', `${flag} expects a number from 1 on, not "${text}"`);
  return count;
}

/** What a rehearsal refuses is for the person who asked. */
export async function tryRehearsal<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    if (!(error instanceof RehearsalError)) throw error;
    throw new CommandError(error.code === 'invalid' ? 'usage' : 'failed', error.message, { cause: error });
  });
}
