/**
 * A value inside a double-quoted text of PromQL, whose escapes are Go's (https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals):
 * it can neither end the text nor begin an escape.
 */
export function escapeText(value: string): string {
  // A lone surrogate is no text in UTF-8.
  return value
    .toWellFormed()
    .replace(/[\\"]/g, String.raw`\$&`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`)
    .replaceAll('\0', String.raw`\x00`);
}
