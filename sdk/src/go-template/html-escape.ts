import { GoFunctionError } from './error.ts';
import { attributeKind, type HtmlState } from './html-state.ts';
import { printText } from './print.ts';
import type { GoValue } from './value.ts';

/** What Go puts in place of a value that would be dangerous where it stands. */
const REFUSED = 'ZgotmplZ';

const ENTITIES: Readonly<Record<string, string>> = {
  '\0': '\ufffd',
  '"': '&#34;',
  '&': '&amp;',
  "'": '&#39;',
  '+': '&#43;',
  '<': '&lt;',
  '>': '&gt;',
};

/** A value for the place where it is written. `escaper` is the function that the action ended with, if any. */
export function escapeValue(
  value: GoValue,
  state: HtmlState,
  escaper: string | undefined,
  spend: () => void,
): string {
  const text = value === null ? '' : printText([value], spend);
  const safe = value !== null && typeof value === 'object' && value.kind === 'safe' ? value.as : undefined;
  switch (state.at) {
    case 'text':
      return safe === 'html' || escaper === 'html' ? text : escapeEntities(text);
    case 'plain':
      return safe === 'html' ? escapeMarkup(text) : escaper === 'html' ? text : escapeEntities(text);
    case 'comment':
      return '';
    case 'style':
      return cssValue(text);
    case 'tag':
    case 'name':
    case 'after-name':
      return attributeName(text);
    case 'value':
      return attributeValue(text, state, { safe, escaper });
    case 'before-value':
    case 'script':
      throw new GoFunctionError('a value can’t stand inside of a script');
  }
}

interface Origin {
  readonly safe: 'html' | 'url' | undefined;
  readonly escaper: string | undefined;
}

function attributeValue(text: string, state: HtmlState & { at: 'value' }, { safe, escaper }: Origin): string {
  if (state.kind === 'script') throw new GoFunctionError('a value can’t stand inside of an event handler');
  let inner = text;
  if (state.kind === 'style') inner = cssValue(text, state.written);
  if (state.kind === 'url') inner = address(text, state, { safe, escaper });
  if (state.quote === '') return escapeBare(inner);
  if (state.kind === 'plain' && safe === 'html') return escapeMarkup(inner.replace(/<[^>]*>/g, ''));
  return state.kind === 'plain' && escaper === 'html' ? inner : escapeEntities(inner);
}

/** A whole address may not have a scheme but http, https and mailto; a part of a query is encoded. */
function address(text: string, state: HtmlState & { at: 'value' }, { safe, escaper }: Origin): string {
  const isStart = state.written.trim() === '';
  const isQuery = /[?#]/.test(state.written);
  const filtered = isStart && safe !== 'url' && !isSafeAddress(text) ? `#${REFUSED}` : text;
  const encoded =
    escaper === 'urlquery' && filtered === text ? text : percentEncode(filtered, !isQuery || safe === 'url');
  return state.name.toLowerCase() === 'srcset' ? encoded.replaceAll(',', '%2c') : encoded;
}

function isSafeAddress(text: string): boolean {
  const scheme = /^([^:/]*):/.exec(text)?.[1]?.toLowerCase();
  return scheme === undefined || ['http', 'https', 'mailto'].includes(scheme);
}

/** Encodes all that has no meaning in an address; without `normalizes` also all that has one. */
function percentEncode(text: string, normalizes: boolean): string {
  const kept = normalizes
    ? /%[0-9a-fA-F]{2}|[A-Za-z0-9\-._~!#$&*+,/:;=?@[\]]+|[^]/gu
    : /[A-Za-z0-9\-._~]+|[^]/gu;
  const plain = normalizes
    ? /^(?:%[0-9a-fA-F]{2}|[A-Za-z0-9\-._~!#$&*+,/:;=?@[\]]+)$/
    : /^[A-Za-z0-9\-._~]+$/;
  return text.toWellFormed().replaceAll(kept, (part) => (plain.test(part) ? part : percent(part)));
}

function percent(char: string): string {
  return [...Buffer.from(char)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

/** One word, number or colour; nothing that could end the declaration or call something. */
function cssValue(text: string, written = ''): string {
  const unquoted = written.replace(/"[^"]*"|'[^']*'|\([^()'"]*\)/g, '');
  if (/["'(]/.test(unquoted)) {
    throw new GoFunctionError('a value can’t stand inside of a quoted text or an address of CSS');
  }
  const isDangerous =
    /[\0"'()/;@[\\\]`{}<>]|--/.test(text) ||
    /expression|mozbinding/i.test(text.replace(/[^A-Za-z0-9_-]/g, '').replaceAll('-', ''));
  return isDangerous ? REFUSED : text;
}

/** Only names that hold plain text, so that no value can become an event handler or an address. */
function attributeName(text: string): string {
  const name = text.toLowerCase();
  return /^[a-z0-9]+$/.test(name) && attributeKind(name) === 'plain' ? name : REFUSED;
}

function escapeEntities(text: string): string {
  return text.replace(/[\0"&'+<>]/g, (character) => ENTITIES[character]!);
}

/** Text that is HTML already: its entities stay. */
function escapeMarkup(text: string): string {
  return text.replace(/[\0"'+<>]/g, (character) => ENTITIES[character]!);
}

function escapeBare(text: string): string {
  if (text === '') return REFUSED;
  return text.replace(/[\0\t-\r "&'+<=>`]/g, (character) =>
    character === '\0' ? '&#xfffd;' : (ENTITIES[character] ?? `&#${character.charCodeAt(0)};`),
  );
}
