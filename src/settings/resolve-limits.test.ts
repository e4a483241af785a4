import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brief, INTEGRATIONS, load, REST } from './testing.ts';

const BASE = `${INTEGRATIONS}${REST}`;

test('a limit that can’t be read or that names what is not there is an error at its place', async (t) => {
  const result = await load(
    t,
    `${BASE}namespace_limits:
  - { id: a, environments: [develpment], limits: { cpu: 4 cores } }
  - { id: a, environments: staging, limits: { cpu: 2 } }
`,
  );
  assert.ok(!result.ok);
  assert.deepEqual(brief(result.errors), [
    '9:29 missing_reference',
    '9:57 bad_quantity',
    '10:11 wrong_value',
  ]);
  assert.match(result.errors[0]!.hint!, /development/);
});

test('[BR-AP-027] limits that can never apply are warned of, each with its place', async (t) => {
  const result = await load(
    t,
    `${BASE}priority:
  policies: [{ id: core, set: { criticality: tier-1 } }]
namespace_limits:
  - { id: core, criticalities: tier-1, limits: { cpu: 64 } }
  - { id: never, criticalities: tier-9, limits: { cpu: 64 } }
  - { id: urgent, priorities: [critical], limits: { cpu: 64 } }
  - { id: dev, environments: [development, testing], limits: { cpu: 4, memory: 8Gi } }
  - { id: late, environments: development, tenants: shop, limits: { memory: 16Gi } }
  - { id: more, environments: development, limits: { memory: 16Gi, pods: 10 } }
`,
  );
  assert.ok(result.ok);
  assert.deepEqual(brief(result.warnings), [
    '12:18 unreachable_limit',
    '13:19 unreachable_limit',
    '15:5 unreachable_limit',
  ]);
  assert.match(result.warnings[0]!.message, /no policy of priority sets the criticality tier-9/);
  assert.match(result.warnings[2]!.message, /dev comes first/);
  assert.match(result.settings.places!['namespace_limits[3]']!, /:14:5$/);
});

test('where a limit stands makes no other revision, and what it says does', async (t) => {
  const limits = (cpu: number) => `namespace_limits: [{ id: a, limits: { cpu: ${cpu} } }]\n`;
  const revisions = [];
  for (const text of [`${BASE}${limits(4)}`, `${BASE}\n\n${limits(4)}`, `${BASE}${limits(5)}`]) {
    const result = await load(t, text);
    assert.ok(result.ok);
    revisions.push(result.settings.revision);
  }
  assert.equal(revisions[0], revisions[1]);
  assert.notEqual(revisions[0], revisions[2]);
});
