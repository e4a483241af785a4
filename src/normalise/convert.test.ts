import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFault } from '@signalbox/sdk';
import { convert, type Format } from './convert.ts';

function through(document: string, ...formats: readonly Format[]): unknown {
  let text = document;
  formats.forEach((from, index) => {
    const to = formats[index + 1];
    if (to === undefined) return;
    const converted = convert(Buffer.from(text), { format: from }, to);
    assert.ok('value' in converted, JSON.stringify(converted));
    text = converted.value;
  });
  return text;
}

/** Text as the intake leaves it. */
const text = fc.string({
  unit: fc.constantFrom(
    'a',
    'é',
    '😀',
    ' ',
    '\n',
    '\t',
    '"',
    "'",
    '<',
    '>',
    '&',
    ']',
    ';',
    '#',
    ':',
    '-',
    '!',
    '*',
    '%',
    '0',
    ',',
  ),
  maxLength: 12,
});
const word = fc.oneof(
  text,
  fc.constantFrom(
    'yes',
    'no',
    'null',
    '~',
    '2020-01-01',
    '1e3',
    '0x10',
    '&#10;',
    '<!DOCTYPE a>',
    ']]>',
    '---',
    '...',
  ),
);

test('[BR-INT-011] JSON comes back from YAML as it was', () => {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      word,
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(word, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(value, (one) => {
      assert.deepEqual(JSON.parse(through(JSON.stringify(one), 'json', 'yaml', 'json') as string), one);
    }),
    { numRuns: 500 },
  );
});

test('[BR-INT-011] texts, attributes and repeated elements come back from XML as they were, through YAML as well', () => {
  const name = fc.stringMatching(/^[a-z_][a-z0-9_.-]{0,6}$/).filter((one) => one !== '__proto__');
  const attribute = text.filter((one) => one.trim() === one && !/[\t\n]/.test(one));
  const { content } = fc.letrec((tie) => ({
    content: fc.oneof({ maxDepth: 4 }, word, tie('fields')),
    fields: fc
      .tuple(
        fc.dictionary(name, attribute, { maxKeys: 2, noNullPrototype: true }),
        fc.dictionary(
          name,
          fc.oneof(tie('content'), fc.array(tie('content'), { minLength: 2, maxLength: 3 })),
          { minKeys: 1, maxKeys: 3, noNullPrototype: true },
        ),
      )
      .map(([attributes, fields]) => ({
        ...fields,
        ...Object.fromEntries(Object.entries(attributes).map(([key, value]) => [`@${key}`, value])),
      })),
  }));
  fc.assert(
    fc.property(name, content, (root, value) => {
      const before = JSON.stringify({ [root]: value });
      assert.deepEqual(
        JSON.parse(through(before, 'json', 'xml', 'yaml', 'xml', 'json') as string),
        JSON.parse(before),
      );
    }),
    { numRuns: 500 },
  );
});

test('types are what XML does not keep', () => {
  const before = JSON.stringify({ a: { n: 1, t: true, nothing: null, one: ['x'], none: [], '#text': 'y' } });
  assert.deepEqual(JSON.parse(through(before, 'json', 'xml', 'json') as string), {
    a: { n: '1', t: 'true', nothing: '', one: 'x', '#text': 'y' },
  });
});

test('what would come back from XML as something else is refused with its place', () => {
  const refusals: readonly [unknown, string][] = [
    [[1], ''],
    [{ a: 1, b: 2 }, ''],
    [{ a: [1, 2] }, ''],
    [{ a: { b: [['x']] } }, 'a.b[0]'],
    [{ a: { 'b c': 1 } }, 'a.b c'],
    [{ a: { '@b': ' x' } }, 'a.@b'],
    [{ a: { '@b': {} } }, 'a.@b'],
    [{ a: { b: 'x\ry' } }, 'a.b'],
  ];
  for (const [value, field] of refusals) {
    assert.throws(
      () => convert(Buffer.from(JSON.stringify(value)), { format: 'json' }, 'xml'),
      (thrown) => isFault(thrown) && thrown.code === 'SB_REJECTED' && thrown.field === field,
      JSON.stringify(value),
    );
  }
});

test('a document is read as a signal is: no entities, no tags, bounded depth', () => {
  const bad: readonly [string, Format][] = [
    ['<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', 'xml'],
    ['a: !own x', 'yaml'],
    [`${'['.repeat(65)}${']'.repeat(65)}`, 'json'],
  ];
  for (const [document, format] of bad)
    assert.ok('problem' in convert(Buffer.from(document), { format }, 'json'), document);
});
