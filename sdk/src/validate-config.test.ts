import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from './schema.ts';
import { secret } from './config.ts';
import { validateConfig } from './validate-config.ts';

const schema = Type.Object({
  url: Type.String({ format: 'uri' }),
  token: secret({ description: 'Token.', minLength: 8 }),
  mode: Type.Enum(['fast', 'safe'], { default: 'safe' }),
  max: Type.Integer({ default: 10, minimum: 1 }),
  headers: Type.Optional(Type.Record(Type.String({ pattern: '^[a-z-]+$' }), Type.String())),
  targets: Type.Optional(Type.Array(Type.Object({ port: Type.Integer() }))),
});
const good = { url: 'https://vendor.example', token: 'long-enough' };

test('a good configuration comes back with its defaults, and the given one is not touched', () => {
  const given = structuredClone(good);
  assert.deepEqual(validateConfig(schema, given), { ok: true, config: { ...good, mode: 'safe', max: 10 } });
  assert.deepEqual(given, good);
});

test('[BR-INT-014] all problems come at once, each with the path of its field', () => {
  const result = validateConfig(schema, {
    url: 'nowhere',
    mode: 'slow',
    max: '3',
    headers: { 'x-team': 1, 'Bad Name': 'x' },
    targets: [{ port: 1 }, { port: 'x', extra: true }],
    tokn: 'typo',
  });
  assert.ok(!result.ok);
  assert.deepEqual(Object.fromEntries(result.problems.map(({ path, message }) => [path, message])), {
    url: 'must be a valid uri',
    token: 'is required',
    mode: 'must be one of fast, safe',
    max: 'must be integer',
    'headers.x-team': 'must be string',
    'headers.Bad Name': 'is not a known field',
    'targets[1].port': 'must be integer',
    'targets[1].extra': 'is not a known field',
    tokn: 'is not a known field',
  });
});

test('a problem never repeats the value, which may be secret', () => {
  const result = validateConfig(schema, { ...good, token: 's3cret' });
  assert.ok(!result.ok);
  assert.deepEqual(
    result.problems.map(({ path }) => path),
    ['token'],
  );
  assert.doesNotMatch(JSON.stringify(result), /s3cret/);
});

test('something that is not a configuration at all is a problem of the whole', () => {
  for (const nothing of [null, 'text', 7, []]) {
    const result = validateConfig(schema, nothing);
    assert.ok(!result.ok);
    assert.deepEqual(result.problems, [{ path: '', message: 'must be object' }]);
  }
});
