import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFault, type NamespaceStatement } from '@signalbox/sdk';
import { namespaceNewsOf } from './namespace-statement.ts';

const INTEGRATION = { id: 'k8s', tenant: 'acme' };
const NOW = Date.UTC(2026, 0, 1);

test('what a task says is kept under the tenant and the name of its integration, and nothing lies in the future', () => {
  const news = namespaceNewsOf(
    INTEGRATION,
    [
      { cluster: 'eu-1', what: 'listed', namespaces: ['shop'] },
      {
        cluster: 'eu-1',
        what: 'present',
        namespace: 'shop',
        labels: { a: 'b' },
        createdAt: '2099-01-01T00:00:00Z',
      },
      { cluster: 'eu-1', what: 'deleted', namespace: 'cart', uid: 'u1' },
    ],
    NOW,
  );
  const general = { tenant: 'acme', cluster: 'eu-1', at: NOW, by: 'k8s' };
  assert.deepEqual(news, [
    { ...general, kind: 'listed', namespaces: ['shop'] },
    { ...general, kind: 'present', namespace: 'shop', labels: { a: 'b' }, createdAt: NOW },
    { ...general, kind: 'deleted', namespace: 'cart', uid: 'u1' },
  ]);
});

test('what is not of the promised shape is refused before it is kept', () => {
  const wrong: readonly unknown[] = [
    { cluster: 7, what: 'listed', namespaces: [] },
    { cluster: 'eu-1', what: 'deleted', namespace: 'x'.repeat(254) },
    { cluster: 'eu-1', what: 'present', namespace: 'shop', labels: { a: 1 } },
    { cluster: 'eu-1', what: 'present', namespace: 'shop', labels: { a: 'x'.repeat(2_049) } },
  ];
  for (const statement of wrong) {
    assert.throws(
      () => namespaceNewsOf(INTEGRATION, [statement as NamespaceStatement], NOW),
      (thrown) => isFault(thrown) && thrown.code === 'SB_REJECTED',
    );
  }
});
