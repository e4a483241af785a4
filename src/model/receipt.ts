import type { Position } from './position.ts';

/**
 * The receipt that a sender gets: the signal's id and where its first record stands in the journal, so that the status of a
 * signal that is not processed yet can be told without a row of its own.
 */
export function formatReceipt(signal: string, position: Position): string {
  return `${signal}-${position.partition}-${position.offset}`;
}

/** Undefined for anything that this hub did not hand out. */
export function parseReceipt(
  text: string,
): { readonly signal: string; readonly position: Position } | undefined {
  const found = /^([0-9a-f]{32})-(\d{1,6})-(\d{1,15})$/.exec(text);
  if (!found) return undefined;
  return { signal: found[1]!, position: { partition: Number(found[2]), offset: Number(found[3]) } };
}
