import { promisify } from 'node:util';
import { brotliCompress, constants, gzip, zstdCompress } from 'node:zlib';
import type { onSendAsyncHookHandler } from 'fastify';

export type Encoding = 'br' | 'zstd' | 'gzip';

/** Smaller answers fit a packet or two anyway; compressing them costs more than it saves. */
export const COMPRESS_FROM_BYTES = 1024;

const ENCODINGS: readonly Encoding[] = ['br', 'zstd', 'gzip'];

/**
 * The encoding that the client likes best of those we have, by RFC 9110 section 12.5.3; on a tie the densest. Undefined: as it is.
 */
export function negotiateEncoding(accept: string): Encoding | undefined {
  const weights = new Map<string, number>();
  for (const part of accept.slice(0, 1024).split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    weights.set(name === 'x-gzip' ? 'gzip' : name, weight === undefined ? 1 : Number(weight.slice(2)) || 0);
  }
  let best: Encoding | undefined;
  let bestWeight = 0;
  for (const encoding of ENCODINGS) {
    const weight = weights.get(encoding) ?? weights.get('*') ?? 0;
    if (weight > bestWeight) [best, bestWeight] = [encoding, weight];
  }
  return best;
}

const gzipAsync = promisify(gzip);
const zstdAsync = promisify(zstdCompress);
const brotliAsync = promisify(brotliCompress);

/** Runs on zlib's threads, not on ours. Brotli's default level is meant for files that are compressed once; 4 is for answers. */
export function compress(text: string | Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'gzip') return gzipAsync(text);
  if (encoding === 'zstd') return zstdAsync(text);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 4,
    [constants.BROTLI_PARAM_SIZE_HINT]: Buffer.byteLength(text),
  };
  return brotliAsync(text, { params });
}

/** Compresses large answers (BR-WH-013). */
export const compressLargeAnswers: onSendAsyncHookHandler<unknown> = async (request, reply, payload) => {
  if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload;
  if (Buffer.byteLength(payload) < COMPRESS_FROM_BYTES || reply.hasHeader('content-encoding')) return payload;
  reply.header('vary', 'accept-encoding');
  const encoding = negotiateEncoding(String(request.headers['accept-encoding'] ?? ''));
  if (!encoding) return payload;
  reply.header('content-encoding', encoding).removeHeader('content-length');
  return compress(payload, encoding);
};
