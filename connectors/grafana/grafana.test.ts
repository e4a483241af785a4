import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { AlertData, SourceRequest } from '@signalbox/sdk';
import { conformance } from '@signalbox/sdk/testing';
import connector from './index.ts';
import { source } from './source.ts';

conformance(connector, { dir: import.meta.dirname, config: () => ({}) });

const NOW = new Date('2026-11-20T09:20:00Z');

function parse(body: unknown): readonly AlertData[] {
  const request: SourceRequest = {
    method: 'POST',
    path: '/hooks/grafana',
    query: {},
    headers: {},
    contentType: 'application/json',
    body,
  };
  return source.parse(request, {}, NOW);
}

function fixture(name: string): { readonly read: () => unknown; readonly skip: string | false } {
  const url = new URL(`../../../shared/fixtures/grafana/${name}`, import.meta.url);
  const skip = existsSync(url) ? false : `shared/fixtures/grafana/${name} is not there`;
  return { read: () => JSON.parse(readFileSync(url, 'utf8')) as unknown, skip };
}

const rule = { ruleId: 41, ruleName: 'Disk full', orgId: 2, ruleUrl: 'https://grafana.example.org/d/1' };

test('[BR-INT-002] "ok" of a legacy rule, which names no series, resolves what "alerting" raised', () => {
  const evalMatches = [{ metric: 'disk', tags: { host: 'db-1' }, value: 97 }];
  const [raised] = parse({ ...rule, state: 'alerting', evalMatches });
  const [over] = parse({ ...rule, state: 'ok', evalMatches: null });
  assert.deepEqual([raised?.status, over?.status], ['firing', 'resolved']);
  assert.equal(raised?.key, over?.key);
});

test('legacy rules of another organisation or another Grafana are other alerts', () => {
  const key = (changes: object) => parse({ ...rule, state: 'alerting', ...changes })[0]?.key;
  const keys = [{}, { orgId: 3 }, { ruleId: 42 }, { ruleUrl: 'https://other.example.org/d/1' }].map(key);
  assert.equal(new Set(keys).size, 4);
});

test('a legacy rule without data fires, a paused one is over, a pending one says nothing yet', () => {
  const statusIn = (state: string) => parse({ ...rule, state }).map(({ status }) => status);
  assert.deepEqual(['no_data', 'paused', 'pending'].map(statusIn), [['firing'], ['resolved'], []]);
});

test('Grafana’s signature is what a new integration is offered', () => {
  assert.deepEqual(source.suggestedAuth, {
    hmac: { preset: 'grafana', secret: '${env:GRAFANA_HMAC_SECRET}' },
  });
});

const unified = fixture('unified-alerting-v12-test-notification.json');
test('[BR-INT-002] a captured webhook of Grafana 12 is understood', { skip: unified.skip }, () => {
  const [alert, ...others] = parse(unified.read());
  assert.equal(others.length, 0);
  assert.equal(alert?.status, 'firing');
  assert.equal(alert.labels['alertname'], 'TestAlert');
  assert.equal(alert.startsAt, '2026-05-05T13:04:57.62281314Z');
  assert.equal(alert.endsAt, undefined);
  assert.equal(alert.generatorURL, undefined);
  assert.deepEqual(alert.details?.['values'], { B: 22, C: 1 });
  assert.equal(alert.details['panelURL'], 'https://grafana.example.com/d/dashboard_uid?viewPanel=1');
});

const legacy = fixture('legacy-alert-example.json');
test('[BR-INT-002] a captured webhook of legacy alerting is understood', { skip: legacy.skip }, () => {
  const [alert] = parse(legacy.read());
  assert.equal(alert?.status, 'firing');
  assert.equal(alert.labels['alertname'], 'Load peaking!');
  assert.equal(alert.key, 'grafana/url.to.grafana/1/1');
});
