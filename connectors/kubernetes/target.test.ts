import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { alertOf, configOf } from '../../test/fakes/kubernetes-watching.ts';
import { KINDS } from './kinds.ts';
import { KIND_NAMES } from './records.ts';
import { targetKey, targetOf } from './target.ts';

const target = (labels: Readonly<Record<string, string>>, own: Readonly<Record<string, unknown>> = {}) =>
  targetOf(alertOf(labels), configOf(own));

test('labels name what an alert is about, and those that Prometheus moved aside count first', () => {
  assert.deepEqual(
    target({
      namespace: 'monitoring',
      exported_namespace: 'shop',
      pod: 'ksm',
      exported_pod: 'api',
      container: 'c',
    }),
    {
      namespace: 'shop',
      pod: 'api',
      container: 'c',
    },
  );
  assert.deepEqual(target({ namespace: 'shop', job_name: 'j', cronjob: 'c', job: 'kube-state-metrics' }), {
    namespace: 'shop',
    workload: { kind: 'Job', name: 'j' },
  });
  assert.deepEqual(target({ node: 'node-1' }), { node: 'node-1' });
  assert.deepEqual(target({ ns: 'shop', pod: 'x' }, { labels: { namespace: ['ns'] } }), {
    namespace: 'shop',
    pod: 'x',
  });
});

test('an alert of another cluster, or about nothing in one, is none of this integration', () => {
  assert.equal(target({ namespace: 'shop', cluster: 'us-1' }), undefined);
  assert.notEqual(target({ namespace: 'shop', cluster: 'eu-1' }), undefined);
  assert.equal(target({ job: 'kube-state-metrics', instance: 'x' }), undefined);
  assert.equal(target({ pod: 'without-a-namespace' }), undefined);
});

test('different targets have different keys, and no key is longer than the host takes', () => {
  const short = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/);
  const name = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,20}$/);
  const labels = fc.record(
    { namespace: short, pod: name, node: name, deployment: name },
    { requiredKeys: ['namespace'] },
  );
  fc.assert(
    fc.property(labels, labels, (one, other) => {
      const [a, b] = [target(one)!, target(other)!];
      assert.equal(targetKey(a) === targetKey(b), JSON.stringify(a) === JSON.stringify(b));
    }),
  );
  const long = 'x'.repeat(253);
  const longest = {
    namespace: 'x'.repeat(63),
    pod: long,
    container: 'x'.repeat(63),
    node: long,
    deployment: long,
  };
  assert.ok(targetKey(target(longest)!).length <= 1_024);
});

test('a label that can be no name of Kubernetes names nothing', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400 }), (text) => {
      const isName = /^[a-z0-9][a-z0-9.-]{0,252}$/.test(text);
      assert.equal(target({ node: text }) !== undefined, isName);
    }),
  );
  assert.equal(target({ namespace: 'shop', pod: '../../secrets' })?.pod, undefined);
});

test('nothing that a cluster sends makes the reading of an object throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...KIND_NAMES), (value, kind) => {
      const object = {
        metadata: { name: 'x', labels: value, ownerReferences: value, managedFields: value },
        spec: value,
        status: value,
        data: value,
        involvedObject: value,
      };
      assert.equal(KINDS[kind].keep(object, { annotations: [] })?.name, 'x');
      KINDS[kind].keep(value, { annotations: [] });
    }),
  );
});
