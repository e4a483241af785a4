import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  namespaceScopeId,
  type NamespaceKey,
  type NamespaceNews,
  type NamespaceRecord,
} from '../../model/namespace.ts';
import { SCOPES, scopeOf } from '../../model/scope.ts';
import { openBoth, type CreatePlace } from './place.ts';
import { sampleNamespaceEntry, T0 } from './samples.ts';

const key = (namespace: string, cluster = 'eu-1'): NamespaceKey => ({
  tenant: 'default',
  cluster,
  namespace,
});
const record = (of: NamespaceKey, change: Partial<NamespaceRecord> = {}): NamespaceRecord => ({
  ...of,
  environment: 'staging',
  classifiedAs: 'staging',
  labels: { team: '火' },
  state: 'active',
  life: 1,
  sequence: 1,
  createdAt: T0,
  changedAt: T0,
  ...change,
});
const news = (of: NamespaceKey): NamespaceNews => ({ ...of, kind: 'deleted', at: T0, by: 'k8s' });

/** Namespaces, what happened to them, and what was heard of them. */
export function namespaceTests(createPlace: CreatePlace): void {
  test('a namespace comes back as saved, the newest of each name in its cluster', async (t) => {
    const { store } = await openBoth(t, createPlace);
    const other = record(key('shop', 'us-1'));
    await store.commit({ namespaces: [record(key('shop')), other, record(key('cart'))] });
    const gone = record(key('shop'), { state: 'deleted', changedAt: T0 + 1 });
    await store.commit({ namespaces: [gone] });
    assert.deepEqual(await store.namespaces([key('shop', 'us-1'), key('none'), key('shop')]), [other, gone]);
    assert.deepEqual(await store.activeNamespaces('default', 'eu-1'), [record(key('cart'))]);
    assert.deepEqual(await store.activeNamespaces('other', 'eu-1'), []);
  });

  test('namespaces are listed by when they changed, under filters that hold together', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    await store.commit({
      namespaces: [
        record(key('a'), { changedAt: T0 + 1 }),
        record(key('b'), { changedAt: T0 + 2, environment: 'production' }),
        record(key('c', 'us-1'), { changedAt: T0 + 3, state: 'deleted' }),
      ],
    });
    const names = async (query: object) =>
      (await reader.namespaces({ limit: 10, ...query })).items.map(({ namespace }) => namespace);
    assert.deepEqual(await names({}), ['c', 'b', 'a']);
    assert.deepEqual(await names({ cluster: 'eu-1', environment: 'staging' }), ['a']);
    assert.deepEqual(await names({ state: 'deleted' }), ['c']);
    assert.deepEqual(await names({ namespace: 'b', tenant: 'default' }), ['b']);
    const first = await reader.namespaces({ limit: 2 });
    assert.deepEqual(await names({ cursor: first.next }), ['a']);
  });

  test('entries are listed in the order in which they were recorded, the last first', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const entries = [
      sampleNamespaceEntry('a'),
      sampleNamespaceEntry('b', { isUnapproved: true }),
      sampleNamespaceEntry('a', { sequence: 2, kind: 'deleted', at: T0 - 5 }),
    ];
    await store.commit({ namespaceEntries: entries });
    assert.deepEqual((await reader.namespaceEntries({ limit: 10 })).items, entries.toReversed());
    assert.deepEqual((await reader.namespaceEntries({ limit: 10, namespace: 'a' })).items, [
      entries[2],
      entries[0],
    ]);
    assert.deepEqual((await reader.namespaceEntries({ limit: 10, isUnapproved: true })).items, [entries[1]]);
    const { next } = await reader.namespaceEntries({ limit: 2 });
    assert.deepEqual((await reader.namespaceEntries({ limit: 2, cursor: next! })).items, [entries[0]]);
  });

  test('news of namespaces come back oldest first, those of some clusters, until they are done', async (t) => {
    const { store } = await openBoth(t, createPlace);
    await store.commit({ namespaceNews: [news(key('1')), news(key('2', 'us-1')), news(key('3'))] });
    const all = await store.namespaceNews(10);
    const { id, ...first } = all[0]!;
    assert.deepEqual(first, news(key('1')));
    assert.ok(id > 0);
    const own = scopeOf(namespaceScopeId(key('', 'eu-1')));
    assert.notEqual(own, scopeOf(namespaceScopeId(key('', 'us-1'))));
    assert.deepEqual(await store.namespaceNews(10, [own]), [all[0], all[2]]);
    assert.deepEqual(await store.namespaceNews(1, [own]), [all[0]]);
    const others = Array.from({ length: SCOPES }, (_, scope) => scope).filter((scope) => scope !== own);
    assert.deepEqual(await store.namespaceNews(10, others), [all[1]]);
    await store.commit({ namespaceNewsDone: [all[0]!.id, all[2]!.id] });
    assert.deepEqual(await store.namespaceNews(10), [all[1]]);
  });

  test('namespaces that are there stay, however old; those that are gone go with what happened to them', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    await store.commit({
      namespaces: [record(key('a')), record(key('b'), { state: 'deleted' })],
      namespaceEntries: [sampleNamespaceEntry('b')],
    });
    assert.equal(await store.expire('namespaces', T0 + 1, 10), 2);
    assert.deepEqual(await store.namespaces([key('a'), key('b')]), [record(key('a'))]);
    assert.deepEqual((await reader.namespaceEntries({ limit: 10 })).items, []);
  });
}
