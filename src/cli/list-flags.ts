import { CommandError } from './command-error.ts';

export const LIMIT_FLAG = {
  limit: { type: 'string', description: 'How many at most; default 50', hint: 'NUMBER' },
} as const;

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100_000;

/** A list is fetched page by page, and shown whole; the bound keeps a slip from filling the memory. */
export function readLimit(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new CommandError('usage', `--limit expects a number from 1 to ${MAX_LIMIT}, not "${text}"`);
}

/** Said under a list that goes on. */
export function moreText(count: number): string {
  return `The first ${count}; more with --limit.`;
}
