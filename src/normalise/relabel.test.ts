import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RelabelStep } from '../model/normalise-settings.ts';
import { compileRelabel, relabel } from './relabel.ts';

const DEFAULTS: RelabelStep = {
  action: 'replace',
  sourceLabels: [],
  separator: ';',
  regex: '(.*)',
  modulus: 0,
  targetLabel: '',
  replacement: '$1',
};

function run(labels: Readonly<Record<string, string>>, ...steps: Partial<RelabelStep>[]) {
  const compiled = compileRelabel(steps.map((step) => ({ ...DEFAULTS, ...step })));
  return relabel(compiled, labels, { __integration__: 'prom' });
}

// The cases follow Prometheus' documentation of relabel_config and the behavior of its own relabelling.
const CASES: readonly [
  title: string,
  labels: Readonly<Record<string, string>>,
  steps: readonly Partial<RelabelStep>[],
  expected: Readonly<Record<string, string>>,
][] = [
  [
    'replace joins the sources',
    { a: 'x', b: 'y' },
    [{ sourceLabels: ['a', 'b'], targetLabel: 'c' }],
    { a: 'x', b: 'y', c: 'x;y' },
  ],
  [
    'a missing source is empty',
    { a: 'x' },
    [{ sourceLabels: ['a', 'z'], targetLabel: 'c', separator: '-' }],
    { a: 'x', c: 'x-' },
  ],
  [
    'the expression is anchored',
    { a: 'foobar' },
    [{ sourceLabels: ['a'], regex: 'foo', targetLabel: 'c', replacement: 'no' }],
    { a: 'foobar' },
  ],
  [
    'alternatives are anchored together',
    { a: 'xfoo' },
    [{ sourceLabels: ['a'], regex: 'bar|foo', targetLabel: 'c', replacement: 'no' }],
    { a: 'xfoo' },
  ],
  [
    'groups by number, name and braces',
    { a: 'foo-bar' },
    [
      {
        sourceLabels: ['a'],
        regex: '(\\w+)-(?P<second>\\w+)',
        targetLabel: 'c',
        replacement: '${second}_$1$$',
      },
    ],
    { a: 'foo-bar', c: 'bar_foo$' },
  ],
  [
    'a name without braces is as long as it can be',
    { a: 'foo' },
    [{ sourceLabels: ['a'], targetLabel: 'c', replacement: 'x$1y' }],
    { a: 'foo', c: 'x' },
  ],
  [
    'groups in the target',
    { a: 'foo', b: 'v' },
    [{ sourceLabels: ['a', 'b'], regex: '(.*);(.*)', targetLabel: '${1}_of', replacement: '$2' }],
    { a: 'foo', b: 'v', foo_of: 'v' },
  ],
  [
    'an empty result removes the target',
    { a: 'x', c: 'old' },
    [{ sourceLabels: ['z'], targetLabel: 'c' }],
    { a: 'x' },
  ],
  [
    'a text without source sets',
    { a: 'x' },
    [{ targetLabel: 'c', replacement: 'fixed' }],
    { a: 'x', c: 'fixed' },
  ],
  [
    'labelmap copies',
    { k8s_app: 'cart', k8s_tier: 'web' },
    [{ action: 'labelmap', regex: 'k8s_(.+)' }],
    { k8s_app: 'cart', k8s_tier: 'web', app: 'cart', tier: 'web' },
  ],
  ['labeldrop', { a: 'x', ab: 'y' }, [{ action: 'labeldrop', regex: 'a' }], { ab: 'y' }],
  ['labelkeep', { a: 'x', ab: 'y' }, [{ action: 'labelkeep', regex: 'a' }], { a: 'x' }],
  ['lowercase', { a: 'Ab' }, [{ action: 'lowercase', sourceLabels: ['a'], targetLabel: 'a' }], { a: 'ab' }],
  [
    'uppercase',
    { a: 'Ab' },
    [{ action: 'uppercase', sourceLabels: ['a'], targetLabel: 'c' }],
    { a: 'Ab', c: 'AB' },
  ],
  [
    'the integration is known for the time being',
    { a: 'x' },
    [{ sourceLabels: ['__integration__'], targetLabel: 'from' }],
    { a: 'x', from: 'prom' },
  ],
  [
    'labels that begin with __ are gone afterwards',
    { a: 'x' },
    [
      { targetLabel: '__tmp', replacement: 'v' },
      { sourceLabels: ['__tmp'], targetLabel: 'c' },
    ],
    { a: 'x', c: 'v' },
  ],
  [
    'steps see what those before them did',
    { a: 'x' },
    [
      { sourceLabels: ['a'], targetLabel: 'b' },
      { sourceLabels: ['b'], targetLabel: 'c' },
    ],
    { a: 'x', b: 'x', c: 'x' },
  ],
  [
    'the dot takes line feeds',
    { a: 'x\ny' },
    [{ sourceLabels: ['a'], targetLabel: 'c' }],
    { a: 'x\ny', c: 'x\ny' },
  ],
];

for (const [title, labels, steps, expected] of CASES) {
  test(`[BR-AP-003] relabelling as Prometheus does it: ${title}`, () => {
    assert.deepEqual(run(labels, ...steps), { labels: expected });
  });
}

test('keep, drop, keepequal and dropequal name the step that drops, and no step after it is taken', () => {
  const after = { targetLabel: 'c', replacement: 'no' };
  const drops = (labels: Readonly<Record<string, string>>, step: Partial<RelabelStep>) =>
    run(labels, {}, step, after).droppedBy;
  assert.deepEqual(run({ a: 'x' }, { action: 'drop', sourceLabels: ['a'], regex: 'x' }, after), {
    labels: { a: 'x' },
    droppedBy: 1,
  });
  assert.equal(drops({ a: 'x' }, { action: 'drop', sourceLabels: ['a'], regex: 'y' }), undefined);
  assert.equal(drops({ a: 'x' }, { action: 'keep', sourceLabels: ['a'], regex: 'y' }), 2);
  assert.equal(drops({ a: 'x' }, { action: 'keep', sourceLabels: ['a'], regex: 'x' }), undefined);
  assert.equal(drops({ a: 'x', b: 'x' }, { action: 'dropequal', sourceLabels: ['a'], targetLabel: 'b' }), 2);
  assert.equal(
    drops({ a: 'x', b: 'y' }, { action: 'dropequal', sourceLabels: ['a'], targetLabel: 'b' }),
    undefined,
  );
  assert.equal(drops({ a: 'x', b: 'y' }, { action: 'keepequal', sourceLabels: ['a'], targetLabel: 'b' }), 2);
  assert.equal(
    drops({ a: 'x', b: 'x' }, { action: 'keepequal', sourceLabels: ['a'], targetLabel: 'b' }),
    undefined,
  );
});

test('hashmod takes the last eight bytes of MD5', () => {
  const { labels } = run(
    { a: 'foo', b: 'bar' },
    { action: 'hashmod', sourceLabels: ['a', 'b'], targetLabel: 'shard', modulus: 1_000 },
  );
  const last = createHash('md5').update('foo;bar').digest('hex').slice(16);
  assert.equal(labels['shard'], String(BigInt(`0x${last}`) % 1_000n));
});

test('steps that change nothing give back the very labels', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string({ minLength: 1 })), (labels) => {
      assert.equal(run(labels, { action: 'labeldrop', regex: 'UPPER' }).labels, labels);
    }),
  );
});
