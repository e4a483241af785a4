import { formatXml, formatYaml } from '@signalbox/sdk';
import { decodeBody } from '../intake/decode/decode.ts';
import type { Decoded } from '../intake/decode/text.ts';
import type { MediaType } from '../intake/media-type.ts';

export const FORMATS = ['json', 'xml', 'yaml'] as const;
export type Format = (typeof FORMATS)[number];

/** As deep as a signal may be by default. */
const DEPTH = 64;

const WRITERS: Readonly<Record<Format, (value: unknown) => string>> = {
  json: (value) => `${JSON.stringify(value, undefined, 2)}\n`,
  xml: (value) => `${formatXml(value)}\n`,
  yaml: formatYaml,
};

/**
 * A document in another format (BR-INT-011): read exactly as a signal is (bounded, no document types, no tags, clean text) and written by
 * the SDK's writers. JSON and YAML hold the same; what XML does not keep is said at `formatXml`.
 *
 * @param root the element around a value that has not exactly one field, for XML
 * @throws Fault `SB_REJECTED` when the value can't be written in that format.
 */
export function convert(
  document: Buffer,
  from: Pick<MediaType, 'format'>,
  to: Format,
  root?: string,
): Decoded<string> {
  const decoded = decodeBody(document, { name: '', isUtf8: true, ...from }, DEPTH);
  if ('problem' in decoded) return decoded;
  const value = to === 'xml' && root !== undefined ? { [root]: decoded.value } : decoded.value;
  return { value: WRITERS[to](value) };
}
