/** What a name of a label or a field must not say, or its value is masked whole. */
const SECRET_NAME =
  /pass(?:word|wd|phrase)|secret|token|api[-_]?key|private[-_]?key|credential|authorization|cookie|session/i;
const PERSON_NAME = /^(?:e?mail|user|username|user_name|login|phone|customer|ssn|iban)$/i;

/**
 * Shapes of secrets and of personal data, each with what stands in its place. All of them are linear in the length of the text. Addresses of private
 * networks stay: they name machines, and an analyst can use them.
 */
const SHAPES: readonly (readonly [shape: RegExp, instead: string])[] = [
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,20000}(?:-----END [A-Z ]{0,30}-----)?/g, '[secret]'],
  [/\beyJ[\w-]{5,4000}\.[\w-]{5,4000}(?:\.[\w-]{0,4000})?/g, '[secret]'],
  [/\b(?:Bearer|Basic)\s{1,5}[\w.~+/=-]{8,4000}/gi, '[secret]'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, '[secret]'],
  [
    /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|sk-|sk_live_|rk_live_|hvs\.|dop_v1_)[\w-]{10,500}/g,
    '[secret]',
  ],
  [
    /\b(password|passwd|pwd|secret|token|api[-_]?key|access[-_]?key|client_secret)(["']?\s{0,5}[=:]\s{0,5}["']?)[^\s"'&,;]{1,2000}/gi,
    '$1$2[secret]',
  ],
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@:]{1,200}:[^\s/@]{1,200}@/gi, '$1[secret]@'],
  [/[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g, '[email]'],
  [/\+\d[\d ().-]{7,18}\d(?!\w)/g, '[phone]'],
  [/\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b/g, '[iban]'],
  [/\b\d(?:[ -]?\d){14,18}\b/g, '[number]'],
  [
    /\b(?!10\.|127\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.)(?:\d{1,3}\.){3}\d{1,3}\b/g,
    '[address]',
  ],
];

const MAX_DEPTH = 8;

/** A text without what looks like a secret or a person. What looks like neither passes, so nothing replaces care about what labels say. */
export function maskText(text: string): string {
  return SHAPES.reduce((rest, [shape, instead]) => rest.replace(shape, instead), text);
}

/**
 * Masks every text of a value, however deep, by its shape and by the name of its field.
 *
 * @param redact takes out the secrets that the configuration itself holds
 */
export function maskValue(value: unknown, redact: (text: string) => string, name = '', depth = 0): unknown {
  if (value === null || typeof value === 'boolean') return value;
  if (SECRET_NAME.test(name)) return '[secret]';
  if (PERSON_NAME.test(name)) return '[person]';
  if (typeof value === 'string') return maskText(redact(value));
  if (typeof value !== 'object') return value;
  if (depth === MAX_DEPTH) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => maskValue(item, redact, '', depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      maskText(redact(key)),
      maskValue(field, redact, key, depth + 1),
    ]),
  );
}
