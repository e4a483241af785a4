import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countFailure, countMatch, countRules, createTally, RULE_KINDS, ruleLabel } from './tally.ts';

const A = { tenant: 'default', fingerprint: 'a' };
const B = { tenant: 'default', fingerprint: 'b' };

test('a count goes on in place, and shows the last alert', () => {
  const tally = createTally();
  countMatch(tally, 'route', '{}', A, 1);
  const count = tally.route.get('{}');
  const last = count?.last;
  countMatch(tally, 'route', '{}', B, 2);
  countFailure(tally, 'route', '{}');
  assert.deepEqual(count, { matches: 2, failures: 1, last: { at: 2, ...B } });
  assert.equal(tally.route.get('{}'), count);
  assert.equal(count?.last, last);
  assert.equal(tally.filter.size, 0);
});

test('decisions count for the rules that they name: all that a classification heard, and failures apart', () => {
  const tally = createTally();
  const decisions = [
    { stage: 'classify', rule: 'suffix, label', outcome: 'production, certain' },
    { stage: 'enrich', rule: 'owner', outcome: 'missing: it did not answer' },
    { stage: 'filter', rule: 'odd', outcome: 'failed: no such field' },
    { stage: 'fold', rule: 'prom', outcome: 'fired' },
  ] as const;
  countRules(tally, { ...A, decisions }, 1);
  const brief = RULE_KINDS.flatMap((kind) =>
    [...tally[kind]].map(([id, { matches, failures }]) => [ruleLabel(kind, id), matches, failures]),
  );
  assert.deepEqual(brief, [
    ['classification/suffix', 1, 0],
    ['classification/label', 1, 0],
    ['enrichment/owner', 1, 0],
    ['odd', 0, 1],
  ]);
});
