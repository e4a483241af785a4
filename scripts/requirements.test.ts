import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { idsOf, parseRequirements, traceRequirements, writeWhere } from './requirements.ts';
import type { TestResult } from './test-results.ts';

const document = `
## 1. Intake

| id | requirement | where |
|---|---|---|
| BR-WH-008 | one | planned |
| HNP-017 | two | \`src/intake\`; tests: \`old.test.ts\` |

## 9. Alerts

| id | requirement | where |
|---|---|---|
| BR-AP-021b | three | tests: \`gone.test.ts\` |
`;
const result = (title: string, status: TestResult['status'], file = 'a.test.ts'): TestResult => ({
  file,
  path: ['suite', title],
  status,
  durationMs: 1,
});

test('ids count only in the brackets at the start of a title', () => {
  assert.deepEqual(idsOf('[BR-WH-008] [ADR6-043, KUB-002] x'), ['BR-WH-008', 'ADR6-043', 'KUB-002']);
  assert.deepEqual(idsOf('[BR-AP-021b] x'), ['BR-AP-021b']);
  assert.deepEqual(idsOf('x [BR-WH-008]'), []);
  assert.deepEqual(idsOf('[disk full] x'), []);
});

test('an id is shown by a passing test, spoilt by a failing one, and skipped when nothing else ran', () => {
  const { requirements } = parseRequirements(document);
  const { traces, unknown } = traceRequirements(requirements, [
    result('[BR-WH-008] a', 'passed'),
    result('[BR-WH-008] b', 'failed'),
    result('[HNP-017] c', 'skipped'),
    result('[VPA-999] d', 'passed', 'odd.test.ts'),
  ]);
  assert.deepEqual(
    traces.map(({ id, section, showing }) => [id, section, showing]),
    [
      ['BR-WH-008', 1, 'failing'],
      ['HNP-017', 1, 'skipped'],
      ['BR-AP-021b', 9, 'not shown'],
    ],
  );
  assert.deepEqual([...unknown], [['VPA-999', 'odd.test.ts']]);
});

test('the written column keeps our words and lists the tests of now', () => {
  const { requirements } = parseRequirements(document);
  const { traces } = traceRequirements(requirements, [
    result('[BR-WH-008] a', 'passed', 'b.test.ts'),
    result('[BR-WH-008] a', 'passed', 'a.test.ts'),
  ]);
  const written = writeWhere(document, traces);
  assert.match(written, /\| BR-WH-008 \| one \| tests: `a\.test\.ts`, `b\.test\.ts` \|/);
  assert.match(written, /\| HNP-017 \| two \| `src\/intake` \|/);
  assert.match(written, /\| BR-AP-021b \| three \| planned \|/);
  assert.equal(writeWhere(written, traces), written);
});

test('the document lists every requirement once, under its section', () => {
  const text = readFileSync(new URL('../docs/requirements.md', import.meta.url), 'utf8');
  const { requirements, sections } = parseRequirements(text);
  assert.equal(requirements.length, 641);
  assert.equal(sections.size, 44);
  const rows = text.split('\n').filter((line) => /^\| [A-Z]+\d?-/.test(line)).length;
  assert.equal(rows, requirements.length, 'a row of the tables is not understood');
});
