import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMatcher } from '../model/create-matcher.ts';
import { subject } from '../rules/testing.ts';
import { compilePriority } from './compile.ts';
import { createPatternShelf, KEPT_TEXTS } from './pattern-shelf.ts';
import type { CompiledPolicy } from './policy.ts';
import { prioritise } from './prioritise.ts';

const PIECES = [
  'shop',
  'pay',
  '-',
  'eu',
  '.*',
  '.+',
  '[a-z]+',
  '\\d',
  '(?:a|b)?',
  '|',
  '',
  '\n',
  '7',
  '(?i)X',
];
const piece = fc.constantFrom(...PIECES);
const pattern = fc
  .array(piece, { minLength: 1, maxLength: 5 })
  .map((pieces) => pieces.join(''))
  .filter((text) => !/^\||\|$|\|\||\(\?i\).*\(\?i\)/.test(text));
const text = fc
  .array(fc.constantFrom('shop', 'pay', '-', 'eu', 'a', '7', 'x', 'X', '\n', 'ü', '😀'), { maxLength: 6 })
  .map((pieces) => pieces.join(''));

const policyNamed = (id: string): CompiledPolicy => ({ id }) as CompiledPolicy;

test('many patterns at once find what each of them finds by itself, asked once or again', () => {
  fc.assert(
    fc.property(
      fc.array(pattern, { minLength: 1, maxLength: 120 }),
      fc.array(text, { minLength: 1, maxLength: 8 }),
      (patterns, texts) => {
        const find = createPatternShelf(
          patterns.map((each, index) => ({ policy: policyNamed(String(index)), pattern: each })),
        );
        for (const each of [...texts, ...texts]) {
          const alone = patterns.flatMap((one, index) =>
            createMatcher('namespace', '=~', one).test(each) ? [String(index)] : [],
          );
          assert.deepEqual(
            find(each)
              .map(({ id }) => id)
              .sort(),
            alone.sort(),
          );
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('what was kept and pushed out again is found anew', () => {
  const find = createPatternShelf([{ policy: policyNamed('odd'), pattern: 'n\\d*[13579]' }]);
  const first = find('n1');
  assert.equal(find('n1'), first, 'the verdict is kept');
  for (let at = 0; at <= KEPT_TEXTS; at++) find(`n${at * 2}`);
  assert.notEqual(find('n1'), first);
  assert.deepEqual(find('n1'), first);
});

test('policies with nothing but regular expressions answer as if each were asked by itself, in their order', () => {
  const policies = Array.from({ length: 300 }, (_, index) => ({
    id: `p${index}`,
    environments: [],
    matchers: [
      {
        name: index % 2 === 0 ? 'namespace' : 'team',
        op: '=~' as const,
        value: `(?:shop|pay)-.*${index % 7}`,
      },
    ],
    set: { criticality: `tier-${index}`, compliance: [`tag-${index}`] },
  }));
  const compiled = compilePriority({ policies, businessHours: {}, slos: {}, costCenters: {} });
  const asked = subject({ namespace: 'shop-eu-3', team: 'pay-x5' });
  const filed = prioritise(compiled, asked, 0);
  const plain = prioritise({ ...compiled, candidates: () => compiled.policies }, asked, 0);
  assert.deepEqual(filed, plain);
  assert.ok(filed.compliance.length > 10);
});
