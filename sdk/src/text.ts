// Characters that steer a terminal, a mail header or the reading direction; tab and line feed are not among them.
const STEERING = new RegExp(
  [
    '[',
    '\\u0000-\\u0008\\u000b-\\u001f', // C0
    '\\u007f-\\u009f', // DEL and C1
    '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069', // overrides that make `txt.exe` read as `exe.txt` (Unicode TR 36)
    '\\u2028\\u2029\\ufeff', // line ends that are none, byte order mark
    ']',
  ].join(''),
  'g',
);

// A sequence without an end loses its ESC only, so that nobody can hide the rest of a text behind one.
// oxlint-disable-next-line no-control-regex -- ESC and BEL begin and end the sequences to be removed
const ESCAPE_SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]{0,500}(?:\u0007|\u001b\\))/g;

/**
 * Text from outside, made safe to show: no escape sequences, no control characters, no reading-direction overrides. Line
 * feeds stay; carriage returns go.
 *
 * @example
 * cleanText('disk \u001b[2Jfull\r\n'); // 'disk full\n'
 */
export function cleanText(text: string): string {
  return text.replace(ESCAPE_SEQUENCE, '').replace(STEERING, '').toWellFormed();
}

/** `cleanText` on one line: every run of white space becomes one space. */
export function cleanLine(text: string): string {
  return cleanText(text.replace(/\s+/g, ' ')).trim();
}

/**
 * Cuts to at most `maxCharacters` UTF-16 units, the ellipsis included, never inside a surrogate pair.
 *
 * @example
 * shorten('disk almost full', 11); // 'disk almos…'
 */
export function shorten(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  if (maxCharacters <= 0) return '';
  const end = maxCharacters - 1;
  const splitsPair = /[\ud800-\udbff]/.test(text.charAt(end - 1));
  return text.slice(0, splitsPair ? end - 1 : end).trimEnd() + '…';
}

/** Escapes text for HTML, also inside quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => HTML_ENTITIES[character] ?? character);
}

const HTML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
