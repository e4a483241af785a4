import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';
import { problem, type Problem } from './problem.ts';
import type { Decoded } from './decode/text.ts';

type Inflate = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const zlibInflate: Inflate = promisify(inflate);
const rawInflate: Inflate = promisify(inflateRaw);

const ENCODINGS: ReadonlyMap<string, Inflate> = new Map<string, Inflate>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  // RFC 9110 means the zlib format, but many senders leave its two bytes of header out.
  ['deflate', (body, options) => (hasZlibHeader(body) ? zlibInflate : rawInflate)(body, options)],
  ['br', promisify(brotliDecompress)],
  ['zstd', promisify(zstdDecompress)],
]);

/** How the body is packed, in lower case; undefined when it is not. */
export function encodingOf(field: string | undefined): string | undefined {
  const encoding = field?.toLowerCase();
  return encoding === 'identity' ? undefined : encoding;
}

/** Undefined when a `Content-Encoding` can be handled. One encoding only: a stack of them serves nobody but attackers. */
export function refuseEncoding(encoding: string | undefined): Problem | undefined {
  if (encoding === undefined || ENCODINGS.has(encoding)) return undefined;
  return problem(
    'unsupported_encoding',
    'The content encoding is not supported; use one of gzip, deflate, br, zstd or none.',
    'content-encoding',
  );
}

/** Inflates a body off the main thread and stops as soon as it grows over `maxBytes`. */
export async function inflateBody(
  body: Buffer,
  encoding: string,
  maxBytes: number,
): Promise<Decoded<Buffer>> {
  const run = ENCODINGS.get(encoding);
  if (!run) return { problem: refuseEncoding(encoding)! };
  try {
    return { value: await run(body, { maxOutputLength: maxBytes }) };
  } catch (thrown) {
    if (thrown instanceof RangeError) {
      return { problem: problem('body_too_large', `The body inflates to more than ${maxBytes} bytes.`) };
    }
    return {
      problem: problem('malformed_encoding', `The body is not valid ${encoding}.`),
    };
  }
}

function hasZlibHeader(body: Buffer): boolean {
  return body.length > 1 && (body[0]! & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;
}
