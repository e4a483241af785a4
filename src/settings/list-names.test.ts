import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INTEGRATIONS, load, REST } from './testing.ts';

const RULES = `tenants:
  - { id: shop, on: [owner], keys: [team], words: [basket], tenant: shop, business_unit: retail }
`;

test('names are listed wherever they stand, each with its place, and nothing else is', async (t) => {
  const text = `${INTEGRATIONS}${REST}  routes:
    - { matchers: ['team="pay"', 'severity="critical"'], receiver: on-call, labels: { team: 'ops', owner: '{{ .x }}' } }
    - { matchers: 'owner=~"kim|leo"', receiver: on-call }
    - { matchers: 'team=~"sh.*"', receiver: on-call }
classification: { file: rules.yaml }
priority: { cost_centers: { CC-1: {} }, policies: [{ id: a, set: { cost_center: CC-1, business_unit: bank } }] }
namespace_limits: [{ id: a, tenants: [default, acme], limits: { cpu: 1 } }]
approvals: { roles: { lead: [ada] } }
`;
  const result = await load(t, text, { more: { 'rules.yaml': RULES } });
  assert.ok(result.ok, JSON.stringify(!result.ok && result.errors));
  assert.deepEqual(
    result.settings.names!.map(({ kind, name, file, line }) => [kind, name, file.split('/').at(-1), line]),
    [
      ['team', 'pay', 'signalbox.yaml', 9],
      ['team', 'ops', 'signalbox.yaml', 9],
      ['owner', 'kim', 'signalbox.yaml', 10],
      ['owner', 'leo', 'signalbox.yaml', 10],
      ['cost_center', 'CC-1', 'signalbox.yaml', 13],
      ['cost_center', 'CC-1', 'signalbox.yaml', 13],
      ['business_unit', 'bank', 'signalbox.yaml', 13],
      ['tenant', 'acme', 'signalbox.yaml', 14],
      ['person', 'ada', 'signalbox.yaml', 15],
      ['owner', 'basket', 'rules.yaml', 2],
      ['tenant', 'shop', 'rules.yaml', 2],
      ['business_unit', 'retail', 'rules.yaml', 2],
    ],
  );
});

test('a directory has to be one, and a rename leads to the last name', async (t) => {
  const text = `${INTEGRATIONS}${REST}directory: { integration: pager, aliases: { a: b, b: c, d: d } }\n`;
  const result = await load(t, text);
  assert.ok(!result.ok);
  assert.deepEqual(
    result.errors.map(({ code, message }) => `${code}: ${message}`),
    [
      'no_directory: the integration "pager" can’t do this: its connector is no directory',
      'wrong_value: "b" was renamed as well',
      'wrong_value: this is the same name',
    ],
  );
});
