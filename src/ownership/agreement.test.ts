import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openSqliteStore } from '../store/sqlite/store.ts';
import { createAgreement } from './agreement.ts';

const TTL_MS = 9_000;

async function openShared(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-agreement-'));
  const store = await openSqliteStore({ path: join(folder, 'store.db') });
  t.after(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const groups: { signature: string | undefined } = { signature: undefined };
  /** A node that looks and holds what goes with the answer. */
  const addNode = (node: string, routes: string) => {
    const own = { routes };
    const agreement = createAgreement({
      store,
      node,
      signature: () => own.routes,
      stored: async () => groups.signature,
      ttlMs: TTL_MS,
    });
    let held: readonly string[] = [];
    const look = async (): Promise<boolean> => {
      const { mayProcess, names } = await agreement.look();
      await store.releaseLeases(
        node,
        held.filter((name) => !names.includes(name)),
      );
      await store.takeLeases(node, names, TTL_MS);
      held = names;
      return mayProcess;
    };
    return { own, look, waitsFor: agreement.waitsFor };
  };
  return { groups, addNode };
}

test('nodes that route as the groups were made all process', async (t) => {
  const { groups, addNode } = await openShared(t);
  const a = addNode('a', 'old');
  assert.equal(await a.look(), true);
  groups.signature = 'old';
  assert.equal(await addNode('b', 'old').look(), true);
});

test('[BR-REL-005] a node with new routes stands aside until the last one with the old routes has changed; then one of them regroups', async (t) => {
  const { groups, addNode } = await openShared(t);
  groups.signature = 'old';
  const [a, b] = [addNode('a', 'old'), addNode('b', 'old')];
  await a.look();
  await b.look();
  a.own.routes = 'new';
  assert.equal(await a.look(), false);
  assert.match(a.waitsFor()!, /other routes/);
  assert.equal(await b.look(), true);
  b.own.routes = 'new';
  // Its own lease of the old routes does not count.
  assert.equal(await b.look(), true);
  assert.equal(await a.look(), false);
  assert.match(a.waitsFor()!, /brings the groups in line/);
  groups.signature = 'new';
  assert.equal(await a.look(), true);
  assert.equal(a.waitsFor(), undefined);
});
