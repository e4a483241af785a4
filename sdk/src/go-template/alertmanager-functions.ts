import { RE2JS } from 're2js';
import { GoFunctionError } from './error.ts';
import type { Functions } from './function.ts';
import { humanizeDuration } from './humanize-duration.ts';
import { formatTime, parseTime } from './time-layout.ts';
import { checkZone } from './time-zone.ts';
import { toJson } from './to-json.ts';
import { asText, strings, ZERO_TIME, type GoList, type GoTime, type GoValue } from './value.ts';

/**
 * The functions of Alertmanager 0.34 (https://prometheus.io/docs/alerting/latest/notifications/#functions). `now` and `since`
 * read the time of the rendering, so that a repeat says the same.
 */
export const ALERTMANAGER_FUNCTIONS: Functions = {
  toUpper: { parameters: ['string'], call: ([text]) => mapLetters(asText(text), upper) },
  toLower: { parameters: ['string'], call: ([text]) => mapLetters(asText(text), lower) },
  title: { parameters: ['string'], call: ([text]) => titleCase(asText(text)) },
  trimSpace: { parameters: ['string'], call: ([text]) => asText(text).replace(SPACE_AROUND, '') },
  join: {
    parameters: ['string', 'strings'],
    call: ([separator, list]) => (list as GoList).items.map(asText).join(asText(separator)),
  },
  match: {
    parameters: ['string', 'string'],
    call: ([pattern, text], { spend }) => {
      spend(stepsOf(asText(pattern), asText(text)));
      return compile(asText(pattern)).matcher(asText(text)).find();
    },
  },
  reReplaceAll: {
    parameters: ['string', 'string', 'string'],
    call: ([pattern, replacement, text], { spend }) => {
      spend(stepsOf(asText(pattern), asText(text)));
      return replaceAll(asText(pattern), asText(replacement), asText(text));
    },
  },
  safeHtml: { parameters: ['string'], call: ([text]) => ({ kind: 'safe', as: 'html', text: asText(text) }) },
  safeUrl: { parameters: ['string'], call: ([text]) => ({ kind: 'safe', as: 'url', text: asText(text) }) },
  urlUnescape: { parameters: ['string'], call: ([text]) => unescapeQuery(asText(text)) },
  stringSlice: {
    parameters: [],
    rest: 'string',
    call: (texts) => strings(texts as readonly string[], '[]string'),
  },
  routeLabels: { parameters: ['string'], call: ([name], { routeLabel }) => routeLabel(asText(name)) },
  date: {
    parameters: ['string', 'time'],
    call: ([layout, time]) => formatTime(time as GoTime, asText(layout)),
  },
  tz: {
    parameters: ['string', 'time'],
    call: ([name, time]) => ({ ...(time as GoTime), zone: checkZone(asText(name)) }),
  },
  now: { parameters: [], call: (_none, { now }) => timeOf(now) },
  since: {
    parameters: ['time'],
    call: ([time], { now }) => ({
      kind: 'duration',
      nanoseconds: timeOf(now).nanoseconds - (time as GoTime).nanoseconds,
    }),
  },
  humanizeDuration: { parameters: ['any'], call: ([value]) => humanizeDuration(value!) },
  toDate: {
    parameters: ['string', 'string'],
    call: ([layout, text]) => {
      try {
        return parseTime(asText(layout), asText(text));
      } catch (error) {
        if (error instanceof GoFunctionError) return ZERO_TIME;
        throw error;
      }
    },
  },
  mustToDate: {
    parameters: ['string', 'string'],
    call: ([layout, text]) => parseTime(asText(layout), asText(text)),
  },
  toJson: { parameters: ['any'], call: ([value], { spend }) => toJson(value!, spend) },
  base64encode: {
    parameters: ['string'],
    call: ([text]) => {
      const encoded = Buffer.from(asText(text)).toString('base64url');
      return encoded.padEnd(Math.ceil(encoded.length / 4) * 4, '=');
    },
  },
  base64decode: { parameters: ['string'], call: ([text]) => decodeBase64(asText(text)) },
  list: { parameters: [], rest: 'any', call: (items) => listOf(items) },
  append: {
    parameters: ['list'],
    rest: 'any',
    call: ([list, ...items]) => listOf([...(list as GoList).items, ...items]),
  },
  dict: { parameters: [], rest: 'any', call: (values) => dictOf(values) },
};

/** White space as Go's `unicode.IsSpace`, which has U+0085 and lacks the byte order mark. */
const SPACE_AROUND =
  /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g;

function timeOf(milliseconds: number): GoTime {
  return { kind: 'time', nanoseconds: BigInt(Math.trunc(milliseconds)) * 1_000_000n, zone: 'UTC' };
}

/** Letter by letter, as in Go: one that would become several stays, such as ß. */
function mapLetters(text: string, change: (letter: string) => string): string {
  return Array.from(text, (letter) => {
    const changed = change(letter);
    return Array.from(changed).length === 1 ? changed : letter;
  }).join('');
}

const upper = (letter: string): string => letter.toUpperCase();
const lower = (letter: string): string => letter.toLowerCase();

const words = new Intl.Segmenter('en', { granularity: 'word' });

/** The first letter of each word in upper case, the others in lower case. */
function titleCase(text: string): string {
  return [...words.segment(text)]
    .map(({ segment }) => segment.toLowerCase().replace(/\p{L}/u, upper))
    .join('');
}

/** Matching takes time in proportion to both. */
function stepsOf(pattern: string, text: string): number {
  return Math.ceil((pattern.length * text.length) / 64);
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch {
    throw new GoFunctionError(`not a regular expression of RE2: ${JSON.stringify(pattern)}`);
  }
}

/** As Go's `ReplaceAllString`: `$1`, `${1}`, `$name`; a name is as long as it can be, and one that is unknown is empty. */
function replaceAll(pattern: string, replacement: string, text: string): string {
  const compiled = compile(pattern);
  const matcher = compiled.matcher(text);
  const named = compiled.namedGroups() as Readonly<Record<string, number>>;
  const expand = (): string =>
    replacement.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (all, plain?: string, braced?: string) => {
      const name = plain ?? braced;
      if (name === undefined) return all === '$$' ? '$' : all;
      const group = /^\d+$/.test(name) ? Number(name) : named[name];
      return group === undefined || group > matcher.groupCount() ? '' : (matcher.group(group) ?? '');
    });
  let result = '';
  let copied = 0;
  let lastEnd = -1;
  while (matcher.find()) {
    const [start, end] = [matcher.start(), matcher.end()];
    // An empty match right after another one does not count.
    if (start === end && start === lastEnd) continue;
    result += text.slice(copied, start) + expand();
    copied = end;
    lastEnd = end;
  }
  return result + text.slice(copied);
}

function unescapeQuery(text: string): string {
  const plain = text.replaceAll('+', ' ');
  const wrong = /%(?![0-9a-fA-F]{2}).{0,2}/s.exec(plain)?.[0];
  if (wrong !== undefined) throw new GoFunctionError(`${JSON.stringify(wrong)} is no escape of an address`);
  return decodeBytes(plain);
}

/** Bytes that are not UTF-8 become U+FFFD. */
function decodeBytes(text: string): string {
  const bytes = text
    .split(/(%[0-9a-fA-F]{2})/)
    .map((part) => (/^%[0-9a-fA-F]{2}$/.test(part) ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part)));
  return Buffer.concat(bytes).toString('utf8');
}

function decodeBase64(text: string): string {
  const plain = text.replace(/[\r\n]/g, '');
  if (!/^(?:[\w-]{4})*(?:[\w-]{2}==|[\w-]{3}=)?$/.test(plain)) {
    throw new GoFunctionError('this is not base64 of the alphabet for URLs');
  }
  return Buffer.from(plain, 'base64url').toString('utf8');
}

function listOf(items: readonly GoValue[]): GoList {
  return { kind: 'list', type: '[]interface {}', items };
}

function dictOf(values: readonly GoValue[]): GoValue {
  if (values.length % 2 !== 0) throw new GoFunctionError('expected pairs of a key and a value');
  const entries = new Map<string, GoValue>();
  for (let at = 0; at < values.length; at += 2) {
    const key = values[at]!;
    if (typeof key !== 'string') throw new GoFunctionError('expected keys that are texts');
    entries.set(key, values[at + 1]!);
  }
  return { kind: 'map', type: 'map[string]interface {}', entries, zero: null };
}
