import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFault } from './fault.ts';
import { compileMapping, finishAlert, statusOf, type AlertDraft, type MappingConfig } from './mapping.ts';

function apply(config: MappingConfig, body: unknown, draft: AlertDraft = { alertname: 'A' }) {
  return compileMapping(config, ['body'])({ body }, draft, { steps: 10_000 });
}

function fieldOf(run: () => unknown): readonly [string, string | undefined] {
  try {
    run();
  } catch (error) {
    if (isFault(error)) return [error.code, error.field];
    throw error;
  }
  return assert.fail('nothing was refused');
}

test('[BR-INT-013] each field of a mapping replaces what the source found, and nothing else', () => {
  const draft: AlertDraft = {
    alertname: 'A',
    severity: 'P1',
    status: 'resolved',
    labels: { host: 'h' },
    annotations: { summary: 's' },
    endsAt: '2026-11-20T09:00:00Z',
    details: { id: 7 },
  };
  const base = {
    status: 'resolved',
    labels: { alertname: 'A', host: 'h', severity: 'critical' },
    annotations: { summary: 's' },
    key: '[["alertname","A"],["host","h"]]',
    endsAt: '2026-11-20T09:00:00Z',
    details: { id: 7 },
  };
  assert.deepEqual(apply({}, {}, draft), base);
  assert.deepEqual(apply({ status: 'true', key: '"k"' }, {}, draft), { ...base, status: 'firing', key: 'k' });
  assert.deepEqual(apply({ labels: { zone: '"z"' } }, {}, draft), {
    ...base,
    labels: { alertname: 'A', zone: 'z', severity: 'critical' },
    key: '[["alertname","A"],["zone","z"]]',
  });
  assert.deepEqual(apply({ when: 'false' }, {}, draft), undefined);
});

test('labels are texts: numbers and booleans are written out, null and empty values are left out', () => {
  const config = {
    labels: { n: 'body.n', b: 'body.b', none: 'body.none', empty: '""', big: '9007199254740993' },
  };
  assert.deepEqual(apply(config, { n: 1.5, b: true, none: null })?.labels, {
    n: '1.5',
    b: 'true',
    big: '9007199254740993',
    alertname: 'A',
  });
});

test('[BR-AP-003] severities of different tools become the same words; unknown ones stay', () => {
  const severityOf = (severity: string) => finishAlert({ alertname: 'A', severity }).labels['severity'];
  assert.deepEqual(['CRITICAL', 'Disaster', 'P1', 'page'].map(severityOf), Array(4).fill('critical'));
  assert.deepEqual(['High', 'err', 'Average', 'Information', 'Purple'].map(severityOf), [
    'error',
    'error',
    'warning',
    'info',
    'purple',
  ]);
});

test('a change of severity, or none, does not make another alert', () => {
  const keyOf = (draft: AlertDraft) => finishAlert({ alertname: 'A', labels: { host: 'h' }, ...draft }).key;
  assert.equal(keyOf({ severity: 'warning' }), keyOf({ severity: 'critical' }));
  assert.equal(keyOf({ severity: 'warning' }), keyOf({}));
  assert.notEqual(keyOf({ labels: { host: 'i' } }), keyOf({}));
});

test('words that say that it is over resolve, all others fire', () => {
  for (const word of ['resolved', 'OK', 'Up', ' closed ', 'recovered', false])
    assert.equal(statusOf(word), 'resolved');
  for (const word of ['firing', 'down', 'problem', 'gibberish', true]) assert.equal(statusOf(word), 'firing');
});

test('faults name the setting: wrong expressions when compiled, values that do not fit when applied', () => {
  assert.deepEqual(
    fieldOf(() => apply({ labels: { host: 'nope' } }, {})),
    ['SB_CONFIG', 'config.labels.host'],
  );
  assert.deepEqual(
    fieldOf(() => apply({ starts_at: '1 +' }, {})),
    ['SB_CONFIG', 'config.starts_at'],
  );
  assert.deepEqual(
    fieldOf(() => apply({ labels: { host: 'body.a.b' } }, {})),
    ['SB_REJECTED', 'config.labels.host'],
  );
  assert.deepEqual(
    fieldOf(() => apply({ when: '"yes"' }, {})),
    ['SB_REJECTED', 'config.when'],
  );
  assert.deepEqual(
    fieldOf(() => apply({ status: '1' }, {})),
    ['SB_REJECTED', 'config.status'],
  );
  assert.deepEqual(
    fieldOf(() => apply({ ends_at: '"soon"' }, {})),
    ['SB_REJECTED', 'config.ends_at'],
  );
  assert.deepEqual(
    fieldOf(() => apply({}, {}, {})),
    ['SB_REJECTED', 'alertname'],
  );
});
