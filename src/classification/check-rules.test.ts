import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFault } from '@signalbox/sdk';
import { warnConditions } from './check-conditions.ts';
import { checkRules } from './check-rules.ts';
import { compileClassification } from './compile.ts';
import { DEFAULT_RULES } from './default-rules.ts';
import { DEFAULT_RULE_SET, type Rule, type RuleSet } from './rules.ts';

const rule: Rule = { id: 'mine', on: ['name'], words: ['x'], says: 'testing' };

function codes(changes: Partial<RuleSet>): readonly string[] {
  return checkRules({ ...DEFAULT_RULE_SET, ...changes }).map(({ path, code }) => `${path.join('.')} ${code}`);
}

test('the built-in rules have no problem', () => {
  assert.deepEqual(codes({ rules: [...DEFAULT_RULES] }), []);
});

test('an environment that is not declared is refused, because a slip would miss production', () => {
  assert.deepEqual(codes({ rules: [{ ...rule, says: 'prodution' }] }), ['rules.0.says unknown_environment']);
  assert.deepEqual(
    codes({ rules: [{ ...rule, says: 'training' }], environments: { training: { is_production: false } } }),
    [],
  );
  assert.deepEqual(codes({ nonproduction: 'nowhere' }), ['nonproduction unknown_environment']);
  assert.deepEqual(codes({ nonproduction: 'production' }), ['nonproduction wrong_value']);
});

test('patterns beyond RE2, and those that would take too many states, are refused', () => {
  for (const pattern of ['(a)\\1', '(?=prod)x', '(', '(?:(?:[a-z]{1,90}){1,9}-){1,9}']) {
    assert.deepEqual(codes({ rules: [{ ...rule, pattern }] }), ['rules.0.pattern bad_pattern'], pattern);
  }
  assert.deepEqual(codes({ rules: [{ ...rule, pattern: '^(a+)+$' }] }), []);
});

test('rules that can never match, ids that stand twice and final rules that say nothing are refused', () => {
  const found = codes({
    rules: [{ id: 'a', on: ['name'], says: 'testing' }, rule, { ...rule, words: ['-'] }],
    tenants: [{ id: 't', on: ['name'], tenant: 'shop' }],
    standards: [
      { id: 's', pattern: '(', segments: [{ name: 'team', pattern: '(' }], environments: ['moon'] },
    ],
  });
  assert.deepEqual(found, [
    'rules.2.id duplicate_id',
    'rules.0 missing_key',
    'rules.2.words.0 wrong_value',
    'tenants.0 missing_key',
    'standards.0.pattern bad_pattern',
    'standards.0.segments.0.pattern bad_pattern',
    'standards.0.environments.0 unknown_environment',
  ]);
  assert.deepEqual(codes({ rules: [{ ...rule, says: 'nothing', is_final: true }] }), [
    'rules.0.is_final wrong_value',
  ]);
});

test('expressions that do not compile, and keys that have no effect beside one, are refused where they stand', () => {
  for (const when of [
    'labels.team == 1',
    'namespace == "x"',
    'name',
    'name.matches("a")',
    'host == "x"',
    'name ==',
  ])
    assert.deepEqual(
      codes({ rules: [{ id: 'a', when, says: 'testing' }] }),
      ['rules.0.when bad_expression'],
      when,
    );
  const when = 'name == "x"';
  assert.deepEqual(
    codes({
      rules: [
        { id: 'a', when, says: 'testing' },
        { id: 'b', when, on: ['name'], position: 'last', says: 'testing' },
        { id: 'c', when, says: 'nothing' },
        { id: 'd', words: ['x'], says: 'testing' },
      ],
      tenants: [{ id: 't', when: 'name', tenant: 'shop' }],
    }),
    [
      'rules.1.on wrong_value',
      'rules.1.position wrong_value',
      'rules.2.says wrong_value',
      'rules.3 missing_key',
      'tenants.0.when bad_expression',
    ],
  );
});

test('an expression that contradicts itself is a warning', () => {
  const rules = [
    { id: 'a', when: 'name == "x" && name == "y"', says: 'testing' },
    { id: 'b', when: 'name == "x"', says: 'testing' },
  ];
  const warnings = warnConditions({ ...DEFAULT_RULE_SET, rules });
  assert.deepEqual(
    warnings.map(({ path, code }) => `${path.join('.')} ${code}`),
    ['rules.0.when rule_never_matches'],
  );
});

test('what is refused does not compile, and the fault says where', () => {
  assert.throws(
    () => compileClassification({ ...DEFAULT_RULE_SET, rules: [{ ...rule, pattern: '(' }] }),
    (error) => isFault(error) && error.code === 'SB_CONFIG' && error.message.startsWith('rules.0.pattern: '),
  );
});
