import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type, type Connector } from '@signalbox/sdk';
import { brief, load, REST, TEST_CONNECTORS } from './testing.ts';

const KNOWING: Connector = {
  id: 'knowing',
  title: 'Test',
  summary: 'For tests.',
  version: '1.0.0',
  config: Type.Object({}),
  enricher: { cacheKey: () => 'key', enrich: async () => ({}) },
};
const connectors = [...TEST_CONNECTORS, KNOWING];
const BASE = `integrations:
  prom: { connector: in }
  pager: { connector: out }
  cmdb: { connector: knowing }
${REST}`;

test('enrichments have defaults, and conditions as rules have them', async (t) => {
  const text = `${BASE}enrichment_budget: 1s
enrichment:
  - { id: cmdb, integration: cmdb, matchers: 'team="shop"', when: 'alert.severity == "critical"', as: service }
  - { id: history, builtin: history, ttl: 1h, timeout: 500ms }
`;
  const result = await load(t, text, { connectors });
  assert.ok(result.ok);
  assert.deepEqual(result.warnings, []);
  assert.equal(result.settings.enrichmentBudgetMs, 1_000);
  assert.deepEqual(result.settings.enrichment, [
    {
      id: 'cmdb',
      source: { kind: 'integration', integration: 'cmdb' },
      when: 'alert.severity == "critical"',
      matchers: [{ name: 'team', op: '=', value: 'shop' }],
      ttlMs: 300_000,
      timeoutMs: 1_000,
      as: 'service',
    },
    {
      id: 'history',
      source: { kind: 'history' },
      matchers: [],
      ttlMs: 3_600_000,
      timeoutMs: 500,
      as: 'history',
    },
  ]);
});

test('whatever is wrong with enrichments is found at once, each with its place', async (t) => {
  const lines = [
    '{ id: a, integration: nobody }',
    '{ id: b, integration: pager }',
    '{ id: c }',
    '{ id: d, integration: cmdb, builtin: history }',
    '{ id: e, integration: cmdb, when: alert.severty == "x" }',
    '{ id: f, integration: cmdb, matchers: "team~x" }',
    '{ id: g, integration: cmdb, timeout: 10s }',
    '{ id: h, integration: cmdb, as: g }',
    '{ id: a, integration: cmdb }',
  ];
  const text = `${BASE}enrichment:\n${lines.map((line) => `  - ${line}\n`).join('')}`;
  const result = await load(t, text, { connectors });
  const first = text.split('\n').indexOf('enrichment:') + 2;
  assert.deepEqual(result.ok ? [] : brief(result.errors), [
    `${first}:27 missing_reference`,
    `${first + 1}:27 no_enricher`,
    `${first + 2}:5 wrong_value`,
    `${first + 3}:5 wrong_value`,
    `${first + 4}:39 bad_expression`,
    `${first + 5}:43 bad_matcher`,
    `${first + 6}:42 wrong_value`,
    `${first + 7}:37 wrong_value`,
    `${first + 8}:11 wrong_value`,
  ]);
});

test('an enrichment that is for no alert, and an integration that nothing asks, are warned about', async (t) => {
  const text = `${BASE}enrichment:
  - { id: history, builtin: history, when: 'alert.labels.team == "a"', matchers: 'team="b"' }
`;
  const result = await load(t, text, { connectors });
  assert.deepEqual(brief(result.warnings), [
    '4:3 unused_integration',
    `${text.split('\n').length - 1}:44 rule_never_matches`,
  ]);
});
