import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type, type Connector } from '@signalbox/sdk';
import { brief, load, REST, TEST_CONNECTORS } from './testing.ts';

const MODEL: Connector = {
  id: 'model',
  title: 'Test',
  summary: 'For tests.',
  version: '1.0.0',
  config: Type.Object({}),
  analyst: { analyse: async () => ({ summary: 'x' }) },
};
const connectors = [...TEST_CONNECTORS, MODEL];
const BASE = `integrations:
  prom: { connector: in }
  pager: { connector: out }
  llm: { connector: model }
${REST}`;

test('without a word about it nobody analyses anything', async (t) => {
  const result = await load(t, BASE.replace('  llm: { connector: model }\n', ''), { connectors });
  assert.deepEqual(result.ok && result.settings.analysis, {});
});

test('an analyst has defaults and a condition, and its connections are as patient as its time-out', async (t) => {
  const text = `${BASE}analysis: { analyst: { integration: llm, matchers: 'team="db"', when: 'facts.environment == "production"' } }\n`;
  const result = await load(t, text, { connectors });
  assert.ok(result.ok);
  assert.deepEqual(result.warnings, []);
  assert.deepEqual(result.settings.analysis, {
    analyst: {
      integration: 'llm',
      when: 'facts.environment == "production"',
      matchers: [{ name: 'team', op: '=', value: 'db' }],
      timeoutMs: 30_000,
      rate: { requests: 30, perMs: 60_000 },
    },
  });
  assert.equal(result.settings.integrations['llm']?.delivery.timeoutMs, 30_000);
  assert.equal(result.settings.integrations['pager']?.delivery.timeoutMs, 10_000);
});

test('whatever is wrong with it is found, each with its place', async (t) => {
  for (const [task, finding] of [
    ['analyst: { integration: nobody }', '37 missing_reference'],
    ['analyst: { integration: pager }', '37 no_analyst'],
    ['scorer: { integration: llm }', '36 no_scorer'],
    ['analyst: { integration: llm, when: alert.severty == "x" }', '48 bad_expression'],
  ] as const) {
    const text = `${BASE}analysis: { ${task} }\n`;
    const line = text.split('\n').findIndex((each) => each.startsWith('analysis:')) + 1;
    const result = await load(t, text, { connectors });
    assert.deepEqual(result.ok ? [] : brief(result.errors), [`${line}:${finding}`], task);
  }
});
