/** What a `Content-Type` says, as far as it decides how the body is read. */
export interface MediaType {
  /** Lower case, without parameters: `application/json`. */
  readonly name: string;
  readonly format: 'json' | 'xml' | 'yaml' | 'form' | 'text';
  /** Whether the text is in the one character set that is taken. */
  readonly isUtf8: boolean;
}

const FORMATS: readonly (readonly [RegExp, MediaType['format']])[] = [
  [/^(application|text)\/json$|\+json$/, 'json'],
  [/^(application|text)\/xml$|\+xml$/, 'xml'],
  [/^(application|text)\/(x-)?yaml$|\+yaml$/, 'yaml'],
  [/^application\/x-www-form-urlencoded$/, 'form'],
];

const UTF8 = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

/** Senders use a handful of values; the cap keeps a hostile one from filling memory. */
const MAX_REMEMBERED = 200;
const remembered = new Map<string, MediaType | undefined>();

/** Reads a `Content-Type` field (RFC 9110 section 8.3); undefined when it is none. */
export function parseMediaType(field: string | undefined): MediaType | undefined {
  if (field === undefined) return undefined;
  const known = remembered.get(field);
  if (known !== undefined || remembered.has(field)) return known;
  const parsed = parse(field);
  if (remembered.size < MAX_REMEMBERED) remembered.set(field, parsed);
  return parsed;
}

function parse(field: string): MediaType | undefined {
  const [first = '', ...parameters] = field.split(';');
  const name = first.trim().toLowerCase();
  if (!/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(name)) return undefined;
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([\w-]+)"?\s*$/i.exec(parameter)?.[1])
    .find((value) => value !== undefined);
  return { name, format: formatOf(name), isUtf8: UTF8.has(charset?.toLowerCase() ?? 'utf-8') };
}

/** How a body of this media type is read; `text` is handed to the source as it is. */
function formatOf(name: string): MediaType['format'] {
  for (const [pattern, format] of FORMATS) if (pattern.test(name)) return format;
  return 'text';
}
