import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault, type NamespaceStatement } from '@signalbox/sdk';
import { createClusterCopy, type Scope } from './cluster-copy.ts';
import { createNamespaceLog } from './namespace-log.ts';
import type { Namespace } from './records.ts';
import { tellNamespaces } from './tell-namespaces.ts';

const WHOLE: Scope = { kind: 'Namespace', namespace: '' };
const LOG = { debug() {}, info() {}, warn() {}, error() {} };

function namespace(
  name: string,
  labels: Readonly<Record<string, string>> = {},
  uid = `uid-${name}`,
): Namespace {
  return { kind: 'Namespace', name, namespace: '', uid, resourceVersion: '1', labels, annotations: {} };
}

function listOf(...namespaces: readonly Namespace[]): ReadonlyMap<string, Namespace> {
  return new Map(namespaces.map((one) => [`/${one.name}`, one]));
}

/** Runs the telling; each look happens when the test asks for it. */
function start({ scope = WHOLE, maxBytes = 1_000_000 }: { scope?: Scope; maxBytes?: number } = {}) {
  const namespaces = createNamespaceLog();
  const copy = createClusterCopy(maxBytes, (...change) => namespaces.observe(...change));
  const stop = new AbortController();
  const told: NamespaceStatement[][] = [];
  let failures = 0;
  let look = () => {};
  let looked = Promise.withResolvers<void>();
  const running = tellNamespaces({
    cluster: 'eu-1',
    scopes: [scope],
    copy,
    namespaces,
    log: LOG,
    signal: stop.signal,
    async emit(statements) {
      if (statements.some((one) => 'labels' in one && one.labels['bad'] !== undefined))
        throw new Fault('SB_REJECTED', 'a label is too long');
      if (failures-- > 0) throw new Fault('SB_UNAVAILABLE', 'the disk is full');
      told.push([...statements]);
    },
    wait() {
      looked.resolve();
      return new Promise((resolve) => (look = resolve));
    },
  });
  return {
    copy,
    told,
    fail: (times: number) => void (failures = times),
    async look() {
      await looked.promise;
      looked = Promise.withResolvers();
      look();
      await looked.promise;
    },
    async end() {
      await looked.promise;
      stop.abort();
      look();
      await running;
    },
  };
}

const words = (statements: readonly NamespaceStatement[] = []) =>
  statements.map((one) => `${one.what} ${one.what === 'listed' ? one.namespaces.join(',') : one.namespace}`);

test('[BR-AP-029] all namespaces are told after the first list, then each step; what was not taken is told again in its order', async () => {
  const telling = start();
  await telling.look();
  assert.deepEqual(telling.told, [], 'nothing is known before the first list');
  telling.copy.replace(WHOLE, listOf(namespace('shop'), namespace('cart')), 0);
  await telling.look();
  assert.deepEqual(words(telling.told[0]), ['listed shop,cart', 'present shop', 'present cart']);

  telling.fail(1);
  telling.copy.put(WHOLE, namespace('shop', { env: 'prod' }), 1);
  await telling.look();
  telling.copy.remove(WHOLE, '/cart', 2);
  await telling.look();
  await telling.end();
  assert.deepEqual(telling.told.slice(1).map(words), [['present shop', 'deleted cart']]);
  assert.deepEqual(telling.told[1], [
    { cluster: 'eu-1', what: 'present', namespace: 'shop', labels: { env: 'prod' }, uid: 'uid-shop' },
    { cluster: 'eu-1', what: 'deleted', namespace: 'cart', uid: 'uid-cart' },
  ]);
});

test('one that the hub never takes keeps no other back', async () => {
  const telling = start();
  const bad = namespace('cart', { bad: 'x' });
  telling.copy.replace(WHOLE, listOf(namespace('shop'), bad, namespace('blog')), 0);
  await telling.look();
  await telling.look();
  await telling.end();
  assert.deepEqual(words(telling.told.flat()), ['listed shop,cart,blog', 'present shop', 'present blog']);
});

test('a list that is not whole ends nobody: chosen namespaces, or some for which there was no room', async () => {
  const chosen = start({ scope: { kind: 'Namespace', namespace: 'shop' } });
  chosen.copy.replace({ kind: 'Namespace', namespace: 'shop' }, listOf(namespace('shop')), 0);
  await chosen.look();
  await chosen.end();
  assert.deepEqual(words(chosen.told[0]), ['present shop']);

  const small = start({ maxBytes: 500 });
  small.copy.replace(WHOLE, listOf(namespace('shop'), namespace('cart'), namespace('blog')), 0);
  assert.ok(small.copy.state(WHOLE).leftOut > 0);
  await small.look();
  await small.end();
  assert.deepEqual(words(small.told[0]), ['present shop']);
});
