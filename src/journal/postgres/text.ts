/** Stands before what PostgreSQL's texts can't hold, and before itself. JSON has neither as a character of its own. */
const ESCAPE = '\u0001';
const ZERO = '\u0000';

/** PostgreSQL has no text with a zero character; a record comes back as it was appended all the same. */
export function escapeText(text: string): string {
  if (!text.includes(ZERO) && !text.includes(ESCAPE)) return text;
  return text.replaceAll(ESCAPE, `${ESCAPE}1`).replaceAll(ZERO, `${ESCAPE}0`);
}

export function unescapeText(text: string): string {
  if (!text.includes(ESCAPE)) return text;
  return text.replaceAll(`${ESCAPE}0`, ZERO).replaceAll(`${ESCAPE}1`, ESCAPE);
}
