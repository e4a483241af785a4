import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { ALERT, endpoint, plainSource, send, startIntake } from './testing-server.ts';
import { HMAC_PRESETS } from '../model/hmac-presets.ts';
import { PROBLEMS } from './problem.ts';
import { connectWire, rawRequest, type WireAnswer, type WireClient } from './testing-wire.ts';

const REQUESTS = 20_000;
const CONNECTIONS = 16;
const DOCUMENTED = new Set<number>([202, ...Object.values(PROBLEMS).map(({ status }) => status)]);
const INSIDE =
  /node:|\.ts\b|\/src\/|node_modules|sqlite|\bat \w+ \(|TypeError|RangeError|SyntaxError|undefined|\[object/i;

const JSON_TYPE = 'application/json';

/** Good and bad payloads with the media type that they claim. */
const SEEDS: readonly (readonly [text: string, contentType: string])[] = [
  [ALERT, JSON_TYPE],
  [JSON.stringify({ alerts: [JSON.parse(ALERT), JSON.parse(ALERT)] }), JSON_TYPE],
  [
    JSON.stringify({ alerts: [{ status: 'resolved', labels: { alertname: 'x' } }, { labels: 1 }] }),
    JSON_TYPE,
  ],
  ['{"__proto__":{"labels":{}},"constructor":{"prototype":{}},"labels":{"a\\u0000":"\\ud800"}}', JSON_TYPE],
  ['['.repeat(40), JSON_TYPE],
  ['', JSON_TYPE],
  ['<alert><labels><alertname>x</alertname></labels></alert>', 'application/xml'],
  ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'application/xml'],
  ['alert:\n  labels: {alertname: x}\n', 'application/yaml'],
  ['&a [*a, *a]', 'application/yaml'],
  [`payload=${encodeURIComponent(ALERT)}`, 'application/x-www-form-urlencoded'],
  [ALERT, 'text/plain'],
];

const junk = fc.constantFrom(
  '\u0000',
  '"',
  '\\',
  '{',
  ']',
  '<',
  '&',
  '%',
  '\ud800',
  '\u001b',
  '\r\n',
  ': ',
  '!!',
  '\u00ff',
);

const packers: readonly ((text: string) => Buffer)[] = [
  (text) => gzipSync(text),
  (text) => deflateSync(text),
  (text) => brotliCompressSync(text),
];

/** Mostly null: a request with everything wrong shows no more than one with nothing right. */
function rarely<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

function mostly<T>(usual: readonly T[], unusual: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 10, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: unusual });
}

/** A body that something may have happened to: spliced with junk, packed, cut, a byte flipped. */
const payload = fc
  .record({
    seed: mostly(
      SEEDS,
      fc.tuple(fc.oneof(fc.json(), fc.string({ unit: 'binary', maxLength: 60 })), fc.constant(JSON_TYPE)),
    ),
    at: fc.nat(400),
    splice: rarely(junk),
    pack: rarely(fc.constantFrom(...packers)),
    cut: rarely(fc.nat(100)),
    flip: rarely(fc.integer({ min: 1, max: 255 })),
  })
  .map(({ seed: [text, contentType], at, splice, cut, flip, pack }) => {
    const position = text.length === 0 ? 0 : at % text.length;
    const spliced = splice === null ? text : text.slice(0, position) + splice + text.slice(position);
    const packed = pack === null ? Buffer.from(spliced) : pack(spliced);
    const bytes = Buffer.from(packed.subarray(0, cut ?? packed.length));
    if (flip !== null && bytes.length > 0) bytes[at % bytes.length]! ^= flip;
    return { bytes, contentType };
  });

const secret = 'signing secret';
const signature = (bytes: Uint8Array): string =>
  `x-hub-signature-256: sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`;

const request = fc
  .record({
    payload,
    method: mostly(['POST'], fc.constantFrom('GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE')),
    target: mostly(
      ['/hooks/prom', '/hooks/signed', '/hooks/prom?a=%ff&__proto__=1', 'http://x/hooks/signed'],
      fc.constantFrom('/hooks/../hooks/prom', '//hooks/prom', '/hooks/%70rom', '*', '/hooks/prom/'),
    ),
    credentials: mostly(
      ['authorization: Bearer good-token'],
      fc.constantFrom(
        'x-none: 1',
        'authorization: Bearer good-tokem',
        'authorization: Basic Og==',
        'authorization: \u00ff',
      ),
    ),
    isSigned: mostly([true], fc.constant(false)),
    otherType: rarely(
      fc.constantFrom(
        'application/json; charset=utf-16',
        'image/png',
        ';;',
        'application/json;charset',
        '',
        'text/plain',
      ),
    ),
    encoding: rarely(fc.constantFrom('gzip', 'deflate', 'br', 'zstd', 'identity', 'gzip, br', 'x')),
    extra: fc.constantFrom(
      'x-a: b',
      'accept-encoding: br;q=2, gzip',
      'x-forwarded-for: 1.1.1.1, <script>',
      'forwarded: for="',
      'expect: 100-continue',
      'cookie: a=b',
      'x-delivery: \u0080\u00fe',
    ),
    isChunked: fc.boolean(),
  })
  .map(
    ({
      payload: { bytes, contentType },
      method,
      target,
      credentials,
      isSigned,
      otherType,
      encoding,
      extra,
      isChunked,
    }) => {
      const headers = ['host: hub', credentials, `content-type: ${otherType ?? contentType}`, extra];
      if (isSigned) headers.push(signature(bytes));
      if (encoding !== null) headers.push(`content-encoding: ${encoding}`);
      headers.push(isChunked ? 'transfer-encoding: chunked' : `content-length: ${bytes.length}`);
      const end = bytes.length === 0 ? '0\r\n\r\n' : '\r\n0\r\n\r\n';
      const sent = isChunked
        ? Buffer.concat([
            Buffer.from(bytes.length === 0 ? '' : `${bytes.length.toString(16)}\r\n`),
            bytes,
            Buffer.from(end),
          ])
        : bytes;
      return rawRequest(headers, sent, `${method} ${target} HTTP/1.1`);
    },
  );

function assertDocumented(answer: WireAnswer, sent: Buffer): void {
  const about = () => `${answer.status} ${answer.body}\n--- for ---\n${sent.toString('latin1')}`;
  assert.ok(DOCUMENTED.has(answer.status), about());
  assert.ok(answer.status < 500 || answer.status === 503, about());
  assert.doesNotMatch(answer.body, INSIDE, about());
  if (answer.status === 202) {
    assert.ok(JSON.parse(answer.body).receipt, about());
    return;
  }
  assert.equal(answer.headers['content-type'], 'application/problem+json', about());
  const found = JSON.parse(answer.body) as Record<string, unknown>;
  assert.ok(Object.hasOwn(PROBLEMS, String(found['code'])), about());
  assert.notEqual(found['code'], 'internal', about());
  assert.match(String(found['correlation_id']), /^[0-9a-f]{32}$/, about());
}

/** Sends one request and waits for its final answer, on a new connection when the old one was closed. */
async function exchange(
  open: () => WireClient,
  lane: { client?: WireClient | undefined },
  sent: Buffer,
): Promise<WireAnswer> {
  for (let attempt = 0; attempt < 2; attempt++) {
    lane.client ??= open();
    lane.client.write(sent);
    let answer = await lane.client.next();
    while (answer?.status === 100) answer = await lane.client.next();
    if (answer?.headers['connection'] === 'close' || !answer) lane.client = undefined;
    if (answer) return answer;
  }
  throw new Error(`no answer to\n${sent.toString('latin1')}`);
}

test(`${REQUESTS} generated and mutated requests get documented answers, and the server stays well`, async (t) => {
  const signed = { kind: 'hmac', ...HMAC_PRESETS.github, secrets: [Buffer.from(secret)] } as const;
  const server = await startIntake(t, [
    endpoint({ deliveryIdHeader: 'x-delivery', passHeaders: ['x-a'] }),
    endpoint({ paths: ['/hooks/signed'], auth: [signed] }, plainSource, 'signed'),
  ]);
  const open = (): WireClient => {
    const client = connectWire(server.port);
    t.after(() => client.socket.destroy());
    return client;
  };
  const seed = Number(process.env['FAST_CHECK_SEED'] ?? Date.now() % 2 ** 31);
  t.diagnostic(`seed ${seed}; run again with FAST_CHECK_SEED=${seed}`);
  const samples = fc.sample(request, { numRuns: REQUESTS, seed });
  const statuses = new Map<number, number>();
  let next = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const lane: { client?: WireClient | undefined } = {};
      while (next < samples.length) {
        const sent = samples[next++]!;
        const answer = await exchange(open, lane, sent);
        assertDocumented(answer, sent);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      }
    }),
  );
  t.diagnostic(
    `answers by status: ${JSON.stringify(Object.fromEntries([...statuses].toSorted(([a], [b]) => a - b)))}`,
  );
  for (const status of [202, 400, 401, 404, 405, 415, 422]) {
    assert.ok((statuses.get(status) ?? 0) > REQUESTS / 400, `status ${status} was hardly reached`);
  }
  assert.equal(server.intake.inFlight(), 0);
  assert.deepEqual(server.logged, [], 'nothing of ours failed');
  assert.equal(({} as Record<string, unknown>)['labels'], undefined, 'no prototype was reached');
  assert.equal((await send(server)).status, 202);
});
