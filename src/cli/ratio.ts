import { CommandError } from './command-error.ts';

/** The value of a flag that takes a share. */
export function readRatio(flag: string, text: string): number {
  const ratio = Number(text);
  if (text.trim() !== '' && ratio >= 0 && ratio <= 1) return ratio;
  throw new CommandError('usage', `${flag} expects a number from 0 to 1, not "${text}"`);
}

/** `98.70 %`; a dash where there was nothing to divide by. */
export function percent(ratio: number | undefined): string {
  return ratio === undefined ? '–' : `${(ratio * 100).toFixed(2)} %`;
}
