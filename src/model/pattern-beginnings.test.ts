import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { beginningsOf } from './pattern-beginnings.ts';

const CASES: readonly [pattern: string, beginnings: readonly string[] | undefined][] = [
  ['db-1', ['db-1']],
  ['db-1.*', ['db-1']],
  ['db-1|db-2', ['db-1', 'db-2']],
  ['(?:db|web)-1-[0-9]+', ['db-1-', 'web-1-']],
  ['(db|web)-1', ['db-1', 'web-1']],
  ['db\\.example\\.org', ['db.example.org']],
  ['db1?', ['db']],
  ['db(?:1|2)?-x', ['db']],
  ['a[]|]b|cd', ['a', 'cd']],
  ['a[[:alpha:]|]|b', ['a', 'b']],
  ['ab{2}|c', ['a', 'c']],
  ['(?:a(?:b|c)d|e)f', ['abdf', 'acdf', 'ef']],
  ['ü😀?x', ['ü']],
  ['db|', undefined],
  ['.*', undefined],
  ['', undefined],
  ['(?i)db', undefined],
  ['a(?i)b|c', undefined],
  ['\\Qa|b\\E', undefined],
  ['[ab]c', undefined],
  ['a?b', undefined],
  ['\\d+', undefined],
  ['^db', undefined],
  ['a)|(b', undefined],
];

for (const [pattern, beginnings] of CASES) {
  test(`what ${pattern || 'nothing'} matches begins with ${beginnings?.join(', ') ?? 'anything'}`, () => {
    assert.deepEqual(beginningsOf(pattern), beginnings);
  });
}

const atom = fc.constantFrom(
  'a',
  'b',
  '|',
  '.',
  'a*',
  'b?',
  'ab+',
  '(?:a|b)',
  '(a|)',
  '(ab|b)?',
  '[ab]',
  '[^]|]',
  '\\.',
  '\\w',
  '^',
  'a{0,1}',
  '(?:',
  ')',
  '(?i)',
  '$',
);
const word = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '.', '|', ']'), maxLength: 6 });

test('whatever a pattern matches begins with one of the beginnings', () => {
  fc.assert(
    fc.property(fc.array(atom, { maxLength: 6 }), word, (atoms, text) => {
      const pattern = atoms.join('');
      let compiled: RE2JS;
      try {
        compiled = RE2JS.compile(`^(?:${pattern})$`);
      } catch {
        return;
      }
      const beginnings = beginningsOf(pattern);
      if (beginnings === undefined || !compiled.test(text)) return;
      assert.ok(
        beginnings.some((beginning) => text.startsWith(beginning)),
        `${pattern} ${text}`,
      );
    }),
    { numRuns: 5_000 },
  );
});
