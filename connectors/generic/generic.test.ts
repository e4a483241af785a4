import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFault, type AlertData } from '@signalbox/sdk';
import { conformance } from '@signalbox/sdk/testing';
import type { GenericConfig } from './config.ts';
import connector from './index.ts';
import { compiledOf, source } from './source.ts';

conformance(connector, { dir: import.meta.dirname, config: () => ({}) });

const NOW = new Date('2026-11-20T09:20:00Z');

function parse(body: unknown, config: GenericConfig = {}, query = {}): readonly AlertData[] {
  const request = {
    method: 'POST',
    path: '/hooks/any',
    query,
    headers: {},
    contentType: 'application/json',
    body,
  };
  return source.parse(request, config, NOW);
}

function faultOf(run: () => unknown): {
  readonly code: string;
  readonly field: string | undefined;
  readonly message: string;
} {
  try {
    run();
  } catch (error) {
    if (isFault(error)) return { code: error.code, field: error.field, message: error.message };
    throw error;
  }
  return assert.fail('nothing was refused');
}

test('a title and a severity are enough for an alert, without any setting', () => {
  const [alert] = parse({ title: 'Disk full', severity: 'critical' });
  assert.equal(alert?.status, 'firing');
  assert.deepEqual(alert.labels, { alertname: 'Disk full', severity: 'critical' });
});

test('"resolved" without a severity still means the alert that was raised with one', () => {
  const [raised] = parse({ title: 'Disk full', host: 'db-1', severity: 'critical' });
  const [over] = parse({ title: 'Disk full', host: 'db-1', status: 'resolved' });
  const [other] = parse({ title: 'Disk full', host: 'db-2', status: 'resolved' });
  assert.equal(over?.status, 'resolved');
  assert.equal(over.key, raised?.key);
  assert.notEqual(other?.key, raised?.key);
});

test('[BR-AP-003] [VPA-026] senders that name things differently come out in one normal form', () => {
  const senders = [
    { alertname: 'Link down', severity: 'Critical', labels: { host: 'sw-1' }, state: 'DOWN' },
    { name: 'Link down', priority: 'P1', tags: ['host:sw-1'] },
    { title: 'Link down', level: 'emergency', hostname: undefined, host: 'sw-1', status: 'triggered' },
    { event: { rule_name: 'Link down', urgency: 'fatal', tags: [{ tag: 'host', value: 'sw-1' }] } },
    { alerts: [{ check: 'Link down', severity: 'DISASTER', tags: { host: 'sw-1' } }] },
  ];
  for (const sender of senders) {
    const [alert] = parse(sender);
    assert.equal(alert?.status, 'firing');
    assert.deepEqual(alert.labels, { alertname: 'Link down', host: 'sw-1', severity: 'critical' });
  }
});

test('[BR-INT-013] [BR-AP-005] fields are mapped, computed and filtered by expressions of the user', () => {
  const config: GenericConfig = {
    for_each: 'body.nodes.filter(n, n.load > body.limit)',
    when: '!item.name.startsWith("test-")',
    labels: { alertname: '"Load high"', node: 'item.name', site: 'query.site', cores: 'item.cores' },
    annotations: { summary: 'item.name + " has load " + string(item.load / item.cores) + " per core"' },
    severity: 'item.load > body.limit * 2 ? "critical" : "warning"',
    key: 'query.site + "/" + item.name',
    starts_at: 'body.at',
    generator_url: '"https://nodes.example.org/" + item.name',
  };
  const nodes = [
    { name: 'n1', load: 9, cores: 2 },
    { name: 'n2', load: 1, cores: 2 },
    { name: 'test-1', load: 99, cores: 2 },
  ];
  assert.deepEqual(parse({ at: 1763630400, limit: 4, nodes }, config, { site: 'eu' }), [
    {
      status: 'firing',
      labels: { alertname: 'Load high', node: 'n1', site: 'eu', cores: '2', severity: 'critical' },
      annotations: { summary: 'n1 has load 4.5 per core' },
      key: 'eu/n1',
      startsAt: '2025-11-20T09:20:00.000Z',
      generatorURL: 'https://nodes.example.org/n1',
    },
  ]);
});

test('an expression that fails for one payload is named, and the payload is not quoted', () => {
  const body = { title: 's3cret', n: 1, list: ['s3cret'] };
  const cases: [GenericConfig, string][] = [
    [{ for_each: 'body.title' }, 'config.for_each'],
    [{ for_each: 'body.nope' }, 'config.for_each'],
    [{ when: 'body.n' }, 'config.when'],
    [{ labels: { alertname: 'body.title', host: 'body.nope' } }, 'config.labels.host'],
    [{ annotations: { summary: 'body.list' } }, 'config.annotations.summary'],
    [{ severity: 'body.title + 1' }, 'config.severity'],
    [{ status: 'body.n' }, 'config.status'],
    [{ starts_at: 'body.title' }, 'config.starts_at'],
    [{ ends_at: 'timestamp(body.title)' }, 'config.ends_at'],
    [{ key: 'body.list' }, 'config.key'],
    [{ labels: { alertname: 'body.?nope' } }, 'nothing'],
  ];
  for (const [config, field] of cases) {
    if (field === 'nothing') {
      // A label that yields nothing falls back to what is found without a mapping.
      assert.equal(parse(body, config)[0]?.labels['alertname'], 's3cret');
      continue;
    }
    const fault = faultOf(() => parse(body, config));
    assert.deepEqual([fault.code, fault.field], ['SB_REJECTED', field]);
    assert.ok(!fault.message.includes('s3cret'), fault.message);
  }
});

test('a wrong expression is a fault of the configuration that names the setting, found by the probe', async () => {
  const cases: [GenericConfig, string][] = [
    [{ for_each: 'item.x' }, 'config.for_each'],
    [{ labels: { alertname: 'body.' } }, 'config.labels.alertname'],
    [{ when: 'body.x.matches("(a+)+$")' }, 'config.when'],
  ];
  for (const [config, field] of cases) {
    const probe = connector.probe as (context: { config: GenericConfig }) => Promise<void>;
    await assert.rejects(
      async () => probe({ config }),
      (error) => isFault(error) && error.code === 'SB_CONFIG' && error.field === field,
    );
  }
});

test('expressions are compiled once per configuration, not per request', () => {
  const config: GenericConfig = { labels: { alertname: 'body.title' } };
  parse({ title: 'x' }, config);
  assert.equal(compiledOf(config), compiledOf(config));
  assert.notEqual(compiledOf(config), compiledOf({ ...config }));
});

test('a payload of ten thousand pieces can’t buy more computing than one request may have', () => {
  const config: GenericConfig = {
    labels: { alertname: 'item.n', same: 'string(body.filter(b, b.n == item.n).size())' },
  };
  const body = Array.from({ length: 9_000 }, (_, n) => ({ n }));
  assert.match(faultOf(() => parse(body, config)).message, /too many steps/);
  assert.equal(faultOf(() => parse(Array.from({ length: 10_001 }, () => ({ title: 'x' })))).field, '');
});

test('any payload yields alerts with a name or is refused with SB_REJECTED', () => {
  const words = fc.constantFrom(
    'title',
    'status',
    'labels',
    'tags',
    'severity',
    'alerts',
    'timestamp',
    'url',
    'key',
    'x',
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.jsonValue({ maxDepth: 1 }),
      fc.dictionary(words, tie('any')),
      fc.array(tie('any')),
    ),
  })).any;
  fc.assert(
    fc.property(value, (body) => {
      try {
        for (const alert of parse(body)) assert.ok(alert.labels['alertname']);
      } catch (error) {
        if (!isFault(error) || error.code !== 'SB_REJECTED') throw error;
      }
    }),
    { numRuns: 500 },
  );
});
