import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileClassification } from './compile.ts';
import { evaluate } from './evaluate.ts';
import { parseCases } from './parse-cases.ts';
import { DEFAULT_RULE_SET } from './rules.ts';

test('a table is read with whatever columns it has', () => {
  const { cases, problems } = parseCases(
    '# exported\nname,environment,labels,clarity,cluster\n\nshop,production,env=prod;team=x,clear,eu-1\r\nx,production,,ambiguous,\n',
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(cases, [
    {
      facts: { namespace: 'shop', labels: { env: 'prod', team: 'x' }, cluster: 'eu-1' },
      environment: 'production',
      isClear: true,
      line: 4,
    },
    { facts: { namespace: 'x', labels: {} }, environment: 'production', isClear: false, line: 5 },
  ]);
});

test('each problem of a table has its line and column', () => {
  const { problems } = parseCases(
    'name,environment,clarity,labels\na,staging\n,staging,,\nb,staging,perhaps,\nc,staging,,x\n"d",staging,,\n',
  );
  assert.deepEqual(
    problems.map(({ line, column, message }) => `${line}:${column} ${message}`),
    [
      '2:1 expected 4 values, found 2',
      '3:1 the name is missing',
      '4:11 expected clear or ambiguous',
      '5:12 expected labels as key=value;key=value',
      '6:1 quotes are not understood here',
    ],
  );
  assert.equal(parseCases('').problems[0]?.message, 'the table is empty');
  assert.match(parseCases('name,enviroment\n').problems[0]?.message ?? '', /^unknown column "enviroment"/);
});

test('no text makes the table reader throw', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { cases, problems } = parseCases(`name,environment\n${text}`);
      assert.ok(cases.length + problems.length <= text.split('\n').length);
    }),
  );
});

test('an evaluation counts, names what would be missed, and which rules never matched', () => {
  const rules = [
    { id: 'risky', on: ['name' as const], words: ['fancy'], says: 'testing' },
    { id: 'idle', on: ['name' as const], words: ['never-there'], says: 'testing' },
  ];
  const compiled = compileClassification({ ...DEFAULT_RULE_SET, use_defaults: false, rules });
  const { cases } = parseCases(
    'name,environment,clarity\nfancy-a,testing,\nfancy-b,production,\nfancy-c,production,ambiguous\nx,staging,\ny,production,\n',
  );
  const result = evaluate(compiled, cases);
  assert.deepEqual([result.total, result.clear, result.correct, result.accuracy], [5, 4, 2, 0.5]);
  assert.deepEqual(result.confusion, {
    testing: { testing: 1 },
    production: { testing: 1, production: 1 },
    staging: { production: 1 },
  });
  const score = result.scores.find(({ environment }) => environment === 'production');
  assert.deepEqual(score, { environment: 'production', precision: 0.5, recall: 0.5, expected: 2 });
  const namesOf = (list: typeof result.misses): readonly string[] =>
    list.map(({ classification }) => classification.namespace);
  assert.deepEqual(namesOf(result.falseNegatives), ['fancy-b', 'fancy-c'], 'the ambiguous one as well');
  assert.deepEqual(namesOf(result.falseProduction), ['x']);
  assert.deepEqual(result.unmatchedRules, ['idle']);
});
