import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brief, INTEGRATIONS, load, REST } from './testing.ts';

const BASE = `${INTEGRATIONS}${REST}`;
const GOOD = `${BASE}priority:
  procedures:
    source: Incident response
    levels:
      - { id: SEV1, acknowledge_within: 5m, update_every: 30m, lead: commander, steps: [Open a call] }
      - { id: SEV2 }
    criteria:
      - { id: data, source: section 2, matchers: category="security", level: SEV1 }
    impact: [{ id: wide, matchers: tier="1" }, { id: small }]
    urgency: [{ id: high, when: alert.priority == "critical" }, { id: low }]
    matrix:
      wide: { high: SEV1, low: SEV2 }
      small: { high: SEV2, low: SEV2 }
`;

test('[BR-QUAL-008] procedures are read with times in milliseconds and the line of each criterion and cell', async (t) => {
  const result = await load(t, GOOD);
  assert.ok(result.ok, JSON.stringify(result));
  assert.deepEqual(result.warnings, []);
  const { levels, criteria, matrix } = result.settings.priority!.procedures!;
  assert.deepEqual(levels[0], {
    id: 'SEV1',
    acknowledgeWithinMs: 300_000,
    updateEveryMs: 1_800_000,
    lead: 'commander',
    steps: ['Open a call'],
  });
  assert.deepEqual([criteria[0]?.source, criteria[0]?.definedAt], ['section 2', 'signalbox.yaml:15']);
  assert.deepEqual(matrix['wide'], {
    high: { level: 'SEV1', definedAt: 'signalbox.yaml:19' },
    low: { level: 'SEV2', definedAt: 'signalbox.yaml:19' },
  });
});

test('where lines stand does not count for the revision, and what they say does', async (t) => {
  const revisionOf = async (text: string) => {
    const result = await load(t, text);
    assert.ok(result.ok);
    return result.settings.revision;
  };
  const revision = await revisionOf(GOOD);
  assert.equal(await revisionOf(`# moved\n\n${GOOD}`), revision);
  assert.notEqual(await revisionOf(GOOD.replace('small: { high: SEV2', 'small: { high: SEV1')), revision);
});

test('[BR-QUAL-008] unknown levels, holes in the matrix and what may find nothing are errors with line and column', async (t) => {
  const text = `${BASE}priority:
  procedures:
    levels: [{ id: SEV1 }, { id: SEV1 }, { id: SEV2, runbook_url: 'javascript:x' }]
    criteria: [{ id: data, within: office, level: SEV9 }]
    impact: [{ id: wide, matchers: tier="1" }, { id: small, matchers: tier="2" }]
    urgency: [{ id: high, when: alert. }, { id: low }]
    matrix:
      wide: { high: SEV1 }
      tiny: { high: SEV1, never: SEV1 }
`;
  const result = await load(t, text);
  assert.ok(!result.ok);
  assert.deepEqual(brief(result.errors), [
    '10:34 wrong_value',
    '10:67 wrong_value',
    '11:36 missing_reference',
    '11:51 missing_reference',
    '12:48 wrong_value',
    '13:33 bad_expression',
    '14:5 matrix_hole',
    '15:7 matrix_hole',
    '16:7 missing_reference',
    '16:27 missing_reference',
  ]);
  const [hole] = result.errors.filter(({ line, code }) => line === 15 && code === 'matrix_hole');
  assert.match(hole!.message, /impact wide has no level for urgency low/);
});

test('procedures that yield no level at all are an error', async (t) => {
  const result = await load(t, `${BASE}priority:\n  procedures: { levels: [{ id: SEV1 }] }\n`);
  assert.ok(!result.ok);
  assert.deepEqual(brief(result.errors), ['9:3 missing_key']);
});

test('[BR-QUAL-008] a level that no alert can ever have, and what never holds, are warnings', async (t) => {
  const text = `${BASE}priority:
  procedures:
    levels: [{ id: SEV1 }, { id: SEV2 }, { id: SEV3 }]
    criteria:
      - { id: torn, matchers: [a="1", a="2"], level: SEV2 }
    impact: [{ id: any }, { id: late }]
    urgency: [{ id: any }]
    matrix: { any: { any: SEV1 }, late: { any: SEV3 } }
`;
  const result = await load(t, text);
  assert.ok(result.ok);
  assert.deepEqual(brief(result.warnings), [
    '10:28 unreachable_level',
    '10:42 unreachable_level',
    '12:9 unreachable_level',
    '13:27 unreachable_level',
  ]);
});
