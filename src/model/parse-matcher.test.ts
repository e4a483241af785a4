import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMatcher, formatMatchers, MATCHER_OPS } from './create-matcher.ts';
import { parseMatchers } from './parse-matcher.ts';

/** name, operator and value of each, or the message. */
function read(text: string): readonly (readonly string[])[] | string {
  const parsed = parseMatchers(text);
  return parsed.ok ? parsed.matchers.map(({ name, op, value }) => [name, op, value]) : parsed.message;
}

const READABLE: readonly [string, readonly (readonly string[])[]][] = [
  ['', []],
  ['{}', []],
  ['{ }', []],
  ['team=db', [['team', '=', 'db']]],
  ['{team=db,}', [['team', '=', 'db']]],
  ['{team!=db}', [['team', '!=', 'db']]],
  ['{team=~[a-z]+}', [['team', '=~', '[a-z]+']]],
  ['team!~"d.*"', [['team', '!~', 'd.*']]],
  [
    'team = "db" , zone != "eu"',
    [
      ['team', '=', 'db'],
      ['zone', '!=', 'eu'],
    ],
  ],
  ['{"with space"="a, b}"}', [['with space', '=', 'a, b}']]],
  ['{größe=🙂x}', [['größe', '=', '🙂x']]],
  ['{team="\\xf0\\x9f\\x99\\x82"}', [['team', '=', '\\xf0\\x9f\\x99\\x82']]],
  ['{"te am"="\\xf0\\x9f\\x99\\x82 \\U0001f642 \\u00e4 \\101"}', [['te am', '=', '🙂 🙂 ä A']]],
  ['{team="two\\nlines \\"quoted\\" back\\\\slash"}', [['team', '=', 'two\nlines "quoted" back\\slash']]],
  // Only the classic syntax knows these: an empty value, a backslash that escapes nothing, blanks and signs in a bare value.
  ['{team=}', [['team', '=', '']]],
  ['{team="a\\d"}', [['team', '=', 'a\\d']]],
  ['team=a b', [['team', '=', 'a b']]],
  ['team=a=b', [['team', '=', 'a=b']]],
];

for (const [text, expected] of READABLE) {
  test(`the matchers ${JSON.stringify(text)} are read as Alertmanager reads them`, () => {
    assert.deepEqual(read(text), expected);
  });
}

const REFUSED: readonly [string, number, RegExp][] = [
  [',', 0, /label name/],
  ['{,}', 1, /label name/],
  ['{team=db,,}', 9, /label name/],
  ['"', 0, /closing double quote/],
  ['{"te am"="\\xf0\\x9f"}', 9, /UTF-8/],
  ['{"te am"="\\w"}', 9, /escapes/],
  ['{"te am" "x"}', 9, /operator/],
  ['{"te am"=}', 9, /value/],
  ['{"te am"=x y}', 11, /comma or a closing brace/],
  ['{"te am"=x', 10, /closing brace/],
  ['"te am"=x}', 9, /opening brace/],
  ['{"te am"=x} y', 12, /nothing more/],
  ['team!db', 4, /double quotes/],
];

for (const [text, column, message] of REFUSED) {
  test(`the matchers ${JSON.stringify(text)} are refused at column ${column}`, () => {
    const parsed = parseMatchers(text);
    assert.ok(!parsed.ok);
    assert.match(parsed.message, message);
    assert.equal(parsed.column, column);
  });
}

test('a regular expression that is not RE2 is refused without repeating it', () => {
  for (const pattern of ['(', '(?=x)', '(a)\\\\1', 'a{2000}']) {
    const parsed = parseMatchers(`team=~"${pattern}"`);
    assert.ok(!parsed.ok, pattern);
    assert.match(parsed.message, /RE2/);
    assert.ok(!parsed.message.includes(pattern));
  }
});

test('regular expressions are anchored at both ends', () => {
  const cases: readonly [string, string, boolean][] = [
    ['db', 'db', true],
    ['db', 'xdbx', false],
    ['a|b|', 'b', true],
    ['a|b|', '', true],
    ['a|b', 'ab', false],
    ['shop-.*', 'shop-', true],
    ['shop-.+', 'shop-', false],
    ['shop-.+', 'shop-eu', true],
    ['shop-.*', 'my-shop-eu', false],
    ['.*', 'two\nlines', false],
    ['.*', '', true],
    ['.+', '', false],
    ['x\\.*', 'x..', true],
    ['x\\.*', 'x.y', false],
    ['a.*|b', 'b', true],
    ['(?i)DB', 'db', true],
  ];
  for (const [pattern, value, expected] of cases) {
    assert.equal(createMatcher('l', '=~', pattern).test(value), expected, `${pattern} on ${value}`);
    assert.equal(createMatcher('l', '!~', pattern).test(value), !expected, `not ${pattern} on ${value}`);
  }
});

test('patterns that are compared without the engine mean the same as with it', () => {
  const piece = fc.constantFrom('a', 'b', 'ab', '|', '.*', '.+', '', 'é', '🙂');
  const pattern = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));
  const value = fc
    .array(fc.constantFrom('a', 'b', 'é', '🙂', '\n'), { maxLength: 6 })
    .map((chars) => chars.join(''));
  fc.assert(
    fc.property(pattern, value, (written, text) => {
      fc.pre(!/[*+]{2}|^[*+]|\|[*+]/.test(written));
      const expected = new RegExp(`^(?:${written})$`, 'u').test(text);
      assert.equal(createMatcher('l', '=~', written).test(text), expected);
    }),
  );
});

test('what is printed is read back the same', () => {
  const name = fc.oneof(fc.stringMatching(/^[a-z_]{1,8}$/), fc.string({ unit: 'grapheme', minLength: 1 }));
  const matcher = fc
    .tuple(name, fc.constantFrom(...MATCHER_OPS.slice(0, 2)), fc.string({ unit: 'grapheme' }))
    .map(([label, op, value]) => ({ name: label, op, value }));
  fc.assert(
    fc.property(fc.array(matcher, { maxLength: 4 }), (matchers) => {
      const parsed = parseMatchers(formatMatchers(matchers));
      assert.ok(parsed.ok);
      assert.deepEqual(
        parsed.matchers.map(({ name: label, op, value }) => ({ name: label, op, value })),
        matchers,
      );
    }),
  );
});

test('no text makes the parser throw', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[{}a"\\=!~, \n]*$/));
  fc.assert(
    fc.property(text, (written) => {
      assert.equal(typeof parseMatchers(written).ok, 'boolean');
    }),
    { numRuns: 2_000 },
  );
});
