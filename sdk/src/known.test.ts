import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { askedOf, changesOf, contextLinesOf, explainLink, knownOf, newsOf, procedureLink } from './known.ts';
import { sampleAlert, sampleNotification } from './testing/sample-notification.ts';

const ASSESSMENT = {
  level: 'SEV1',
  title: 'Customers can’t buy',
  rule: 'extensive × high',
  definedAt: 'signalbox.yaml:41',
  acknowledgeBy: '2026-11-20T09:19:05.000Z',
  updateEveryMs: 1_800_000,
  lead: 'incident commander',
  runbookUrl: 'https://example.org/sev1',
  steps: ['Open a call'],
};

test('of an alert that the hub knows nothing of, nothing is said', () => {
  const alert = sampleAlert();
  const notification = sampleNotification();
  assert.deepEqual(
    [knownOf(alert), contextLinesOf(alert), changesOf(alert), explainLink(alert, notification)],
    [[], [], [], []],
  );
  assert.deepEqual([newsOf(notification), askedOf(notification), procedureLink(notification)], ['', [], []]);
});

test('level, environment, owner and what policies said, in this order; severity alone is no priority', () => {
  const facts = {
    slo: 'gold',
    environment: 'production',
    certainty: 'unknown',
    businessUnit: 'retail',
    assessment: { level: 'SEV1', rule: 'extensive × high' },
    reasons: [{ field: 'priority', value: 'info', policy: 'quiet', position: 1 }],
  };
  assert.deepEqual(knownOf(sampleAlert({ facts })), [
    ['level', 'SEV1 (extensive × high)'],
    ['environment', 'production (assumed)'],
    ['owner', 'retail'],
    ['priority', 'info'],
    ['SLO', 'gold'],
  ]);
  const owned = {
    facts: { environment: 'staging', businessUnit: 'retail' },
    context: { cmdb: { team: 'db' } },
  };
  assert.deepEqual(knownOf(sampleAlert(owned)), [
    ['environment', 'staging'],
    ['owner', 'db'],
  ]);
  const labels = { alertname: 'A', team: 'db' };
  assert.deepEqual(
    knownOf(sampleAlert({ ...owned, labels })),
    [['environment', 'staging']],
    'a label says it',
  );
});

test('what enrichment found is a handful of lines with what tells most first, and what is missing', () => {
  const context = {
    pod: { labels: { app: 'x' }, node: 'n', phase: 'Running', createdAt: '2026-01-01T00:00:00Z' },
    metrics: { errors: [{ value: 0.5, labels: {} }], empty: [] },
    events: [{ type: 'Warning', reason: 'BackOff' }],
    tags: ['a', 'b', 'c', 'd'],
    note: { deep: { deeper: { deepest: { hidden: 1 } } } },
  };
  assert.deepEqual(contextLinesOf(sampleAlert({ context, missing: { cmdb: 'timeout' } })), [
    'pod: phase Running, node n',
    'metrics: errors 0.5',
    'events: reason BackOff, type Warning',
    'tags: a, b, c',
    'not found out: cmdb (timeout)',
  ]);
});

test('the newest changes near the start, whichever enrichment tells of them', () => {
  const changes = [
    { at: '2026-11-20T09:10:05Z', what: 'image', kind: 'Deployment', name: 'shop', cause: 'release 7' },
    { at: Date.parse('2026-11-20T09:15:05Z'), what: 'config' },
    { at: '2026-11-19T09:15:05Z', what: 'scale' },
    { at: 'never', what: 'x' },
    'garbage',
  ];
  assert.deepEqual(changesOf(sampleAlert({ context: { cluster: { changes }, other: 7 } })), [
    'changed: config, 1m after it began',
    'changed: image of Deployment shop, 4m before it began (release 7)',
  ]);
});

test('[BR-QUAL-008] what the procedures ask for, while something fires', () => {
  const notification = sampleNotification({ assessment: ASSESSMENT });
  assert.deepEqual(askedOf(notification), [
    'SEV1: Customers can’t buy',
    'Acknowledge by 2026-11-20 09:19:05 UTC · update every 30m · led by incident commander',
    '1. Open a call',
  ]);
  assert.deepEqual(procedureLink(notification), [{ title: 'Procedure', url: 'https://example.org/sev1' }]);
  const over = sampleNotification({ assessment: ASSESSMENT, status: 'resolved' });
  assert.deepEqual([askedOf(over), procedureLink(over)], [[], []]);
});

test('the explanation is linked where the hub found something out, for the tenant of the alert', () => {
  const alert = sampleAlert({ facts: { environment: 'staging' } });
  const url = 'https://signalbox.example.org/api/v1/alerts/6b2f0c1d9e8a7f35/explain';
  assert.deepEqual(explainLink(alert, sampleNotification()), [{ title: 'Explain', url }]);
  assert.equal(explainLink(alert, sampleNotification({ tenant: 'a' }))[0]?.url, `${url}?tenant=a`);
  assert.deepEqual(explainLink(alert, sampleNotification({ externalURL: '' })), []);
});

test('whatever was found out, it is a few short clean lines', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.object(), (facts, context) => {
      const alert = sampleAlert({ facts, context, missing: { x: 'y'.repeat(9_999) } });
      const lines = [
        ...knownOf(alert).map(([name, value]) => `${name}: ${value}`),
        ...contextLinesOf(alert),
        ...changesOf(alert),
      ];
      assert.ok(lines.length <= 7 + 5 + 2, String(lines.length));
      for (const text of lines) {
        assert.ok(text.length <= 220, text);
        assert.doesNotMatch(text, /[\p{Cc}\u2028\u2029\u202e]/u);
      }
    }),
  );
});
