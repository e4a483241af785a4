import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { compress, negotiateEncoding, type Encoding } from './compress.ts';

test('the encoding with the greatest weight wins, on a tie the densest', () => {
  assert.equal(negotiateEncoding('gzip, br, zstd'), 'br');
  assert.equal(negotiateEncoding('gzip;q=1.0, br;q=0.5'), 'gzip');
  assert.equal(negotiateEncoding('zstd;q=0.9, gzip;q=0.9'), 'zstd');
  assert.equal(negotiateEncoding('*'), 'br');
  assert.equal(negotiateEncoding('br;q=0, *;q=0.1'), 'zstd');
  assert.equal(negotiateEncoding('X-GZIP'), 'gzip');
});

test('nothing is chosen that the client did not name or refused', () => {
  for (const accept of ['', 'identity', 'deflate', 'br;q=0', 'gzip;q=0.000', 'br;q=none', '*;q=0']) {
    assert.equal(negotiateEncoding(accept), undefined, accept);
  }
});

test('any header is read without a throw', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 3000 }), (accept) => {
      const chosen = negotiateEncoding(accept);
      assert.ok(chosen === undefined || ['br', 'gzip', 'zstd'].includes(chosen));
    }),
  );
});

test('what is compressed comes back as it was', async () => {
  const text = 'Weiße Rösser '.repeat(500);
  const inflate: Record<Encoding, (data: Buffer) => Buffer> = {
    br: brotliDecompressSync,
    gzip: gunzipSync,
    zstd: zstdDecompressSync,
  };
  for (const encoding of ['br', 'gzip', 'zstd'] as const) {
    const packed = await compress(text, encoding);
    assert.ok(packed.length < 1000);
    assert.equal(inflate[encoding](packed).toString(), text);
  }
});
