import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brief, INTEGRATIONS, load, REST } from './testing.ts';

const BASE = INTEGRATIONS + REST;
const FILE = {
  'namespaces.yaml': `rules:
  - id: never
    when: name == "a" && name == "b"
    says: testing
`,
};

test('an expression of a rule set that does not compile is refused where it stands, in place and in a file', async (t) => {
  const inline = `${BASE}classification:
  rule_set:
    rules:
      - id: a
        when: labels.team == 1
        says: testing
`;
  const result = await load(t, inline);
  assert.ok(!result.ok);
  assert.deepEqual(brief(result.errors), ['12:15 bad_expression']);
  assert.match(result.errors[0]!.message, /at line 1, column 1 of the expression$/);
  const file = { 'namespaces.yaml': 'rules:\n  - { id: a, when: name, says: testing }\n' };
  const other = await load(t, `${BASE}classification: { file: ./namespaces.yaml }\n`, { more: file });
  assert.ok(!other.ok);
  assert.deepEqual(brief(other.errors), ['2:20 bad_expression']);
  assert.match(other.errors[0]!.file, /namespaces\.yaml$/);
});

test('an expression that can never hold is a warning where it stands, in place and in a file', async (t) => {
  const inline = `${BASE}classification:
  rule_set:
    tenants: [{ id: a, when: 'false', tenant: shop }]
`;
  const result = await load(t, inline);
  assert.ok(result.ok, JSON.stringify(result));
  assert.deepEqual(brief(result.warnings), ['10:30 rule_never_matches']);
  const other = await load(t, `${BASE}classification: { file: ./namespaces.yaml }\n`, { more: FILE });
  assert.ok(other.ok, JSON.stringify(other));
  assert.deepEqual(brief(other.warnings), ['3:11 rule_never_matches']);
});

test('the text of an expression that came from outside the file is not shown', async (t) => {
  const text = `${BASE}classification: { rule_set: { rules: [{ id: a, when: "\${env:WHEN}", says: testing }] } }\n`;
  const result = await load(t, text, { env: { WHEN: 'hunter2 ==' } });
  assert.ok(!result.ok);
  assert.deepEqual(
    result.errors.map(({ code, message }) => [code, message]),
    [['bad_expression', 'this does not compile']],
  );
});
