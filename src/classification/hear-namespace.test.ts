import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NamespaceNews, NamespaceRecord } from '../model/namespace.ts';
import { hearNamespace } from './hear-namespace.ts';
import { applyNamespaceEvent } from './lifecycle.ts';

type OfOne = Exclude<NamespaceNews, { readonly kind: 'listed' }>;
type Said = OfOne extends infer N
  ? N extends OfOne
    ? Omit<N, 'tenant' | 'cluster' | 'namespace' | 'by'>
    : never
  : never;

/** Says one thing after the other and returns the entries as `kind from→to`. */
function tell(...said: readonly Said[]): readonly string[] {
  let record: NamespaceRecord | undefined;
  const lines: string[] = [];
  for (const one of said) {
    const news = { tenant: 'default', cluster: 'eu-1', namespace: 'shop', by: 'k8s', ...one } as OfOne;
    for (const event of hearNamespace(news, record, ({ labels }) => labels['env'] ?? 'production')) {
      const step = applyNamespaceEvent(record, event);
      record = step.record;
      const { kind, from = '', to = '', isUnapproved } = step.entry;
      lines.push(`${kind} ${from}→${to}${isUnapproved ? ' unapproved' : ''}`);
    }
  }
  return lines;
}

const present = (at: number, env: string, uid = 'u1'): Said => ({
  kind: 'present',
  at,
  labels: { env },
  uid,
});

test('what is known already is no event, however often and by however many it is told', () => {
  assert.deepEqual(tell(present(1, 'staging'), present(2, 'staging'), present(1, 'staging')), [
    'created →staging',
  ]);
  const end: Said = { kind: 'deleted', at: 5, uid: 'u1' };
  assert.deepEqual(tell(present(1, 'staging'), end, end), ['created →staging', 'deleted staging→']);
});

test('other labels are an event; with another environment they went past every gate', () => {
  assert.deepEqual(tell(present(1, 'staging'), present(2, 'production')), [
    'created →staging',
    'labelled staging→production unapproved',
  ]);
});

test('a promotion stays although the labels do not follow at once', () => {
  const promoted: Said = { kind: 'promoted', at: 2, environment: 'production', promotion: 'p1' };
  assert.deepEqual(tell(present(1, 'staging'), promoted, present(3, 'staging'), present(4, 'production')), [
    'created →staging',
    'promoted staging→production',
    'labelled production→production',
  ]);
});

test('a life that ended and another that began unseen are two events, and the end of the old one does not end the new one', () => {
  const late: Said = { kind: 'deleted', at: 9, uid: 'u1' };
  assert.deepEqual(tell(present(1, 'staging', 'u1'), present(2, 'staging', 'u2'), late), [
    'created →staging',
    'deleted staging→',
    'created →staging',
  ]);
});

test('alerts tell of namespaces that no cluster has told of, and of none that is gone', () => {
  const alert = (at: number, environment: string): Said => ({ kind: 'classified', at, environment });
  assert.deepEqual(tell(alert(1, 'testing'), alert(2, 'testing'), alert(3, 'production')), [
    'classified →testing',
    'classified testing→production unapproved',
  ]);
  assert.deepEqual(tell(present(1, 'staging'), alert(2, 'production')), ['created →staging']);
  assert.deepEqual(tell(alert(1, 'testing'), { kind: 'deleted', at: 2 }, alert(3, 'testing')), [
    'classified →testing',
    'deleted testing→',
  ]);
});
