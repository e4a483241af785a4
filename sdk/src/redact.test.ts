import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Type } from './schema.ts';
import { secret } from './config.ts';
import { createRedactor, redactConfig, REDACTED, redactText, secretValues } from './redact.ts';

const schema = Type.Object({
  url: Type.String(),
  token: secret({ description: 'Token.' }),
  login: Type.Optional(Type.Object({ user: Type.String(), password: secret({ description: 'Password.' }) })),
  headers: Type.Optional(Type.Record(Type.String(), secret({ description: 'Value.' }))),
  keys: Type.Optional(Type.Array(secret({ description: 'Key.' }))),
  auth: Type.Optional(
    Type.Union([
      Type.Object({ bearer: secret({ description: 'Bearer.' }) }),
      Type.Object({ none: Type.Boolean() }),
    ]),
  ),
});
const config = {
  url: 'https://vendor.example',
  token: 'tok-1111',
  login: { user: 'ann', password: 'pass-2222' },
  headers: { 'x-key': 'head-3333' },
  keys: ['key-4444', 'key-55555'],
  auth: { bearer: 'bear-6666' },
};

test('secrets are found in objects, maps, lists and alternatives, longest first', () => {
  const found = secretValues(schema, config);
  assert.deepEqual(found.toSorted(), [
    'bear-6666',
    'head-3333',
    'key-4444',
    'key-55555',
    'pass-2222',
    'tok-1111',
  ]);
  assert.ok(found.every((value, index) => index === 0 || found[index - 1]!.length >= value.length));
});

test('a redacted configuration shows everything but the secrets, and the original stays whole', () => {
  const before = structuredClone(config);
  assert.deepEqual(redactConfig(schema, config), {
    url: 'https://vendor.example',
    token: REDACTED,
    login: { user: 'ann', password: REDACTED },
    headers: { 'x-key': REDACTED },
    keys: [REDACTED, REDACTED],
    auth: { bearer: REDACTED },
  });
  assert.deepEqual(config, before);
});

test('what is not set is not shown as set', () => {
  assert.deepEqual(redactConfig(schema, { url: 'x', token: null }), { url: 'x', token: null });
  assert.deepEqual(secretValues(schema, undefined), []);
});

test('a text is freed of secrets in the spellings in which they travel', () => {
  const value = 'p/ss "wörd"+=';
  const spellings = [
    value,
    encodeURIComponent(value),
    Buffer.from(value).toString('base64'),
    JSON.stringify(value),
  ];
  for (const spelling of spellings) {
    const redacted = redactText(`a ${spelling} b`, [value]);
    assert.ok(redacted.includes(REDACTED) && !redacted.includes(spelling), spelling);
  }
});

test('a secret address is recognised by its path as well', () => {
  const redact = createRedactor(['https://hooks.vendor.example/services/T0/B0/abc?x=1']);
  assert.equal(redact('POST /services/T0/B0/abc failed'), `POST ${REDACTED} failed`);
  assert.equal(redact('hooks.vendor.example answered 404'), 'hooks.vendor.example answered 404');
});

test('a longer secret is not spoilt by a shorter one inside it, and very short ones are left', () => {
  assert.equal(redactText('abcdefgh abcd', ['abcd', 'abcdefgh']), `${REDACTED} ${REDACTED}`);
  assert.equal(redactText('a cat', ['a']), 'a cat');
});

test('no text keeps a secret of four characters or more', () => {
  const texts = fc.string({ unit: 'grapheme' });
  fc.assert(
    fc.property(fc.string({ minLength: 4, unit: 'grapheme' }), texts, texts, (value, before, after) => {
      fc.pre(!REDACTED.includes(value) && !value.includes(REDACTED[0]!) && !value.includes(REDACTED.at(-1)!));
      assert.ok(!redactText(before + value + after, [value]).includes(value));
    }),
  );
});
